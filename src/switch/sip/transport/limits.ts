import { Type, type Static } from 'typebox';
import type { Log } from '../../../core/log.ts';
import { TokenBuckets } from './guards.ts';

const count = (minimum = 1) => Type.Integer({ minimum });

/** What one address may do; docs/settings.md says why each is so. */
export const sipLimitsSchema = Type.Object({
  /** New calls a second from an address that is neither a trunk nor has a registered telephone. */
  callsPerSecond: count(),
  /** The same for trunks and addresses with registered telephones. */
  trunkCallsPerSecond: count(),
  /** Calls of one such stranger's address at a time. */
  liveCalls: count(),
  /** Calls of one address, a trunk's too, that are not answered and acknowledged yet. */
  unconfirmedCalls: count(),
  /** Connections of one address on which nobody has logged in. */
  connections: count(),
  /** Messages a second from one address, of any kind; more are dropped unread. */
  messagesPerSecond: count(),
  /** What trunks and addresses with registered telephones may send besides. */
  trunkMessagesPerSecond: count(),
  /** Requests of one stranger's address that are kept, each for 32 s after its answer. */
  transactions: count(),
  /** A connection's first message, and each that was begun, must be whole after so long. */
  unfinishedSec: Type.Number({ minimum: 0.05 }),
  /** A connection without log-in and without a call is closed when nothing came for so long. */
  idleSec: Type.Number({ minimum: 0.05 }),
  /** Wrong passwords for one user from one address that are checked at once; then one a second. */
  wrongPasswords: count(),
});

export type SipLimits = Static<typeof sipLimitsSchema>;

export const defaultSipLimits: SipLimits = {
  callsPerSecond: 30,
  trunkCallsPerSecond: 100,
  liveCalls: 200,
  unconfirmedCalls: 120,
  connections: 50,
  messagesPerSecond: 300,
  trunkMessagesPerSecond: 3000,
  transactions: 2000,
  unfinishedSec: 10,
  idleSec: 120,
  wrongPasswords: 60,
};

/** Of an agent that is a telephone itself, and not a switch that strangers reach. */
export const noSipLimits: SipLimits = {
  ...defaultSipLimits,
  callsPerSecond: 1_000_000,
  trunkCallsPerSecond: 1_000_000,
  liveCalls: 1_000_000,
  unconfirmedCalls: 1_000_000,
  messagesPerSecond: 1_000_000,
  trunkMessagesPerSecond: 1_000_000,
  transactions: 1_000_000,
};

/** Seconds' worth of calls that may come at once. */
export const callBurstSec = 3;

/** Why something was refused or dropped; the label of `lingting_switch_refused_total`. */
export type RefusalReason =
  | 'call_rate'
  | 'live_calls'
  | 'unconfirmed_calls'
  | 'sessions'
  | 'unknown_dialog'
  | 'foreign_request'
  | 'connections'
  | 'unfinished'
  | 'idle'
  | 'login'
  | 'message_rate'
  | 'transactions'
  | 'overload'
  | 'too_long'
  | 'malformed'
  | 'origin'
  | 'event_socket_login'
  | 'event_socket_clients';

/** A source that goes on and on is told of once in this time. */
const sayEveryMs = 60_000;

/** Counts what the limits refuse, and says so in the log, not more than once a minute for a source. */
export class Refusals {
  readonly #log: Log;
  readonly #counts = new Map<RefusalReason, number>();
  readonly #said = new TokenBuckets({ perSecond: 1000 / sayEveryMs, burst: 1 });

  constructor(log: Log) {
    this.#log = log;
  }

  count(reason: RefusalReason, source: string): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    if (!this.#said.take(`${reason} ${source}`)) return;
    this.#log.warn({ reason, from: source }, 'limit of one source address reached');
  }

  /** By reason, since the start. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
