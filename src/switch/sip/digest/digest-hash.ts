import { createHash } from 'node:crypto';
import { parseParams } from '../message/headers.ts';
import { splitOutside } from '../message/message.ts';

/** HTTP digest for SIP: MD5 and SHA-256, qop=auth (RFC 3261 section 22, RFC 7616, RFC 8760). */
export type DigestAlgorithm = 'SHA-256' | 'MD5';

/** The preferred one first. */
export const digestAlgorithms: readonly DigestAlgorithm[] = ['SHA-256', 'MD5'];

export interface Credentials {
  username: string;
  password: string;
}

const hashNames = { 'SHA-256': 'sha256', MD5: 'md5' } as const;

export function digestHash(algorithm: DigestAlgorithm, text: string): string {
  return createHash(hashNames[algorithm]).update(text).digest('hex');
}

/** Of an `algorithm` parameter, which is MD5 where it is left out; undefined for those that we do not know. */
export function algorithmOf(text: string | undefined): DigestAlgorithm | undefined {
  const name = (text ?? 'MD5').toUpperCase();
  return digestAlgorithms.find((one) => one === name);
}

/** What stands for a password (RFC 3261 section 22.4). */
export function ha1Of(
  { username, password }: Credentials,
  realm: string,
  algorithm: DigestAlgorithm = 'MD5',
): string {
  return digestHash(algorithm, `${username}:${realm}:${password}`);
}

/** Parses `Digest a="b", c=d`; undefined when it is another scheme. */
export function parseDigest(value: string | undefined): Map<string, string> | undefined {
  const text = (value ?? '').trimStart();
  if (!/^digest[ \t]/i.test(text)) return undefined;
  const params = new Map<string, string>();
  for (const part of splitOutside(text.slice(7), ',')) {
    for (const [name, given] of parseParams(part)) if (!params.has(name)) params.set(name, given);
  }
  return params;
}

export interface DigestInput {
  algorithm?: DigestAlgorithm;
  ha1: string;
  nonce: string;
  method: string;
  uri: string;
  /** Absent for servers of RFC 2069. */
  qop?: { nc: string; cnonce: string };
}

export function digestResponse(input: DigestInput): string {
  const { ha1, nonce, qop, algorithm = 'MD5' } = input;
  const ha2 = digestHash(algorithm, `${input.method}:${input.uri}`);
  if (qop === undefined) return digestHash(algorithm, `${ha1}:${nonce}:${ha2}`);
  return digestHash(algorithm, `${ha1}:${nonce}:${qop.nc}:${qop.cnonce}:auth:${ha2}`);
}
