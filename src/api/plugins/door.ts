import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import Format, { IsDate, IsDateTime } from 'typebox/format';
import { AppError } from '../../core/errors.ts';
import type { Server } from '../api.types.ts';
import { hasTooManyValues, hasWords, RequestInvalidError, unstorableField } from './texts.ts';

/** Years that every part of the service and its database can hold and print. */
const firstYear = 1900;
const lastYear = 9998;

/** A day of the calendar (RFC 3339 full-date): 2026-02-30 is none. */
export function isCalendarDay(text: string): boolean {
  const year = Number(text.slice(0, 4));
  return IsDate(text) && year >= firstYear && year <= lastYear;
}

/** A time that exists, with its zone (RFC 3339 date-time), without the annotations of RFC 9557. */
export function isInstant(text: string): boolean {
  if (text.length > 40 || text.includes('[') || !IsDateTime(text)) return false;
  const year = new Date(text).getUTCFullYear();
  return year >= firstYear && year <= lastYear;
}

Format.Set('date', isCalendarDay);
Format.Set('date-time', isInstant);
Format.Set('words', hasWords);

type Compiler = typeof TypeBoxValidatorCompiler;

/**
 * Checks requests by their schemas, the same for every route. Beyond what a schema says: text of a body
 * that must not be empty must not be blank either.
 */
export const doorValidatorCompiler: Compiler = (route) => {
  let validate: ReturnType<Compiler> | undefined;
  // Made for the first request: hundreds of them would lengthen every start.
  return (...given) => {
    validate ??= TypeBoxValidatorCompiler(
      route.httpPart === 'body'
        ? { ...route, schema: withWords(route.schema) as typeof route.schema }
        : route,
    );
    return validate(...given);
  };
};

/** A copy in which every text with a `minLength`, and nothing else that says how it looks, has words. */
function withWords(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withWords);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, inner]) => [key, withWords(inner)]),
  );
  const {
    type,
    minLength = 0,
    format,
    pattern,
  } = copy as {
    type?: unknown;
    minLength?: number;
    format?: string;
    pattern?: string;
  };
  const isFree = type === 'string' && format === undefined && pattern === undefined;
  return isFree && minLength > 0 ? { ...copy, format: 'words' } : copy;
}

class EncodedError extends AppError {
  constructor(encoding: string) {
    super({
      code: 'request.encoded',
      status: 415,
      message: `Send the body as it is: Content-Encoding ${encoding} is not taken, only identity.`,
      details: { field: 'Content-Encoding' },
    });
  }
}

/** Refuses text that cannot be kept, wherever it stands in a request; bodies are JSON alone, not compressed. */
export function installDoor(server: Server): void {
  // A page of another site may send text/plain without being asked (CORS, "simple requests").
  server.removeContentTypeParser('text/plain');
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    const body = String(text);
    if (hasTooManyValues(body)) done(new RequestInvalidError('', refusal('')));
    else void parseJson(request, body, done);
  });
  // Clients name a type by habit even for a body of no bytes; there is nothing to read then.
  server.addHook('onRequest', ({ headers }, _reply, done) => {
    if (headers['content-length'] === '0' && headers['transfer-encoding'] === undefined) {
      delete headers['content-type'];
    }
    const encoding = headers['content-encoding']?.trim() ?? 'identity';
    if (/^(identity)?$/i.test(encoding)) done();
    else done(new EncodedError(encoding.slice(0, 40)));
  });
  server.addHook('preValidation', (request, _reply, done) => {
    const { body, query, params } = request;
    const field =
      unstorableField(body) ?? unstorableField(query) ?? unstorableField(params) ?? undefined;
    if (field === undefined) done();
    else done(new RequestInvalidError(field, refusal(field)));
  });
}

function refusal(field: string): string {
  const what = field === '' ? 'The request' : field;
  return `${what} holds a character that cannot be kept (NUL, or half of a pair), is nested too deep, or has too many values; leave it out.`;
}
