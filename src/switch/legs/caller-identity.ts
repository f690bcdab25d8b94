import { splitOutside } from '../sip/message/message.ts';
import type { TrunkList } from './trunk-list.ts';

/** What an INVITE says of its caller, and where it came from. */
export interface CallerClaim {
  source: { host: string; transport: string };
  /** The number of the account that a telephone proved to be; undefined for everybody else. */
  user: string | undefined;
  /** Of From. */
  number: string;
  name: string;
  /** Values of P-Asserted-Identity and of Privacy. */
  asserted: readonly string[];
  privacy: readonly string[];
}

export interface CallerIdentity {
  number: string;
  name: string;
  /** The trunk that vouches for the number; undefined when nobody does. */
  trunk: string | undefined;
  isPrivate: boolean;
}

/**
 * Who calls, as far as it may be believed. A telephone of ours calls under the number of its account. A carrier's
 * trunk, known by its address, may claim any number, and its P-Asserted-Identity counts more than From
 * (RFC 3325 section 9.1). A stranger's From is taken down as a claim, and nothing else of theirs is read.
 */
export function identityOf(claim: CallerClaim, trunks: TrunkList): CallerIdentity {
  if (claim.user !== undefined) {
    return {
      number: claim.user,
      name: claim.name || claim.user,
      trunk: undefined,
      isPrivate: false,
    };
  }
  // Browsers come by WebSocket, carriers never do: a page of any site can open one from this machine.
  const trunk = claim.source.transport === 'ws' ? undefined : trunks.at(claim.source.host);
  const stated = { number: claim.number, name: claim.name || claim.number };
  if (trunk === undefined) return { ...stated, trunk, isPrivate: false };
  return {
    ...(assertedIdentity(claim.asserted) ?? stated),
    trunk,
    isPrivate: asksForPrivacy(claim.privacy),
  };
}

/** The first asserted identity with a telephone number: one SIP URI, one tel URI, or both (RFC 3325 section 9.1). */
function assertedIdentity(values: readonly string[]): { number: string; name: string } | undefined {
  for (const value of values.flatMap((one) => splitOutside(one, ','))) {
    const number = numberOf(value);
    if (number !== undefined) return { number, name: nameOf(value) || number };
  }
  return undefined;
}

/** Visual separators of RFC 3966 are dropped, and so are parameters. */
function numberOf(value: string): string | undefined {
  const open = bracketOf(value);
  const close = value.indexOf('>', open + 1);
  const uri = (open < 0 ? value : value.slice(open + 1, close < 0 ? undefined : close)).trim();
  const match = /^(?:sips?|tel):([^@;?>\s]*)/i.exec(uri);
  const user = match?.[1]?.split(':')[0]?.replaceAll(/[-.()]/g, '') ?? '';
  return /^\+?\d{1,20}$/.test(user) ? user : undefined;
}

/** The display name in front of the angle bracket, with or without quotes. */
function nameOf(value: string): string {
  const open = bracketOf(value);
  const name = open < 0 ? '' : value.slice(0, open).trim();
  return name.startsWith('"') && name.endsWith('"') && name.length > 1
    ? name.slice(1, -1).replaceAll(/\\(.)/g, '$1')
    : name;
}

/** Where the URI's angle bracket opens; one in a quoted name is none. */
function bracketOf(value: string): number {
  let isQuoted = false;
  for (let at = 0; at < value.length; at += 1) {
    const char = value[at];
    if (isQuoted && char === '\\') at += 1;
    else if (char === '"') isQuoted = !isQuoted;
    else if (char === '<' && !isQuoted) return at;
  }
  return -1;
}

/** `id`, `header`, `user` and `critical` may stand together, parted by semicolons (RFC 3323 section 4.2). */
function asksForPrivacy(values: readonly string[]): boolean {
  const asked = values.flatMap((one) => one.toLowerCase().split(/[;,]/));
  return asked.some((one) => ['id', 'user', 'header'].includes(one.trim()));
}
