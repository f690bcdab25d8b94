import { Type, type TObject } from 'typebox';
import { Value } from 'typebox/value';
import { JobPayloadError } from './jobs.errors.ts';

const idPattern = '^[\\w.:-]{1,64}$';
/** The one kind of text that a payload may carry. */
export const idText = () => Type.String({ pattern: idPattern });

/** Throws `jobs.bad_payload` for a payload that could carry more than ids and whole numbers. */
export function checkIdsOnly(name: string, payload: TObject): void {
  for (const [field, schema] of Object.entries(payload.properties)) {
    const { type, pattern } = schema as { type?: string; pattern?: string };
    if (type === 'integer' || (type === 'string' && pattern === idPattern)) continue;
    throw new JobPayloadError(name, `${field} may only be an id or a whole number`);
  }
}

/** What is wrong with a payload, in words. */
export function faultOf(schema: TObject, payload: unknown): string {
  const [first] = Value.Errors(schema, payload);
  return first === undefined ? '' : `${first.instancePath} ${first.message}`;
}
