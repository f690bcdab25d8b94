import { expectedWaitSec, positionOf } from './forecast.ts';
import { effectivePriority } from './priority.ts';
import type { RoutingAgent, RoutingWorld, WaitingCaller } from './routing.types.ts';
import type { CallerRecord, RoutingState } from './state.ts';

export interface QueueEntry {
  caller: WaitingCaller;
  /** From 1; 0 while phones ring for them. */
  position: number;
  priority: number;
  offeredTo: readonly string[];
}

/** What the router knows, for those who show it. */
export class RoutingView {
  readonly #state: RoutingState;

  constructor(state: RoutingState) {
    this.#state = state;
  }

  rows(): RoutingWorld {
    return this.#state.rows();
  }

  /** Callers in all queues. */
  get size(): number {
    return this.#state.callers.size;
  }

  /** Everybody in a queue, those for whom phones ring first, then by position. */
  entries(queueId: string, now: number): QueueEntry[] {
    const queue = this.#state.queues.get(queueId);
    if (queue === undefined) return [];
    const ringing = [...queue.callers].filter(({ offeredTo }) => offeredTo.size > 0);
    return [...ringing, ...queue.waiting.entries].map((record, index) => ({
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
}

function staffOf({ offeredTo }: CallerRecord): string[] {
  return [...offeredTo].map(({ agent }) => agent.staffId);
}
