import { expectedWaitSec, positionOf } from './forecast.ts';
import { joinRinging, matchAll } from './match.ts';
import { overflowAll } from './overflow.ts';
import { effectivePriority } from './priority.ts';
import type {
  Decision,
  Preference,
  RoutingAgent,
  RoutingQueue,
  RoutingWorld,
  WaitingCaller,
} from './routing.types.ts';
import { RoutingState, type CallerRecord } from './state.ts';

export interface LineEntry {
  caller: WaitingCaller;
  /** From 1; 0 while phones ring for them. */
  position: number;
  priority: number;
  offeredTo: readonly string[];
}

/**
 * The router of one organisation, told of each event and asked after it. It keeps no clock and does
 * nothing by itself: call `decide(now)` after a change, and again at `nextChangeAt()`.
 *
 * What it decides it takes as done (an offer stands, an overflow has happened); the caller of this
 * class reports what came of it: `answered`, `refused`, `leave`. Events about calls or agents that it
 * does not know are ignored, since hang-ups and answers cross each other on the way.
 */
export class RoutingIndex {
  readonly #state = new RoutingState();

  /** The router that has made these rows; everything is looked at again. */
  static from(world: RoutingWorld): RoutingIndex {
    const index = new RoutingIndex();
    for (const queue of world.queues) index.#state.setQueue(queue);
    for (const agent of world.agents) index.#state.setAgent(agent);
    for (const caller of world.callers) index.#state.place(caller);
    for (const { callId, staffId, expiresAt } of world.offers) {
      const caller = index.#state.callers.get(callId);
      const agent = index.#state.agents.get(staffId);
      // One of them left while nobody watched.
      if (caller === undefined || agent === undefined || agent.offer !== undefined) continue;
      caller.offerExpiresAt = expiresAt;
      index.#state.offer(caller, agent);
    }
    return index;
  }

  // -- what happened -----------------------------------------------------------------------------

  setQueue(queue: RoutingQueue): void {
    this.#state.setQueue(queue);
  }

  /** Whoever waits there still leaves by the message; nobody is offered a caller of it any more. */
  removeQueue(queueId: string): void {
    this.#state.removeQueue(queueId);
  }

  /** New, or with new facts. An offer that stands is not touched by `isFree` or `isAvailable`. */
  setAgent(agent: RoutingAgent): void {
    this.#state.setAgent(agent);
  }

  /** Logged out or gone; what was offered to them goes back to its place. */
  removeAgent(staffId: string): void {
    this.#state.removeAgent(staffId);
  }

  /** Joins the queue. A caller who is known already only gets new facts. */
  enter(caller: WaitingCaller): void {
    const known = this.#state.callers.get(caller.callId);
    if (known === undefined) this.#state.place(caller);
    else this.#state.change(known, caller);
  }

  change(callId: string, facts: Partial<Omit<WaitingCaller, 'callId'>>): void {
    const record = this.#state.callers.get(callId);
    if (record !== undefined) this.#state.change(record, { ...record.caller, ...facts });
  }

  /** Hung up, left a message, taken elsewhere: out of the queue; phones that ring are free again. */
  leave(callId: string): void {
    const record = this.#state.callers.get(callId);
    if (record !== undefined) this.#state.take(record);
  }

  /** That agent talks now; other phones that rang for the call are free again. False when unknown. */
  answered(callId: string, staffId: string): boolean {
    const record = this.#state.callers.get(callId);
    const agent = this.#state.agents.get(staffId);
    if (record === undefined || agent === undefined) return false;
    agent.agent = { ...agent.agent, isFree: false };
    this.#state.take(record);
    this.#state.syncFree(agent);
    return true;
  }

  /** Declined, not answered, phone lost: this agent is left alone with the caller until then. */
  refused(callId: string, staffId: string, restUntil: number): void {
    const record = this.#state.callers.get(callId);
    if (record === undefined) return;
    const agent = this.#state.agents.get(staffId);
    const resting = record.caller.resting.filter((rest) => rest.staffId !== staffId);
    const changed = { ...record.caller, resting: [...resting, { staffId, until: restUntil }] };
    if (agent !== undefined && record.offeredTo.has(agent)) this.#state.withdraw(record, agent);
    this.#state.change(record, changed);
  }

  // -- what follows ------------------------------------------------------------------------------

  decide(now: number): Decision[] {
    const state = this.#state;
    state.decidedAt = now;
    for (let due = state.due.first; due !== undefined && due.at <= now; due = state.due.first) {
      state.due.removeFirst();
      const record = state.callers.get(due.callId);
      if (record !== undefined) state.dirtyCallers.add(record);
    }
    const decisions: Decision[] = [];
    for (;;) {
      decisions.push(...matchAll(state, now));
      const overflows = overflowAll(state, now);
      decisions.push(...overflows);
      // Whoever moved to another queue may be served or turned away there; `visited` ends this.
      if (!overflows.some((one) => one.kind === 'overflow' && typeof one.to !== 'string')) break;
    }
    decisions.push(...joinRinging(state, now));
    state.dirtyAgents.clear();
    state.dirtyCallers.clear();
    return decisions;
  }

  /** When time alone may bring the next decision; undefined when it will not. */
  nextChangeAt(): number | undefined {
    const { due, callers } = this.#state;
    while (due.first !== undefined && !callers.has(due.first.callId)) due.removeFirst();
    return due.first?.at;
  }

  // -- what is the case --------------------------------------------------------------------------

  rows(): RoutingWorld {
    return this.#state.rows();
  }

  /** Callers in all queues. */
  get size(): number {
    return this.#state.callers.size;
  }

  /** Everybody in a queue, those for whom phones ring first, then by position. */
  line(queueId: string, now: number): LineEntry[] {
    const queue = this.#state.queues.get(queueId);
    if (queue === undefined) return [];
    const ringing = [...queue.callers].filter(({ offeredTo }) => offeredTo.size > 0);
    return [...ringing, ...queue.line.places].map((record, index) => ({
      caller: record.caller,
      position: Math.max(0, index + 1 - ringing.length),
      priority: effectivePriority(record.caller, queue.queue, now),
      offeredTo: staffOf(record),
    }));
  }

  caller(callId: string): WaitingCaller | undefined {
    return this.#state.callers.get(callId)?.caller;
  }

  agent(staffId: string): RoutingAgent | undefined {
    return this.#state.agents.get(staffId)?.agent;
  }

  offeredTo(callId: string): readonly string[] {
    const record = this.#state.callers.get(callId);
    return record === undefined ? [] : staffOf(record);
  }

  /** From 1 within their queue; 0 while phones ring; null when they do not wait. */
  position(callId: string): number | null {
    return positionOf(this.#state, callId);
  }

  /** Seconds; null when nobody works for the queue. See `forecast.ts`. */
  expectedWaitSec(
    callId: string,
    now: number,
    averageHandleSec: (queueId: string) => number,
  ): number | null {
    return expectedWaitSec(this.#state, callId, now, averageHandleSec);
  }

  /** How many wait for that agent in particular, e.g. for the desk. */
  keptFor(staffId: string): { callId: string; preference: Preference }[] {
    return [...(this.#state.keptFor.get(staffId) ?? [])].flatMap(({ caller }) =>
      caller.preferred
        .filter((one) => one.staffId === staffId)
        .map((preference) => ({ callId: caller.callId, preference })),
    );
  }
}

function staffOf({ offeredTo }: CallerRecord): string[] {
  return [...offeredTo].map(({ agent }) => agent.staffId);
}
