import { hangUpLeg, type Call, type Endpoint, type Leg } from '../../../cti/index.ts';
import type { Latencies } from '../../../core/latencies.ts';
import type { OfferKind } from '../../../db/schema.ts';
import type { Seat } from '../sessions/seat.ts';
import type { Seats } from '../sessions/seats.ts';
import type { WaitingCaller } from '../routing/index.ts';
import { ringColleague, type ColleagueOptions } from './ring-colleague.ts';
import type { Missed, Ring, Ringing } from './ringing.ts';

export interface OffersParts {
  seats: Seats;
  ringing: Ringing;
  endpointOf: (seat: Seat) => Endpoint;
  latencies: Latencies;
  /** What these agents are offered has changed. */
  onChange: (staffIds: readonly string[]) => void;
  onAnswered: (ring: Ring, leg: Leg) => void;
  onMissed: (ring: Ring, result: Missed) => void;
}

/** A waiting caller for whom an agent's telephone is to ring. */
export interface QueueOffer {
  call: Call;
  caller: WaitingCaller;
  queueId: string;
  seat: Seat;
  /** Who sent them on; null for those who come by themselves. */
  fromStaffId: string | null;
  expiresAt: Date;
}

/** What brought decisions about: somebody came, or somebody is free. */
export interface Cause {
  callId?: string;
  staffId?: string;
  since: number;
}

/** Which agents are offered which caller now. */
export class Offers {
  readonly #parts: OffersParts;

  constructor(parts: OffersParts) {
    this.#parts = parts;
  }

  /** What an agent is offered. */
  of(staffId: string): Ring | undefined {
    return this.#parts.ringing.of(staffId);
  }

  /** Whether somebody's telephone rings for that caller. */
  isOffered(callId: string): boolean {
    return this.agentsOf(callId).length > 0;
  }

  /** Whose telephones ring for that caller. */
  agentsOf(callId: string): string[] {
    const { seats, ringing } = this.#parts;
    return seats.all
      .map((seat) => seat.staffId)
      .filter((staffId) => ringing.of(staffId)?.callId === callId);
  }

  /** Rings an agent's telephone for a caller of a queue. */
  make(offer: QueueOffer, cause: Cause | undefined): void {
    const { seats, ringing, endpointOf, latencies, onAnswered, onMissed } = this.#parts;
    const { call, caller, queueId, seat, fromStaffId, expiresAt } = offer;
    const { staffId } = seat;
    if (cause?.callId === call.id) latencies.popBegins(staffId, cause.since);
    const isFreed = cause?.staffId === staffId;
    ringing.start({
      ...{ call, seat, queueId, fromStaffId, expiresAt, onAnswered, onMissed },
      kind: kindOf(caller, staffId, fromStaffId),
      endpoint: endpointOf(seat),
      ...(isFreed ? { onSent: () => latencies.offerSent(cause.since) } : {}),
    });
    seats.engage(staffId, 'offered', call.id);
    void call.update({ state: 'offered' });
  }

  /** See `ringColleague`. */
  ringColleague(options: ColleagueOptions, signal: AbortSignal): Promise<Leg> {
    const { seats, ringing, endpointOf } = this.#parts;
    const onChange = (staffId: string): void => this.#parts.onChange([staffId]);
    return ringColleague({ seats, endpointOf, ringing, onChange }, options, signal);
  }

  /** The caller is not offered any more. */
  withdrawAll(callId: string, except?: string): void {
    const { seats, ringing, onChange } = this.#parts;
    for (const staffId of this.agentsOf(callId)) {
      if (staffId === except) continue;
      void ringing.withdraw(staffId);
      if (seats.get(staffId)?.callId === callId) seats.engage(staffId, 'idle', null);
      onChange([staffId]);
    }
  }

  async decline(staffId: string): Promise<void> {
    await this.#parts.ringing.decline(staffId);
  }

  /** Their telephone has gone, or has no microphone: what rings there is offered again, also to them. */
  async phoneGone(staffId: string): Promise<void> {
    await this.#parts.ringing.lose(staffId);
  }

  /** An agent who answered a caller that left in the same instant. */
  tooLate({ staffId }: Ring, leg: Leg): void {
    void hangUpLeg(leg);
    this.#parts.seats.engage(staffId, 'idle', null);
  }
}

function kindOf(caller: WaitingCaller, staffId: string, fromStaffId: string | null): OfferKind {
  if (caller.isEmergency) return 'emergency';
  if (fromStaffId !== null) return 'transfer';
  const isReturn = caller.preferred.some((one) => one.staffId === staffId && one.kind === 'return');
  return isReturn ? 'return' : 'queue';
}
