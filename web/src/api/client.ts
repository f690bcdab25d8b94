/** One way to the REST API: JSON in and out, errors as `Problem`, writes with an idempotency key. */

import { randomId } from '../shared/browser/random-id.ts';

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

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

let onUnauthorised: () => void = () => undefined;

/** Called when the service says that the session has ended. */
export function whenUnauthorised(listener: () => void): void {
  onUnauthorised = listener;
}

export const api = {
  get: <T>(path: string, query: Query = {}) => send<T>('GET', path + queryText(query)),
  post: <T>(path: string, body: unknown = {}, key?: string) => send<T>('POST', path, body, key),
  put: <T>(path: string, body: unknown = {}) => send<T>('PUT', path, body),
  patch: <T>(path: string, body: unknown = {}) => send<T>('PATCH', path, body),
  delete: <T>(path: string) => send<T>('DELETE', path),
};

export function queryText(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, value]): [string, string][] =>
    value === undefined || value === null || value === '' ? [] : [[name, String(value)]],
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

async function send<T>(method: string, path: string, body?: unknown, key?: string): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (method === 'POST') headers['idempotency-key'] = key ?? randomId();
  const reply = await fetch(`/api/v1${path}`, {
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
