import type { QueueView } from '../../../contract/agents/queues.ts';
import type { Clock } from '../../../core/clock.ts';
import { whenAborted } from '../../../core/concurrency/wait.ts';
import type { Latencies } from '../../../core/latencies.ts';
import type { Log } from '../../../core/log.ts';
import type { Call, Leg } from '../../../cti/index.ts';
import { missedOfferReason, routingAgent, type Seat } from '../sessions/seat.ts';
import type { Seats } from '../sessions/seats.ts';
import {
  keepingPlace,
  RoutingIndex,
  type Decision,
  type QueueEntry,
  type WaitingCaller,
} from '../routing/index.ts';
import type { QueueCounts } from './figures.ts';
import type { QueueStore } from './queue-store.ts';
import { Offers, type Cause } from './offers.ts';
import { knownNumber } from '../../../property/index.ts';
import { Callbacks, inPlaceOf } from './callbacks.ts';
import { Ringing, restMs, type Missed, type Ring } from './ringing.ts';
import { strandedCallers } from './stranded.ts';
import { WaitRecords } from './wait-records.ts';
import type { AcdListeners, Party, QueueTelephony, Waiter } from './waiting.types.ts';

export interface AcdParts {
  seats: Seats;
  store: QueueStore;
  figures: QueueCounts;
  telephony: QueueTelephony;
  listeners: AcdListeners;
  latencies: Latencies;
  clock: Clock;
  log: Log;
}

/**
 * The live queues: tells the router what happens, and does what it decides. Everything here runs in one
 * turn, so that no two decisions see different worlds.
 */
export class Acd {
  readonly #parts: AcdParts;
  readonly #index = RoutingIndex.from({ queues: [], callers: [], agents: [], offers: [] });
  readonly #waiters = new Map<string, Waiter>();
  readonly #queues = new Map<string, QueueView>();
  readonly #records: WaitRecords;
  /** Whose telephones ring for whom. */
  readonly offers: Offers;
  /** People who will be called back. */
  readonly callbacks: Callbacks;
  /** What brought about the decisions of this turn. */
  #cause: Cause | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(parts: AcdParts) {
    this.#parts = parts;
    this.#records = new WaitRecords(parts);
    const { seats, store, clock, log, latencies } = parts;
    const { endpointOf, liveNumbers } = parts.telephony;
    this.offers = new Offers({
      ...{ seats, endpointOf, latencies, ringing: new Ringing({ store, clock, log }) },
      onChange: (staffIds) => this.#tell([], staffIds),
      onAnswered: (ring, leg) => this.#onAnswered(ring, leg),
      onMissed: (ring, result) => this.#onMissed(ring, result),
    });
    this.callbacks = new Callbacks({
      ...{ now: () => this.#now(), liveNumbers, entries: store },
      enter: (caller) => {
        this.#index.enter(caller);
        this.#tell([caller.queueId]);
        this.#decide();
      },
      leave: ({ callId, queueId }) => {
        this.#index.leave(callId);
        this.#tell([queueId]);
      },
      write: (caller) => this.#records.entered(caller),
      end: (caller, how, by) => {
        this.#records.callbackEnded(caller, how, by ?? undefined);
        this.#tell([caller.queueId]);
      },
    });
  }

  // -- what is the case --------------------------------------------------------------------------

  get queues(): readonly QueueView[] {
    return [...this.#queues.values()];
  }

  queue(id: string): QueueView | undefined {
    return this.#queues.get(id);
  }

  /** Who waits there, as `RoutingView.entries`. */
  entries(queueId: string): QueueEntry[] {
    return this.#index.view.entries(queueId, this.#now());
  }

  callerOf(callId: string): WaitingCaller | undefined {
    return this.#index.view.caller(callId);
  }

  /** Place from 1, and seconds until somebody is likely to be free; for the announcement. */
  forecast(callId: string): { position: number; waitSec: number | null } {
    const { figures } = this.#parts;
    const averageSec = (queueId: string) => figures.averageSec(queueId);
    return {
      position: this.#index.view.position(callId) ?? 0,
      waitSec: this.#index.view.expectedWaitSec(callId, this.#now(), averageSec),
    };
  }

  // -- what happens ------------------------------------------------------------------------------

  setQueue(queue: QueueView): void {
    this.#queues.set(queue.queueId, queue);
    this.#index.setQueue(queue);
    this.#decide();
  }

  removeQueue(queueId: string): void {
    this.#queues.delete(queueId);
    this.#index.removeQueue(queueId);
    this.#decide();
  }

  /** Undefined when the seat was left. */
  onSeat(staffId: string, seat: Seat | undefined): void {
    const before = this.#index.view.agent(staffId)?.queueIds;
    if (seat === undefined) {
      this.#index.removeAgent(staffId);
      void this.offers.decline(staffId);
    } else this.#index.setAgent({ ...routingAgent(seat), isFree: this.#isFree(seat) });
    this.#decideBecause({ staffId, since: performance.now() });
    if (seat?.queueIds !== before || seat?.presence === 'offline') this.#leadOnStranded();
  }

  /** What the router itself has offered does not count; what a colleague asks for does. */
  #isFree({ staffId, engagement, callId }: Seat): boolean {
    if (engagement === 'idle') return true;
    if (engagement !== 'offered' || callId === null) return false;
    return this.#index.view.offeredTo(callId).includes(staffId);
  }

