import type { QueueView } from '../../contract/queues.ts';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { whenAborted } from '../../core/concurrency/wait.ts';
import type { Latencies } from '../../core/latencies.ts';
import type { Log } from '../../core/log.ts';
import { hangUpLeg, type Call, type Endpoint, type Leg } from '../../cti/index.ts';
import type { OfferKind } from '../../db/agents-schema.ts';
import type { Party } from '../conversation/conversation.types.ts';
import { missedOfferReason, routingAgent, type Seat } from '../presence/seat.ts';
import type { Seats } from '../presence/seats.ts';
import {
  keepingPlace,
  RoutingIndex,
  type Decision,
  type LineEntry,
  type OverflowTarget,
  type WaitingCaller,
} from '../routing/index.ts';
import type { HandleTimes } from './handle-times.ts';
import type { Waits } from './figures.ts';
import type { QueueStore } from './queue-store.ts';
import { inPlaceOf, knownNumber, Promises, type CallBackEnd } from './promises.ts';
import { ringColleague, type ColleagueOptions } from './ring-colleague.ts';
import { Ringing, type Ring } from './ringing.ts';
import { strandedCallers } from './stranded.ts';

/** How a wait ended. */
export type WaitEnd =
  | { kind: 'answered'; party: Party; queueId: string }
  | { kind: 'overflow'; to: Exclude<OverflowTarget, object> };

export interface Waiter {
  call: Call;
  /** Who sent them on; null for those who come by themselves. */
  fromStaffId: string | null;
  onEnd: (end: WaitEnd) => void;
}

export interface FloorParts {
  /** We called them: they count as nobody's caller. */
  isOutgoing?: (callId: string) => boolean;
  seats: Seats;
  store: QueueStore;
  clock: Clock;
  log: Log;
  waits: Waits;
  handleTimes: Pick<HandleTimes, 'averageSec'>;
  endpointOf: (seat: Seat) => Endpoint;
  latencies: Latencies;
  /** Whether telephones outside can be rung for emergencies that no agent is there for. */
  hasDutyPhones: boolean;
  /** A queue's line, or what an agent is offered, has changed. */
  onChange: (change: { queueIds: readonly string[]; staffIds: readonly string[] }) => void;
  /** An agent is free for somebody who went away and wants to be called back. */
  onCallback: (caller: WaitingCaller, staffId: string) => void;
  /** Numbers of everybody who is on a line of ours. */
  liveNumbers: () => readonly string[];
}

/**
 * How long an agent who did not take a call is left alone with that caller. Who did not answer is on
 * a break until they say that they are back, and then the caller has waited long enough; a page that was
 * loaded anew is back within a moment.
 */
const restMs = { declined: 30_000, no_answer: 0, unreachable: 2000, withdrawn: 0 } as const;

/**
 * The live queues: tells the router what happens, and does what it decides. Everything here runs in one
 * turn, so that no two decisions see different worlds.
 */
export class Floor {
  readonly #parts: FloorParts;
  readonly #index = RoutingIndex.from({ queues: [], callers: [], agents: [], offers: [] });
  readonly #waiters = new Map<string, Waiter>();
  readonly #queues = new Map<string, QueueView>();
  readonly #ringing: Ringing;
  readonly #promises: Promises;
  /** What brought about the decisions of this turn: somebody came, or somebody is free. */
  #cause: { callId?: string; staffId?: string; since: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(parts: FloorParts) {
    this.#parts = parts;
    const { store, clock, log } = parts;
    this.#ringing = new Ringing({ store, clock, log });
    this.#promises = new Promises({
      now: () => this.#now(),
      liveNumbers: parts.liveNumbers,
      enter: (caller) => {
        this.#index.enter(caller);
        this.#tell([caller.queueId]);
        this.decide();
      },
      leave: ({ callId, queueId }) => {
        this.#index.leave(callId);
        this.#tell([queueId]);
      },
      write: (caller) => this.#write('a promise', store.enter(caller)),
      end: (caller, how, by) => {
        this.#write('the end of a promise', store.leave(caller.callId, how, by ?? undefined));
        // As the rows count it: a call-back is offered once, and answered when they talk.
        this.#count(caller, how);
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

  line(queueId: string): LineEntry[] {
    return this.#index.line(queueId, this.#now());
  }

  ringOf(staffId: string): Ring | undefined {
    return this.#ringing.of(staffId);
  }

  /** Whether somebody's telephone rings for that caller. */
  isOffered(callId: string): boolean {
    return this.#offeredTo(callId).length > 0;
  }

  callerOf(callId: string): WaitingCaller | undefined {
    return this.#index.caller(callId);
  }

  /** Whose promise was made in this very call, by a predecessor. */
  promisedTo(call: Call): WaitingCaller | undefined {
    const kept = this.#promises.of(knownNumber(call));
    return kept?.callId === call.id ? kept : undefined;
  }

  /** Place from 1, and seconds until somebody is likely to be free; for the announcement. */
  forecast(callId: string): { position: number; waitSec: number | null } {
    const averageSec = (queueId: string) => this.#parts.handleTimes.averageSec(queueId);
    return {
      position: this.#index.position(callId) ?? 0,
      waitSec: this.#index.expectedWaitSec(callId, this.#now(), averageSec),
    };
  }

  // -- what happens ------------------------------------------------------------------------------

  setQueue(queue: QueueView): void {
    this.#queues.set(queue.queueId, queue);
    this.#index.setQueue(queue);
    this.decide();
  }

  removeQueue(queueId: string): void {
    this.#queues.delete(queueId);
    this.#index.removeQueue(queueId);
    this.decide();
  }

  /** Undefined when the seat was left. */
  onSeat(staffId: string, seat: Seat | undefined): void {
    const before = this.#index.agent(staffId)?.queueIds;
    if (seat === undefined) {
      this.#index.removeAgent(staffId);
      void this.#ringing.decline(staffId);
    } else this.#index.setAgent({ ...routingAgent(seat), isFree: this.#isFree(seat) });
    this.#decideBecause({ staffId, since: performance.now() });
    if (seat?.queueIds !== before || seat?.presence === 'offline') this.#leadOnStranded();
  }

  /** What the router itself has offered does not count; what a colleague asks for does. */
  #isFree({ staffId, engagement, callId }: Seat): boolean {
    if (engagement === 'idle') return true;
    if (engagement !== 'offered' || callId === null) return false;
    return this.#index.offeredTo(callId).includes(staffId);
  }

