import type { PhoneKind } from '../../../contract/agents/agents.ts';
import type { Clock } from '../../../core/clock.ts';
import { messageOf } from '../../../core/errors.ts';
import { newId } from '../../../core/ids.ts';
import type { Log } from '../../../core/log.ts';
import {
  hangUpLeg,
  LegFailedError,
  ring as ringTelephone,
  type Call,
  type Endpoint,
  type Leg,
} from '../../../cti/index.ts';
import type { OfferKind, OfferResult } from '../../../db/schema.ts';
import type { Seat } from '../sessions/seat.ts';
import type { QueueStore } from './queue-store.ts';
import { ignore } from '../../../core/ignore.ts';

/** Why the end of an offer may fail to be written. */
const offerRow = 'an offer without an end is closed when its call ends';

/** A telephone that rings for a call. */
export interface Ring {
  readonly offerId: string;
  readonly callId: string;
  readonly staffId: string;
  readonly queueId: string | null;
  readonly kind: OfferKind;
  readonly fromStaffId: string | null;
  readonly offeredAt: Date;
  readonly expiresAt: Date;
}

export interface RingOptions {
  call: Call;
  seat: Seat;
  queueId: string | null;
  kind: OfferKind;
  fromStaffId: string | null;
  expiresAt: Date;
  endpoint: Endpoint;
  /** The order to ring has been written to the switch. */
  onSent?: () => void;
  onAnswered: (ring: Ring, leg: Leg) => void;
  onMissed: (ring: Ring, result: Missed) => void;
}

/** `withdrawn`: what came of it was told to nobody, see `LOST_WHILE_DISCONNECTED`; who withdraws one knows it. */
export type Missed = Exclude<OfferResult, 'accepted'>;

/**
 * How long an agent who did not take a call is left alone with that caller. Who did not answer is on
 * a break until they say that they are back, and then the caller has waited long enough; a page that was
 * loaded anew is back within a moment.
 */
export const restMs = { declined: 30_000, no_answer: 0, unreachable: 2000, withdrawn: 0 } as const;

export interface RingingParts {
  store: QueueStore;
  clock: Clock;
  log: Log;
}

interface Live {
  ring: Ring;
  options: RingOptions;
  leg: Leg | undefined;
  isOver: boolean;
}

/** Rings agents' telephones and tells what came of it. One offer an agent at a time. */
export class Ringing {
  readonly #parts: RingingParts;
  readonly #live = new Map<string, Live>();

  constructor(parts: RingingParts) {
    this.#parts = parts;
  }

  /** What an agent is offered now. */
  of(staffId: string): Ring | undefined {
    return this.#live.get(staffId)?.ring;
  }

  start(options: RingOptions): Ring {
    const { call, seat, queueId, kind, fromStaffId, expiresAt } = options;
    const ring: Ring = {
      offerId: newId(),
      callId: call.id,
      staffId: seat.staffId,
      queueId,
      kind,
      fromStaffId,
      offeredAt: this.#parts.clock.now(),
      expiresAt,
    };
    const live: Live = { ring, options, leg: undefined, isOver: false };
    this.#live.set(seat.staffId, live);
    call.record('offer.made', { staffId: seat.staffId, offer: kind });
    void this.#ring(live, options).catch((error: unknown) => {
      this.#parts.log.error({ err: error, callId: call.id }, 'offer failed');
      this.#end(live, 'unreachable');
    });
    return ring;
  }

  async #ring(live: Live, options: RingOptions): Promise<void> {
    const { call, seat, endpoint, expiresAt, onSent } = options;
    const { ring } = live;
    const { store, clock } = this.#parts;
    // Written before it rings: after a crash the row says that a telephone rang, and for whom.
    const written = store.offer({
      id: ring.offerId,
      callId: ring.callId,
      staffId: ring.staffId,
      queueId: ring.queueId,
      kind: ring.kind,
      fromStaffId: ring.fromStaffId,
      expiresAt,
    });
    // A database that is away makes no telephone unreachable.
    const before = written.catch((error: unknown) => {
      this.#parts.log.error({ reason: messageOf(error) }, 'offer not written');
    });
    const ringMs = expiresAt.getTime() - clock.now().getTime();
    live.leg = ringTelephone(call, {
      role: 'agent',
      endpoint,
      shownNumber: shownNumber(call, endpoint),
      ringSec: Math.max(1, Math.round(ringMs / 1000)),
      data: { staff: seat.staffId, queue: ring.queueId ?? '' },
      before,
      isWanted: () => !live.isOver,
      onSent,
    });
    const { leg } = live;
    try {
      await leg.answered;
    } catch (error) {
      this.#end(live, missedOffer(causeOf(error), seat.phone));
      return;
    }
    if (live.isOver) {
      await hangUpLeg(leg);
      return;
    }
    live.isOver = true;
    this.#live.delete(ring.staffId);
    void ignore(store.endOffer(ring.offerId, 'accepted'), offerRow);
    live.options.call.record('offer.accepted', { staffId: ring.staffId });
    live.options.onAnswered(ring, leg);
  }

  #end(live: Live, result: Missed): void {
    if (live.isOver) return;
    live.isOver = true;
    this.#live.delete(live.ring.staffId);
    void ignore(this.#parts.store.endOffer(live.ring.offerId, result), offerRow);
    const kind = result === 'no_answer' ? 'offer.expired' : `offer.${result}`;
    live.options.call.record(kind, { staffId: live.ring.staffId });
    live.options.onMissed(live.ring, result);
  }

  /** The agent says no on the screen. */
  async decline(staffId: string): Promise<void> {
    const live = this.#live.get(staffId);
    if (live === undefined) return;
    this.#end(live, 'declined');
    if (live.leg !== undefined) await hangUpLeg(live.leg);
  }

  /** Their telephone says that it cannot ring any more. */
  async lose(staffId: string): Promise<void> {
    const live = this.#live.get(staffId);
    if (live === undefined) return;
    this.#end(live, 'unreachable');
    if (live.leg !== undefined) await hangUpLeg(live.leg);
  }

  /** The caller has left, or another telephone was faster. */
  async withdraw(staffId: string): Promise<void> {
    const live = this.#live.get(staffId);
    if (live === undefined) return;
    live.isOver = true;
    this.#live.delete(staffId);
    void ignore(this.#parts.store.endOffer(live.ring.offerId, 'withdrawn'), offerRow);
    if (live.leg !== undefined) await hangUpLeg(live.leg);
  }
}

/** Whoever withheld their number is known to us, and shown to no telephone beyond our own (RFC 3325 section 7). */
function shownNumber(
  { callerNumber, isNumberPrivate }: Call,
  { kind }: Endpoint,
): string | undefined {
  return kind === 'user' || !isNumberPrivate ? callerNumber : undefined;
}

function causeOf(error: unknown): string {
  return error instanceof LegFailedError ? error.hangupCause : '';
}

/** What a failure to bring the leg up says of the agent. Pure. */
export function missedOffer(cause: string, phone: PhoneKind): Missed {
  if (['NO_ANSWER', 'ALLOTTED_TIMEOUT'].includes(cause)) return 'no_answer';
  // A page that is closed or loaded anew, or has no microphone, says 480; a desk phone does so after its own time.
  if (cause === 'NO_USER_RESPONSE') return phone === 'browser' ? 'unreachable' : 'no_answer';
  if (['USER_BUSY', 'CALL_REJECTED'].includes(cause)) return 'declined';
  if (cause === 'LOST_WHILE_DISCONNECTED') return 'withdrawn';
  return 'unreachable';
}
