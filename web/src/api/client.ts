/** One way to the REST API: JSON in and out, errors as `Problem`, writes with an idempotency key. */

import { randomId } from '../shared/browser/random-id.ts';
import type { AnswerOf, Given, ItemOf, KeyOf, ListPath, PathOf } from './routes.ts';

/** RFC 9457 as the service answers it. */
export class Problem extends Error {
  readonly status: number;
  /** Stable, e.g. `session.missing`; `network` when the service could not be reached. */
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(status: number, code: string, detail: string, details: Record<string, unknown> = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

let onUnauthorised: () => void = () => undefined;

/** Called when the service says that the session has ended. */
export function whenUnauthorised(listener: () => void): void {
  onUnauthorised = listener;
}

/** Paths, requests and answers have the types of src/contract/routes.ts. */
export const api = {
  get: <Path extends PathOf<'GET'>>(path: Path, ...[request]: Given<KeyOf<'GET', Path>>) =>
    send<AnswerOf<KeyOf<'GET', Path>>>('GET', path, request),
  post: <Path extends PathOf<'POST'>>(path: Path, ...[request]: Given<KeyOf<'POST', Path>>) =>
    send<AnswerOf<KeyOf<'POST', Path>>>('POST', path, { body: {}, ...request }),
  put: <Path extends PathOf<'PUT'>>(path: Path, ...[request]: Given<KeyOf<'PUT', Path>>) =>
    send<AnswerOf<KeyOf<'PUT', Path>>>('PUT', path, { body: {}, ...request }),
  patch: <Path extends PathOf<'PATCH'>>(path: Path, ...[request]: Given<KeyOf<'PATCH', Path>>) =>
    send<AnswerOf<KeyOf<'PATCH', Path>>>('PATCH', path, { body: {}, ...request }),
  delete: <Path extends PathOf<'DELETE'>>(path: Path, ...[request]: Given<KeyOf<'DELETE', Path>>) =>
    send<AnswerOf<KeyOf<'DELETE', Path>>>('DELETE', path, request),
};

/** A list; for parts that show any of them. */
export function readList<Path extends ListPath>(path: Path, request: Request = {}) {
  return send<{ items: ItemOf<Path>[]; nextCursor?: string | null }>('GET', path, request);
}

/** Where something is, with its parameters filled in; for what is not JSON. */
export function addressOf<Path extends PathOf<'GET'>>(
  path: Path,
  ...[request]: Given<KeyOf<'GET', Path>>
): string {
  const { params, query }: Request = request ?? {};
  return `/api/v1${filled(path, params)}${queryText(query ?? {})}`;
}

interface Request {
  params?: Readonly<Record<string, string | number>>;
  query?: Query;
  body?: unknown;
  /** Of a write that is tried again: it is done once. */
  key?: string;
}

function filled(path: string, params: Request['params'] = {}): string {
  return path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
}

export function queryText(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

async function send<T>(method: string, path: string, request: Request = {}): Promise<T> {
  const { params, query = {}, body, key } = request;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method === 'POST') headers['idempotency-key'] = key ?? randomId();
  const reply = await fetch(`/api/v1${filled(path, params)}${queryText(query)}`, {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw new Problem(0, 'network', error instanceof Error ? error.message : String(error));
  });
  const text = await reply.text();
  const isJson = (reply.headers.get('content-type') ?? '').includes('json');
  const value: unknown = isJson && text !== '' ? JSON.parse(text) : undefined;
  if (reply.ok) return value as T;
  const problem = problemOf(reply.status, value);
  if (problem.code === 'session.missing') onUnauthorised();
  throw problem;
}

function problemOf(status: number, value: unknown): Problem {
  if (typeof value !== 'object' || value === null) return new Problem(status, `http.${status}`, '');
  const { code, detail, ...details } = value as Record<string, unknown>;
  return new Problem(
    status,
    typeof code === 'string' ? code : `http.${status}`,
    typeof detail === 'string' ? detail : '',
    details,
  );
}
