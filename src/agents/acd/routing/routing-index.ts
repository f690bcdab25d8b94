import { joinRinging, matchAll } from './match.ts';
import { overflowAll } from './overflow.ts';
import { RoutingView } from './routing-view.ts';
import type {
  Decision,
  RoutingAgent,
  RoutingQueue,
  RoutingWorld,
  WaitingCaller,
} from './routing.types.ts';
import { RoutingState } from './state.ts';

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
  /** Who waits where, and for whom telephones ring. */
  readonly view = new RoutingView(this.#state);

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
}