  /**
   * Puts a caller into a queue, or back where they were, at once: whoever leaves in the next instant must be
   * found here. The row follows; where a caller in a call waits stands on their leg.
   */
  enter(caller: WaitingCaller, waiter: Waiter | undefined): void {
    if (waiter?.call.gone.aborted === true) return;
    const placed = waiter === undefined ? caller : this.#inKeptPlace(caller, waiter.call);
    if (waiter !== undefined) this.#waiters.set(caller.callId, waiter);
    this.#index.enter(placed);
    this.#records.entered(placed);
    this.#tell([caller.queueId]);
    if (waiter === undefined) this.#decide();
    else this.#decideBecause({ callId: caller.callId, since: waiter.call.steppedAt });
  }

  /** Somebody who waits for a callback has called again. */
  #inKeptPlace(caller: WaitingCaller, call: Call): WaitingCaller {
    const kept = this.callbacks.of(knownNumber(call));
    if (kept === undefined || kept.callId === caller.callId) return caller;
    this.callbacks.standAside(kept);
    return inPlaceOf(kept, caller);
  }

  /** They hung up, or chose something else. */
  leave(callId: string, end: 'abandoned' | 'overflowed'): void {
    const caller = this.#index.view.caller(callId);
    this.#waiters.delete(callId);
    if (caller === undefined) return;
    this.#takeOut(caller, end);
    this.#decide();
  }

  /**
   * They hang up and keep their place until they are called. Resolves when it is written down. Nobody calls
   * them before this call is over.
   */
  async keepPlace(caller: WaitingCaller, call: Call): Promise<void> {
    const { callId } = caller;
    const now = this.#index.view.caller(callId) ?? caller;
    const promise = now.promise ?? { number: knownNumber(call), tries: 0, notBefore: 0 };
    const kept = this.callbacks.make({ ...keepingPlace(now), promise });
    this.#waiters.delete(callId);
    this.offers.withdrawAll(callId);
    this.#index.leave(callId);
    this.#tell([kept.queueId]);
    this.#decide();
    await this.#parts.store.enter(kept);
    whenAborted(call.gone, () => this.callbacks.queue(kept));
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.callbacks.stop();
  }

  // -- deciding ----------------------------------------------------------------------------------

  #decide(): void {
    if (this.#isStopped) return;
    for (const decision of this.#index.decide(this.#now())) this.#act(decision);
    const next = this.#index.nextChangeAt();
    // Here, and not before: what was done above may have decided again, and set one of its own.
    clearTimeout(this.#timer);
    if (next !== undefined) {
      const inMs = Math.max(1, next - this.#now());
      const later = (): void => {
        this.#decide();
        this.#leadOnStranded();
      };
      this.#timer = setTimeout(later, Math.min(inMs, 2 ** 30));
    }
  }

  #decideBecause(cause: Cause): void {
    // An offer changes a seat, which comes back here in the same turn.
    const outer = this.#cause;
    this.#cause = cause;
    this.#decide();
    this.#cause = outer;
    if (outer === undefined) this.#parts.latencies.popMissed();
  }

  #act(decision: Decision): void {
    const { log } = this.#parts;
    if (decision.kind === 'overflow') {
      log.info(
        { callId: decision.callId, why: decision.why, to: decision.to },
        'caller overflowed',
      );
      this.#overflow(decision);
      return;
    }
    for (const staffId of decision.staffIds) {
      log.info({ callId: decision.callId, staffId, queueId: decision.queueId }, 'call offered');
      this.#offer(decision, staffId);
    }
    this.#tell([decision.queueId], decision.staffIds);
  }

  #offer(decision: Extract<Decision, { kind: 'offer' }>, staffId: string): void {
    const { callId, queueId, expiresAt, isCallback } = decision;
    const { seats } = this.#parts;
    const seat = seats.get(staffId);
    if (seat === undefined) {
      this.#index.refused(callId, staffId, this.#now() + restMs.unreachable);
      return;
    }
    const waiter = this.#waiters.get(callId);
    const caller = this.#index.view.caller(callId);
    if (isCallback && caller !== undefined) {
      // Whoever is in a call with us is not called; this agent is free for the next.
      if (this.callbacks.standsAside(caller)) {
        queueMicrotask(() => this.#decide());
        return;
      }
      this.#index.answered(callId, staffId);
      seats.engage(staffId, 'talking', callId);
      this.#parts.listeners.onCallback(caller, staffId);
      return;
    }
    if (waiter === undefined || caller === undefined) {
      this.#index.leave(callId);
      return;
    }
    const { call, fromStaffId } = waiter;
    const offer = { call, caller, queueId, seat, fromStaffId, expiresAt: new Date(expiresAt) };
    this.offers.make(offer, this.#cause);
  }

  #overflow(decision: Extract<Decision, { kind: 'overflow' }>): void {
    const { callId, to, fromQueueId } = decision;
    if (typeof to !== 'string') {
      // The router has moved them; the row follows.
      const moved = this.#index.view.caller(callId);
      if (moved !== undefined) this.#records.entered(moved);
      this.#tell([fromQueueId, to.queueId]);
      this.#leadOnStranded();
      return;
    }
    const waiter = this.#waiters.get(callId);
    this.#waiters.delete(callId);
    this.#records.overflowed(callId);
    this.#tell([fromQueueId]);
    waiter?.onEnd({ kind: 'overflow', to });
  }

  /** Nobody who waits is left to wait for nobody. */
  #leadOnStranded(): void {
    const { seats, telephony, log } = this.#parts;
    const waiting = [...this.#waiters.keys()].flatMap((id) => this.#index.view.caller(id) ?? []);
    if (waiting.length === 0) return;
    const { hasDutyPhones } = telephony;
    const stranded = strandedCallers(waiting, seats.all, { hasDutyPhones, now: this.#now() });
    for (const caller of stranded) {
      const waiter = this.#waiters.get(caller.callId);
      log.info(
        { callId: caller.callId, queueId: caller.queueId },
        'no agent left for a waiting caller',
      );
      this.#waiters.delete(caller.callId);
      this.#takeOut(caller, 'overflowed');
      waiter?.onEnd({ kind: 'overflow', to: 'message' });
    }
  }

  // -- what came of an offer ---------------------------------------------------------------------

  #onAnswered(ring: Ring, leg: Leg): void {
    const { seats, log } = this.#parts;
    const waiter = this.#waiters.get(ring.callId);
    const caller = this.#index.view.caller(ring.callId);
    if (waiter === undefined || caller === undefined) {
      this.offers.tooLate(ring, leg);
      return;
    }
    this.#waiters.delete(ring.callId);
    this.#index.answered(ring.callId, ring.staffId);
    // The router may not know the agent any more.
    this.#index.leave(ring.callId);
    this.offers.withdrawAll(ring.callId, ring.staffId);
    const seat = seats.get(ring.staffId);
    seats.engage(ring.staffId, 'talking', ring.callId);
    log.info({ callId: ring.callId, staffId: ring.staffId }, 'call answered');
    const { staffId } = ring;
    this.#handOver(waiter, caller, { staffId, label: seat?.displayName ?? '', leg });
  }

  /** Somebody outside the queues takes a waiting caller: a duty phone. False when they wait no more. */
  handTo(callId: string, party: Party): boolean {
    const waiter = this.#waiters.get(callId);
    const caller = this.#index.view.caller(callId);
    if (waiter === undefined || caller === undefined) return false;
    this.#waiters.delete(callId);
    this.offers.withdrawAll(callId);
    this.#index.leave(callId);
    this.#handOver(waiter, caller, party);
    return true;
  }

  #handOver(waiter: Waiter, caller: WaitingCaller, party: Party): void {
    const { staffId } = party;
    this.#records.answered(caller, staffId ?? undefined);
    this.#tell([caller.queueId], staffId === null ? [] : [staffId]);
    waiter.onEnd({ kind: 'answered', party, queueId: caller.queueId });
    this.#decide();
  }

  #onMissed(ring: Ring, result: Missed): void {
    const { seats, log } = this.#parts;
    log.info({ callId: ring.callId, staffId: ring.staffId, result }, 'offer missed');
    this.#index.refused(ring.callId, ring.staffId, this.#now() + restMs[result]);
    // First why nothing can be offered to them: as soon as they are idle, the next caller would be.
    if (result === 'unreachable') seats.phones.setReady(ring.staffId, false);
    if (result === 'no_answer' && seats.get(ring.staffId) !== undefined) {
      seats.setPresence(ring.staffId, 'break', missedOfferReason);
    }
    if (seats.get(ring.staffId)?.callId === ring.callId) seats.engage(ring.staffId, 'idle', null);
    this.#tell(ring.queueId === null ? [] : [ring.queueId], [ring.staffId]);
    this.#decide();
  }

  #takeOut(caller: WaitingCaller, end: 'abandoned' | 'overflowed'): void {
    this.offers.withdrawAll(caller.callId);
    this.#index.leave(caller.callId);
    this.#records.ended(caller, end);
    this.#tell([caller.queueId]);
  }

  #tell(queueIds: readonly string[], staffIds: readonly string[] = []): void {
    this.#parts.listeners.onChange({ queueIds, staffIds });
  }

  #now(): number {
    return this.#parts.clock.now().getTime();
  }
}
