/**
 * What happens now, as screens want it: the agents' side keeps a board, the API shows each viewer
 * their part of it. Views are immutable: a change is a new object.
 */
import type { AgentView, DeskView } from '../../contract/agents/agents.ts';
import type { QueueFigures, WaitingView } from '../../contract/agents/queues.ts';
import type { LiveCallView } from '../../contract/agents/realtime.ts';
import type { LiveAlarm } from '../acd/emergencies/alarms.ts';

/** The site decides who may see it; it is not sent. */
export type LiveWaiting = WaitingView & { estateId: string | null };

export interface LiveSnapshot {
  agents: readonly AgentView[];
  queues: readonly QueueFigures[];
  waiting: readonly LiveWaiting[];
  /** Calls that live. */
  calls: readonly LiveCallView[];
  /** Alarms that are not cleared. */
  alarms: readonly LiveAlarm[];
  /** By staff id; only of people who have taken a seat. */
  desks: ReadonlyMap<string, DeskView>;
}

export type LiveChange =
  | { type: 'agent'; agent: AgentView }
  | { type: 'queue'; queue: QueueFigures }
  /** All who wait in that queue now. */
  | { type: 'waiting'; queueId: string; waiting: readonly LiveWaiting[] }
  /** With the state `ended` for the last time. */
  | { type: 'call'; call: LiveCallView }
  | { type: 'alarm'; alarm: LiveAlarm }
  | { type: 'desk'; desk: DeskView }
  /** An event of the outbox, e.g. `workOrder.raised`. */
  | { type: 'event'; name: string; payload: unknown; at: string };

/**
 * A change is told in the same turn in which the snapshot shows it, so that a snapshot and the
 * changes after it leave nothing out and say nothing twice. Numbers are whole: viewers mask them.
 */
export interface LiveBoard {
  snapshot(): LiveSnapshot;
  subscribe(listener: (change: LiveChange) => void): () => void;
}
