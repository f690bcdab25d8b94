/**
 * What the router keeps in memory: the rows, and indexes over them. It is a cache that `rowsOf` can
 * write out and `RoutingIndex.from` builds again. Dirty agents and callers are those about whom a
 * decision may have changed since the last one; all other pairs are known not to match.
 */
import { DueList } from './due-list.ts';
import { keyIn, WaitingList } from './waiting-list.ts';
import { canServe, isReady } from './matching.ts';
import type { RoutingAgent, RoutingQueue, RoutingWorld, WaitingCaller } from './routing.types.ts';

export interface QueueRecord {
  queue: RoutingQueue;
  readonly waiting: WaitingList<CallerRecord>;
  /** Everybody in the queue, offered or not. */
  readonly callers: Set<CallerRecord>;
  /** Agents who work for it, and those of them to whom an offer may go. */
  readonly members: Set<AgentRecord>;
  readonly free: Set<AgentRecord>;
  /** Real callers who were let in: what `maxLength` counts. */
  length: number;
}

export interface CallerRecord {
  caller: WaitingCaller;
  key: number;
  queue: QueueRecord | undefined;
  readonly offeredTo: Set<AgentRecord>;
  offerExpiresAt: number;
}

export interface AgentRecord {
  agent: RoutingAgent;
  queues: QueueRecord[];
  offer: CallerRecord | undefined;
  isFree: boolean;
}

export class RoutingState {
  readonly queues = new Map<string, QueueRecord>();
  readonly callers = new Map<string, CallerRecord>();
  readonly agents = new Map<string, AgentRecord>();
  readonly keptFor = new Map<string, Set<CallerRecord>>();
  readonly due = new DueList();
  readonly dirtyAgents = new Set<AgentRecord>();
  readonly dirtyCallers = new Set<CallerRecord>();

  /** The instant of the last decision: what was due by then has been dealt with. */
  decidedAt = -Infinity;

  readonly isAvailable = (staffId: string): boolean =>
    this.agents.get(staffId)?.agent.isAvailable ?? false;

  // -- callers -----------------------------------------------------------------------------------

  place(caller: WaitingCaller): CallerRecord {
    const queue = this.queues.get(caller.queueId);
    const record: CallerRecord = {
      caller,
      key: keyIn(queue?.queue, caller),
      queue,
      offeredTo: new Set(),
      offerExpiresAt: 0,
    };
    this.callers.set(caller.callId, record);
    if (queue !== undefined) {
      queue.callers.add(record);
      queue.waiting.insert(record);
      if (counts(caller)) queue.length += 1;
    }
    for (const { staffId } of caller.preferred) {
      const kept = this.keptFor.get(staffId) ?? new Set();
      this.keptFor.set(staffId, kept.add(record));
    }
    this.#noteDue(record);
    this.dirtyCallers.add(record);
    return record;
  }

  /** Takes a caller out; agents whose phones ring for them are free again. */
  take(record: CallerRecord): void {
    const { caller, queue } = record;
    this.callers.delete(caller.callId);
    this.dirtyCallers.delete(record);
    queue?.callers.delete(record);
    queue?.waiting.remove(record);
    if (queue !== undefined && counts(caller)) queue.length -= 1;
    for (const { staffId } of caller.preferred) {
      const kept = this.keptFor.get(staffId);
      kept?.delete(record);
      if (kept?.size === 0) this.keptFor.delete(staffId);
    }
    for (const agent of record.offeredTo) this.withdraw(record, agent);
  }

  /** The same place with other facts; its offers stand. */
  change(record: CallerRecord, caller: WaitingCaller): void {
    const offers = [...record.offeredTo];
    const { offerExpiresAt } = record;
    record.offeredTo.clear();
    this.take(record);
    const next = this.place(caller);
    next.offerExpiresAt = offerExpiresAt;
    for (const agent of offers) this.offer(next, agent);
  }

