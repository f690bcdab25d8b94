/**
 * Seeded nonsense for SIP: messages by the grammar, with whatever telephones and attackers make of it.
 * `node --import tsx bench/fuzz/sip.ts [count] [seed]`. Reading refuses with `SipSyntaxError`, cutting a stream with
 * `FramingError`, and nothing else; what is answered is SIP again.
 */
import { infoKey } from '../../src/switch/legs/info-keys.ts';
import { contentRefusal } from '../../src/switch/sip/content.ts';
import { parseDigest } from '../../src/switch/sip/digest/digest-hash.ts';
import { Framer, FramingError } from '../../src/switch/sip/transport/framer.ts';
import {
  parseCSeq,
  parseNameAddress,
  parseRequestUri,
  parseVia,
  toParty,
} from '../../src/switch/sip/message/headers.ts';
import {
  headerOf,
  headersOf,
  parseMessage,
  salvageRequest,
  serialize,
  SipSyntaxError,
  tokensOf,
  type SipMessage,
  type SipRequest,
} from '../../src/switch/sip/message/message.ts';
import { referOf } from '../../src/switch/sip/session/referral.ts';
import { responseTo } from '../../src/switch/sip/transaction/server-transaction.ts';
import { answerTimer, isTooShort, leastOf } from '../../src/switch/sip/session/session-timer.ts';
import { responseAddress, stampVia } from '../../src/switch/sip/message/via.ts';
import { damaged, main, pieces, randomFrom, type Random } from './random.ts';
import { sipMessage } from './sip-grammar.ts';

export const protocol = 'sip';

export function generate(random: Random): Buffer {
  const bytes = Buffer.from(sipMessage(random));
  return random(4) === 0 ? damaged(random, bytes) : bytes;
}

const source = { transport: 'udp', host: '192.0.2.1', port: 5060 } as const;

/** Throws what a message broke; whether it was understood. */
export function read(bytes: Buffer): boolean {
  let message: SipMessage;
  try {
    message = parseMessage(bytes);
  } catch (error) {
    if (!(error instanceof SipSyntaxError)) throw error;
    const saved = salvageRequest(bytes);
    if (saved !== undefined) answer(saved, error.status);
    return false;
  }
  for (const [name, value] of message.headers) {
    if (/[\r\n]/.test(value) || name !== name.toLowerCase()) throw new Error(`header ${name}`);
  }
  const header = (name: string) => headerOf(message.headers, name) ?? '';
  const readers: (() => unknown)[] = [
    () => headersOf(message.headers, 'via').map(parseVia),
    () => parseCSeq(header('cseq')),
    () => toParty(parseNameAddress(header('from'))),
    () => toParty(parseNameAddress(header('to'))),
    () => headersOf(message.headers, 'contact').map(parseNameAddress),
    () => tokensOf(message.headers, 'require'),
    () => parseDigest(header('authorization')),
    () => isTooShort(message.headers) || answerTimer(message.headers),
    () => leastOf(message.headers),
    () => infoKey(header('content-type'), message.body),
  ];
  if (message.kind === 'request') {
    const request = message;
    readers.push(
      () => parseRequestUri(request.uri),
      () => referOf(request),
      () => contentRefusal(request),
      () => answer(request, 200),
    );
  }
  return readers.map(isRead).every((one) => one);
}

function isRead(reader: () => unknown): boolean {
  try {
    reader();
    return true;
  } catch (error) {
    if (error instanceof SipSyntaxError) return false;
    throw error;
  }
}

/** What would be sent back, as the layer makes it. */
function answer(request: SipRequest, status: number): void {
  let sent: Buffer;
  try {
    const stamped = stampVia(request, source);
    responseAddress(stamped, source);
    sent = serialize(responseTo(stamped, status, { tag: 'x' }));
  } catch (error) {
    if (error instanceof SipSyntaxError) return;
    throw error;
  }
  const [line, ...more] = sent.toString().split('\r\n');
  if (!/^SIP\/2\.0 \d{3} /.test(line ?? '') || more.at(-1) !== '') throw new Error('no response');
}

/** A stream of messages, cut anywhere. */
export function frame(chunks: readonly Buffer[]): Buffer[] {
  const framer = new Framer();
  const found: Buffer[] = [];
  try {
    for (const chunk of chunks) found.push(...framer.push(chunk));
  } catch (error) {
    if (!(error instanceof FramingError)) throw error;
  }
  return found;
}

/** Throws what a message broke; returns how many were understood. */
export function run(seed: number, count: number): number {
  const random = randomFrom(seed);
  let understood = 0;
  for (let index = 0; index < count; index += 1) {
    const bytes = generate(random);
    if (read(bytes)) understood += 1;
    if (index % 8 > 0) continue;
    for (const one of frame(pieces(random, Buffer.concat([bytes, generate(random)])))) read(one);
  }
  return understood;
}

main(import.meta.url, 'messages', run);
