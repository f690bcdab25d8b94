import { AppError } from '../../core/errors.ts';

/** Deeper than anything that the contract describes; a recursion over it cannot overflow. */
const maxDepth = 32;

export class RequestInvalidError extends AppError {
  constructor(field: string, message: string) {
    super({ code: 'request.invalid', status: 400, message, details: { field } });
  }
}

/**
 * Where text stands that no database column can hold, such as `phones.0.number`: NUL (Postgres has
 * no such character), or half of a surrogate pair (not Unicode). Undefined when there is none.
 * Linear in the size of the value.
 */
export function unstorableField(value: unknown): string | undefined {
  return find(value, [])?.join('.');
}

function find(value: unknown, path: string[]): string[] | undefined {
  if (typeof value === 'string') return isStorable(value) ? undefined : path;
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return undefined;
  if (path.length >= maxDepth) return path;
  for (const [key, inner] of Object.entries(value)) {
    const found = isStorable(key) ? find(inner, [...path, key]) : path;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text);
}

/** Letters, digits or signs: not only blanks, marks of direction and the like. */
export function hasWords(text: string): boolean {
  return /[^\p{White_Space}\p{C}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u.test(text);
}
