import type { EslEvent } from '../esl/connection.ts';
import { isPacked, pack, unpack } from './packing.ts';

/** Ids and numbers are shorter. */
const longestPlain = 60;

/** Names and values of the recovery data on the switch: `lt_<name>`, base64url of UTF-8, long ones packed. */
export function encodeVariable(value: string): string {
  return value.length > longestPlain ? pack(value) : Buffer.from(value).toString('base64url');
}

export function decodeVariable(value: string): string {
  return isPacked(value) ? unpack(value) : Buffer.from(value, 'base64url').toString('utf8');
}

/** `variable_x` headers of an event or a dump, without the prefix. */
export function variablesOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('variable_') && typeof value === 'string') {
      found[name.slice('variable_'.length)] = value;
    }
  }
  return found;
}

/** For `uuid_setvar_multi`, whose separator is `;`. */
export function assignments(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      if (!/^\w+$/.test(name) || /[;'\\\r\n]/.test(value)) {
        throw new Error(`channel variable ${name} holds what its command cannot carry`);
      }
      return `${name}=${value}`;
    })
    .join(';');
}

/** A path as one argument of an application. */
export function quotedPath(path: string): string {
  if (/['!\r\n]/.test(path)) {
    throw new Error("the data folder's path must not hold ' or !, the switch cannot read it");
  }
  return `'${path}'`;
}

/** The other leg of a CHANNEL_BRIDGE or CHANNEL_UNBRIDGE. */
export function otherOf(event: EslEvent, legId: string): string | undefined {
  const pair = [event['Bridge-A-Unique-ID'], event['Bridge-B-Unique-ID']];
  return pair.find((one) => one !== undefined && one !== legId) ?? event['Other-Leg-Unique-ID'];
}

/** The user part of a Refer-To (`"Li" <sip:agent5@example.com>`), as it was dialled. */
export function referTarget(referTo: string): string {
  const user = /sips?:([^@;>?]{1,256})/i.exec(referTo)?.[1] ?? '';
  try {
    return decodeURIComponent(user);
  } catch (error) {
    if (error instanceof URIError) return user;
    throw error;
  }
}
