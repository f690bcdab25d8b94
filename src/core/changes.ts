import { isDeepStrictEqual } from 'node:util';
import { AppError } from './errors.ts';

/** A write that found everything as it asks for. It is refused, so that nobody is told that something was done. */
export class UnchangedError extends AppError {
  constructor(fields: readonly string[] = []) {
    super({
      code: 'request.unchanged',
      status: 409,
      message: 'Everything stands as it was sent already; nothing was changed.',
      details: { fields: [...fields] },
    });
  }
}

/** Somebody changed it since its changer read it. What stands there now is told with the refusal (`present`). */
export class StaleError extends AppError {}

/** Fields of `wanted` that differ from what is there; what is left out or undefined is not wanted. */
export function changedFields(present: object, wanted: object): string[] {
  const has = present as Readonly<Record<string, unknown>>;
  return Object.entries(wanted)
    .filter(([field, value]) => value !== undefined && !isDeepStrictEqual(has[field], value))
    .map(([field]) => field);
}

/** What a field was and becomes. */
export interface Change {
  from: unknown;
  to: unknown;
}

/** For the audit: each field of `wanted` that differs, as it was and as it becomes. */
export function changesBetween(present: object, wanted: object): Record<string, Change> {
  const [from, to] = [present, wanted] as Readonly<Record<string, unknown>>[];
  return Object.fromEntries(
    changedFields(present, wanted).map((field) => [
      field,
      { from: from?.[field] ?? null, to: to?.[field] },
    ]),
  );
}

/** Throws `request.unchanged` when nothing of `wanted` differs from what is there. */
export function mustChange(present: object, wanted: object): void {
  if (changedFields(present, wanted).length === 0) throw new UnchangedError(Object.keys(wanted));
}

/** The same members, in whatever order. */
export function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return isDeepStrictEqual([...new Set(one)].sort(), [...new Set(other)].sort());
}