  #noteDue({ caller, queue }: CallerRecord): void {
    const note = (at: number) => {
      if (at > this.decidedAt) this.due.add(at, caller.callId);
    };
    const maxWaitSec = queue?.queue.maxWaitSec ?? null;
    if (maxWaitSec !== null && !caller.isVirtual && !caller.isEmergency) {
      note(caller.enteredAt + maxWaitSec * 1000);
    }
    for (const { until } of caller.preferred) note(until);
    for (const { until } of caller.resting) note(until);
  }

  // -- offers ------------------------------------------------------------------------------------

  offer(record: CallerRecord, agent: AgentRecord): void {
    if (record.offeredTo.size === 0) record.queue?.waiting.remove(record);
    record.offeredTo.add(agent);
    agent.offer = record;
    this.syncFree(agent);
  }

  withdraw(record: CallerRecord, agent: AgentRecord): void {
    record.offeredTo.delete(agent);
    agent.offer = undefined;
    this.syncFree(agent);
    if (record.offeredTo.size > 0 || this.callers.get(record.caller.callId) !== record) return;
    record.queue?.waiting.insert(record);
    this.dirtyCallers.add(record);
  }

  // -- agents ------------------------------------------------------------------------------------

  setAgent(agent: RoutingAgent): void {
    const known = this.agents.get(agent.staffId);
    const wasAvailable = known?.agent.isAvailable ?? false;
    const record: AgentRecord = known ?? { agent, queues: [], offer: undefined, isFree: false };
    this.agents.set(agent.staffId, record);
    const before = record.agent;
    record.agent = agent;
    const isSameWork = before.queueIds === agent.queueIds && before.skills === agent.skills;
    if (known === undefined || !isSameWork) this.#assign(record);
    this.syncFree(record);
    // More of them may match than before: other skills, queues, sites.
    if (record.isFree) this.#soil(record);
    if (wasAvailable !== agent.isAvailable) this.#soilKept(agent.staffId);
  }

  removeAgent(staffId: string): void {
    const record = this.agents.get(staffId);
    if (record === undefined) return;
    if (record.offer !== undefined) this.withdraw(record.offer, record);
    for (const queue of record.queues) {
      queue.members.delete(record);
      queue.free.delete(record);
    }
    this.agents.delete(staffId);
    this.dirtyAgents.delete(record);
    this.#soilKept(staffId);
  }

  /** Works out anew whether offers may go to an agent. */
  syncFree(record: AgentRecord): void {
    const isFree = record.offer === undefined && isReady(record.agent);
    if (isFree === record.isFree) return;
    record.isFree = isFree;
    for (const queue of record.queues) {
      if (isFree) queue.free.add(record);
      else queue.free.delete(record);
    }
    if (isFree) this.#soil(record);
    else this.dirtyAgents.delete(record);
  }

  #assign(record: AgentRecord): void {
    for (const queue of record.queues) {
      queue.members.delete(record);
      queue.free.delete(record);
    }
    record.queues = [];
    for (const queueId of record.agent.queueIds) {
      const queue = this.queues.get(queueId);
      if (queue === undefined || !canServe(record.agent, queue.queue)) continue;
      record.queues.push(queue);
      queue.members.add(record);
      if (record.isFree) queue.free.add(record);
    }
  }

  #soil(record: AgentRecord): void {
    this.dirtyAgents.add(record);
    this.#soilKept(record.agent.staffId);
  }

  #soilKept(staffId: string): void {
    for (const kept of this.keptFor.get(staffId) ?? []) this.dirtyCallers.add(kept);
  }

  // -- queues ------------------------------------------------------------------------------------

  setQueue(queue: RoutingQueue): void {
    const known = this.queues.get(queue.queueId);
    const record: QueueRecord = known ?? {
      queue,
      waiting: new WaitingList(),
      callers: new Set(),
      members: new Set(),
      free: new Set(),
      length: 0,
    };
    this.queues.set(queue.queueId, record);
    record.queue = queue;
    for (const agent of this.agents.values()) {
      if (!agent.agent.queueIds.includes(queue.queueId)) continue;
      this.#assign(agent);
      if (agent.isFree) this.#soil(agent);
    }
    const theirs = [...this.callers.values()].filter((one) => one.caller.queueId === queue.queueId);
    // Out and in again, with the new ageing and limits.
    for (const caller of theirs) this.change(caller, caller.caller);
  }

  removeQueue(queueId: string): void {
    const record = this.queues.get(queueId);
    if (record === undefined) return;
    this.queues.delete(queueId);
    for (const agent of record.members) {
      agent.queues = agent.queues.filter((one) => one !== record);
    }
    for (const caller of [...record.callers]) this.change(caller, caller.caller);
  }

  /** Everything as rows; `RoutingIndex.from` makes the same router of them. */
  rows(): RoutingWorld {
    return {
      queues: [...this.queues.values()].map(({ queue }) => queue),
      callers: [...this.callers.values()].map(({ caller }) => caller),
      agents: [...this.agents.values()].map(({ agent }) => agent),
      offers: [...this.callers.values()].flatMap(({ caller, offeredTo, offerExpiresAt }) =>
        [...offeredTo].map(({ agent }) => ({
          callId: caller.callId,
          staffId: agent.staffId,
          expiresAt: offerExpiresAt,
        })),
      ),
    };
  }
}

/** Lets a caller into their queue for good: `maxLength` no longer turns them away. */
export function admit(record: CallerRecord): void {
  if (record.caller.isAdmitted) return;
  record.caller = { ...record.caller, isAdmitted: true };
  if (record.queue !== undefined && counts(record.caller)) record.queue.length += 1;
}

function counts({ isVirtual, isAdmitted }: WaitingCaller): boolean {
  return isAdmitted && !isVirtual;
}
