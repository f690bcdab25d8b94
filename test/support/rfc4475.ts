import { readFileSync } from 'node:fs';

/**
 * The 49 messages of RFC 4475, byte for byte: each a list of what stands between CR LF, a character a byte. Of
 * `baddn` the empty line behind its headers is added.
 */
const lines = JSON.parse(
  readFileSync(new URL('../fixtures/rfc4475.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly string[]>>;

export interface Torture {
  name: string;
  bytes: Buffer;
  /** What the parser says: that it is a request or a response, or the status that it is refused with. */
  parsed: 'request' | 'response' | number;
  /** Final responses of the switch over UDP; none where it is dropped. */
  udp: readonly number[];
  /** The same over TCP, where a stream that cannot be cut into messages is closed. */
  tcp: readonly (number | 'closed')[];
}

type Row = [name: string, parsed: Torture['parsed'], udp: number[], tcp?: Torture['tcp']];

/** Calls to `user@example.com` are no hotline of ours: who dials that is asked for a password (407). */
const rows: readonly Row[] = [
  // Section 3.1.1: valid, however they look.
  ['wsinv', 'request', [481]],
  ['intmeth', 'request', [405]],
  ['esc01', 'request', [407]],
  // Valid, and refused: NUL has no place in a number or a name of ours.
  ['escnull', 'request', [400]],
  ['esc02', 'request', [405]],
  ['lwsdisp', 'request', [200]],
  ['longreq', 'request', [407]],
  ['dblreq', 'request', [401], [401, 407, 'closed']],
  ['semiuri', 'request', [200]],
  ['transports', 'request', [200]],
  ['mpart01', 'request', [405]],
  ['unreason', 'response', []],
  ['noreason', 'response', []],
  // Section 3.1.2: invalid; those with a wrong date, blanks or commas in addresses may be let through.
  ['badinv01', 'request', [400]],
  ['clerr', 400, [400], ['closed']],
  ['ncl', 400, [400], ['closed']],
  ['scalar02', 'request', [400]],
  ['scalarlg', 'response', []],
  ['quotbal', 'request', [400]],
  ['ltgtruri', 400, [400]],
  ['lwsruri', 400, [400]],
  ['lwsstart', 400, [400]],
  ['trws', 400, [400]],
  ['escruri', 'request', [400]],
  ['baddate', 'request', [407]],
  // Whoever has not proved who it is learns no more; the registrar itself says 400.
  ['regbadct', 'request', [401]],
  ['badaspec', 'request', [200]],
  ['baddn', 'request', [200]],
  ['badvers', 505, [505]],
  ['mismatch01', 'request', [400]],
  ['mismatch02', 'request', [400]],
  ['bigcode', 400, [], ['closed']],
  // Sections 3.2 to 3.4: transactions, applications, and the telephones of RFC 2543.
  ['badbranch', 'request', [200]],
  ['insuf', 'request', [400]],
  ['unkscm', 'request', [416]],
  ['novelsc', 'request', [416]],
  ['unksm2', 'request', [400]],
  ['bext01', 'request', [420]],
  ['invut', 'request', [415]],
  ['regaut01', 'request', [401]],
  ['multi01', 'request', [400]],
  ['mcl01', 400, [400], ['closed']],
  ['bcast', 'response', []],
  ['zeromf', 'request', [200]],
  ['cparam01', 'request', [401]],
  ['cparam02', 'request', [401]],
  ['regescrt', 'request', [401]],
  ['sdp01', 'request', [406]],
  // Without Content-Length its description is no message of a stream.
  ['inv2543', 'request', [407], [407, 'closed']],
];

export const tortures: readonly Torture[] = rows.map(([name, parsed, udp, tcp = udp]) => ({
  ...{ name, parsed, udp, tcp },
  bytes: Buffer.from((lines[name] ?? []).join('\r\n'), 'latin1'),
}));

export function torture(name: string): Torture {
  const found = tortures.find((one) => one.name === name);
  if (found === undefined) throw new Error(`RFC 4475 has no message ${name}`);
  return found;
}