  /** See `ringColleague`. */
  ringColleague(options: ColleagueOptions, signal: AbortSignal): Promise<Leg> {
    const { seats, endpointOf } = this.#parts;
    const onChange = (staffId: string): void => this.#tell([], [staffId]);
    return ringColleague({ seats, endpointOf, ringing: this.#ringing, onChange }, options, signal);
  }

  /**
   * Puts a caller into a queue, or back where they were, at once: whoever leaves in the next instant must be
   * found here. The row follows; where a caller on the line waits stands on their leg.
   */
  enter(caller: WaitingCaller, waiter: Waiter | undefined): void {
    if (waiter?.call.gone.aborted === true) return;
    const placed = waiter === undefined ? caller : this.#inKeptPlace(caller, waiter.call);
    if (waiter !== undefined) this.#waiters.set(caller.callId, waiter);
    this.#index.enter(placed);
    this.#write('a wait', this.#parts.store.enter(placed));
    this.#tell([caller.queueId]);
    if (waiter === undefined) this.decide();
    else this.#decideBecause({ callId: caller.callId, since: waiter.call.steppedAt });
  }

  /** Somebody to whom a call was promised has called again. */
  #inKeptPlace(caller: WaitingCaller, call: Call): WaitingCaller {
    const kept = this.#promises.of(knownNumber(call));
    if (kept === undefined || kept.callId === caller.callId) return caller;
    this.#promises.standAside(kept);
    return inPlaceOf(kept, caller);
  }

  /** They hung up, or chose something else. */
  leave(callId: string, end: 'abandoned' | 'overflowed'): void {
    const caller = this.#index.caller(callId);
    this.#waiters.delete(callId);
    if (caller === undefined) return;
    this.#withdrawAll(callId);
    this.#index.leave(callId);
    this.#finish(caller, end);
    this.decide();
  }

  /**
   * They hang up and keep their place until they are called. Resolves when it is written down. Nobody calls
   * them before their line is free.
   */
  async keepPlace(caller: WaitingCaller, call: Call): Promise<void> {
    const { callId } = caller;
    const now = this.#index.caller(callId) ?? caller;
    const promise = now.promise ?? { number: knownNumber(call), tries: 0, notBefore: 0 };
    const kept = this.#promises.make({ ...keepingPlace(now), promise });
    this.#waiters.delete(callId);
    this.#withdrawAll(callId);
    this.#index.leave(callId);
    this.#tell([kept.queueId]);
    this.decide();
    await this.#parts.store.enter(kept);
    whenAborted(call.gone, () => this.#promises.queue(kept));
  }

  /** After a restart: somebody to whom a call was promised. Whoever calls again finds their place. */
  keep(caller: WaitingCaller): void {
    this.#promises.make(caller);
  }

  /** They may be called: the switch is there, and tells who is on the line. */
  callKept(caller: WaitingCaller): void {
    this.#promises.queue(caller);
  }

  /** Their telephone is about to ring. Resolves when it is written down. */
  rings(caller: WaitingCaller): Promise<void> {
    const { store } = this.#parts;
    const next = this.#promises.rings(caller);
    return next === undefined ? store.leave(caller.callId, 'overflowed') : store.enter(next);
  }

  /** What came of it. */
  calledBack(caller: WaitingCaller, end: CallBackEnd, staffId: string): void {
    const rest = { staffId, until: this.#now() + restMs.declined };
    const resting = end === 'not_rung' ? [...caller.resting, rest] : caller.resting;
    this.#promises.calledBack({ ...caller, resting }, end, staffId);
  }

  /** Somebody talks with that number: no call is owed to it any more. */
  served(number: string, staffId: string | null): void {
    this.#promises.served(number, staffId);
  }

  async decline(staffId: string): Promise<void> {
    await this.#ringing.decline(staffId);
  }

  /** Their telephone has gone, or has no microphone: what rings there is offered again, also to them. */
  async phoneGone(staffId: string): Promise<void> {
    await this.#ringing.lose(staffId);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#promises.stop();
  }

  // -- deciding ----------------------------------------------------------------------------------

  decide(): void {
    if (this.#isStopped) return;
    for (const decision of this.#index.decide(this.#now())) this.#act(decision);
    const next = this.#index.nextChangeAt();
    // Here, and not before: what was done above may have decided again, and set one of its own.
    clearTimeout(this.#timer);
    if (next !== undefined) {
      const inMs = Math.max(1, next - this.#now());
      const later = (): void => {
        this.decide();
        this.#leadOnStranded();
      };
      this.#timer = setTimeout(later, Math.min(inMs, 2 ** 30));
    }
  }

  #decideBecause(cause: { callId?: string; staffId?: string; since: number }): void {
    // An offer changes a seat, which comes back here in the same turn.
    const outer = this.#cause;
    this.#cause = cause;
    this.decide();
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
    const caller = this.#index.caller(callId);
    if (isCallback && caller !== undefined) {
      // Whoever is on the line is not called; this agent is free for the next.
      if (this.#promises.standsAside(caller)) {
        queueMicrotask(() => this.decide());
        return;
      }
      this.#index.answered(callId, staffId);
      seats.engage(staffId, 'talking', callId);
      this.#parts.onCallback(caller, staffId);
      return;
    }
    if (waiter === undefined || caller === undefined) {
      this.#index.leave(callId);
      return;
    }
    const isReturn = caller.preferred.some(
      (one) => one.staffId === staffId && one.kind === 'return',
    );
    const { fromStaffId } = waiter;
    const { latencies } = this.#parts;
    const cause = this.#cause;
    if (cause?.callId === callId) latencies.popBegins(staffId, cause.since);
    const isFreed = cause?.staffId === staffId;
    this.#ringing.start({
      call: waiter.call,
      seat,
      queueId,
      kind: kindOf(caller.isEmergency, fromStaffId !== null, isReturn),
      fromStaffId,
      expiresAt: new Date(expiresAt),
      endpoint: this.#parts.endpointOf(seat),
      ...(isFreed ? { onSent: () => latencies.offerSent(cause.since) } : {}),
      onAnswered: (ring, leg) => this.#onAnswered(ring, leg),
      onMissed: (ring, result) => this.#onMissed(ring, result),
    });
    seats.engage(staffId, 'offered', callId);
    void waiter.call.update({ state: 'offered' });
  }

  #overflow(decision: Extract<Decision, { kind: 'overflow' }>): void {
    const { callId, to, fromQueueId } = decision;
    if (typeof to !== 'string') {
      // The router has moved them; the row follows.
      const moved = this.#index.caller(callId);
      if (moved !== undefined) this.#write('a move', this.#parts.store.enter(moved));
      this.#tell([fromQueueId, to.queueId]);
      this.#leadOnStranded();
      return;
    }
    const waiter = this.#waiters.get(callId);
    this.#waiters.delete(callId);
    this.#write('the end of a wait', this.#parts.store.leave(callId, 'overflowed'));
    this.#tell([fromQueueId]);
    waiter?.onEnd({ kind: 'overflow', to });
  }

  /** Nobody who waits is left to wait for nobody. */
  #leadOnStranded(): void {
    const { seats, hasDutyPhones, log } = this.#parts;
    const waiting = [...this.#waiters.keys()].flatMap((id) => this.#index.caller(id) ?? []);
    if (waiting.length === 0) return;
    const stranded = strandedCallers(waiting, seats.all, { hasDutyPhones, now: this.#now() });
    for (const caller of stranded) {
      const waiter = this.#waiters.get(caller.callId);
      log.info(
        { callId: caller.callId, queueId: caller.queueId },
        'no agent left for a waiting caller',
      );
      this.#waiters.delete(caller.callId);
      this.#withdrawAll(caller.callId);
      this.#index.leave(caller.callId);
      this.#finish(caller, 'overflowed');
      waiter?.onEnd({ kind: 'overflow', to: 'message' });
    }
  }

  // -- what came of an offer ---------------------------------------------------------------------

  #onAnswered(ring: Ring, leg: Leg): void {
    const { seats, store, log } = this.#parts;
    const waiter = this.#waiters.get(ring.callId);
    const caller = this.#index.caller(ring.callId);
    if (waiter === undefined || caller === undefined) {
      // The caller left in the same instant.
      void hangUpLeg(leg);
      seats.engage(ring.staffId, 'idle', null);
      return;
    }
    this.#waiters.delete(ring.callId);
    this.#index.answered(ring.callId, ring.staffId);
    // The router may not know the agent any more.
    this.#index.leave(ring.callId);
    this.#withdrawAll(ring.callId, ring.staffId);
    const seat = seats.get(ring.staffId);
    seats.engage(ring.staffId, 'talking', ring.callId);
    log.info({ callId: ring.callId, staffId: ring.staffId }, 'call answered');
    this.#write('an answer', store.leave(ring.callId, 'answered', ring.staffId));
    this.#count(caller, 'answered');
    this.#tell([caller.queueId], [ring.staffId]);
    const party = { staffId: ring.staffId, label: seat?.displayName ?? '', leg };
    waiter.onEnd({ kind: 'answered', party, queueId: caller.queueId });
    this.decide();
  }

  /** Somebody outside the queues takes a waiting caller: a duty phone. False when they wait no more. */
  handTo(callId: string, party: Party): boolean {
    const waiter = this.#waiters.get(callId);
    const caller = this.#index.caller(callId);
    if (waiter === undefined || caller === undefined) return false;
    this.#waiters.delete(callId);
    this.#withdrawAll(callId);
    this.#index.leave(callId);
    this.#write('an answer', this.#parts.store.leave(callId, 'answered'));
    this.#count(caller, 'answered');
    this.#tell([caller.queueId]);
    waiter.onEnd({ kind: 'answered', party, queueId: caller.queueId });
    this.decide();
    return true;
  }

  #onMissed(ring: Ring, result: keyof typeof restMs): void {
    const { seats, log } = this.#parts;
    log.info({ callId: ring.callId, staffId: ring.staffId, result }, 'offer missed');
    this.#index.refused(ring.callId, ring.staffId, this.#now() + restMs[result]);
    // First why nothing can be offered to them: as soon as they are idle, the next caller would be.
    if (result === 'unreachable') seats.setPhoneReady(ring.staffId, false);
    if (result === 'no_answer' && seats.get(ring.staffId) !== undefined) {
      seats.setPresence(ring.staffId, 'break', missedOfferReason);
    }
    if (seats.get(ring.staffId)?.callId === ring.callId) seats.engage(ring.staffId, 'idle', null);
    this.#tell(ring.queueId === null ? [] : [ring.queueId], [ring.staffId]);
    this.decide();
  }

  #withdrawAll(callId: string, except?: string): void {
    for (const staffId of this.#offeredTo(callId)) {
      if (staffId === except) continue;
      void this.#ringing.withdraw(staffId);
      const { seats } = this.#parts;
      if (seats.get(staffId)?.callId === callId) seats.engage(staffId, 'idle', null);
      this.#tell([], [staffId]);
    }
  }

  #offeredTo(callId: string): string[] {
    return this.#parts.seats.all
      .map((seat) => seat.staffId)
      .filter((staffId) => this.#ringing.of(staffId)?.callId === callId);
  }

  #finish(caller: WaitingCaller, end: 'abandoned' | 'overflowed'): void {
    this.#write('the end of a wait', this.#parts.store.leave(caller.callId, end));
    this.#count(caller, end);
    this.#tell([caller.queueId]);
  }

  #count(caller: WaitingCaller, end: 'answered' | 'abandoned' | 'overflowed'): void {
    const { callId, queueId, enteredAt } = caller;
    if (this.#parts.isOutgoing?.(callId) === true) return;
    this.#parts.waits.add(queueId, callId, { waitedMs: this.#now() - enteredAt, end });
  }

  #write(what: string, written: Promise<void>): void {
    written.catch((error: unknown) => {
      this.#parts.log.error({ reason: messageOf(error) }, `${what} was not written`);
    });
  }

  #tell(queueIds: readonly string[], staffIds: readonly string[] = []): void {
    this.#parts.onChange({ queueIds, staffIds });
  }

  #now(): number {
    return this.#parts.clock.now().getTime();
  }
}

function kindOf(isEmergency: boolean, isSent: boolean, isReturn: boolean): OfferKind {
  if (isEmergency) return 'emergency';
  if (isSent) return 'transfer';
  return isReturn ? 'return' : 'queue';
}
