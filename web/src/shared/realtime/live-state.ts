/**
 * What the service tells a screen, kept as one immutable value. Pure: messages in, state out; the
 * socket around it is in `live-client.ts`.
 */
import type { AgentView, DeskView } from '../../../../src/contract/agents/agents.ts';
import type { QueueFigures, WaitingView } from '../../../../src/contract/agents/queues.ts';
import type {
  AlarmView,
  LiveCallView,
  ServerMessage,
} from '../../../../src/contract/agents/realtime.ts';

export type Connection = 'connecting' | 'open' | 'lost';

export interface LiveState {
  readonly connection: Connection;
  /** False until the first snapshot. */
  readonly isReady: boolean;
  readonly epoch: string | undefined;
  /** Of the newest message; a client that comes back asks for what follows it. */
  readonly seq: number;
  /** The service's clock minus ours, in milliseconds. */
  readonly clockOffsetMs: number;
  readonly desk: DeskView | null;
  readonly agents: ReadonlyMap<string, AgentView>;
  readonly queues: ReadonlyMap<string, QueueFigures>;
  readonly waiting: ReadonlyMap<string, readonly WaitingView[]>;
  readonly calls: ReadonlyMap<string, LiveCallView>;
  readonly alarms: ReadonlyMap<string, AlarmView>;
}

export const emptyLive: LiveState = {
  connection: 'connecting',
  isReady: false,
  epoch: undefined,
  seq: 0,
  clockOffsetMs: 0,
  desk: null,
  agents: new Map(),
  queues: new Map(),
  waiting: new Map(),
  calls: new Map(),
  alarms: new Map(),
};

/** A message older than what is known changes nothing, so that a resent one does no harm. */
export function reduceLive(state: LiveState, message: ServerMessage, nowMs: number): LiveState {
  if (message.type === 'snapshot') return fromSnapshot(state, message, nowMs);
  if (message.seq <= state.seq) return state;
  const next = { ...state, seq: message.seq };
  switch (message.type) {
    case 'desk':
      return { ...next, desk: message.desk };
    case 'agent':
      return {
        ...next,
        agents: withEntry(state.agents, message.agent.staffId, message.agent),
        // One's own figures come by both ways; the desk shows them without waiting for its own frame.
        desk:
          state.desk?.agent.staffId === message.agent.staffId
            ? { ...state.desk, agent: message.agent }
            : state.desk,
      };
    case 'queue':
      return { ...next, queues: withEntry(state.queues, message.queue.queueId, message.queue) };
    case 'waiting':
      return { ...next, waiting: withEntry(state.waiting, message.queueId, message.waiting) };
    case 'call':
      return {
        ...next,
        calls:
          message.call.state === 'ended'
            ? without(state.calls, message.call.callId)
            : withEntry(state.calls, message.call.callId, message.call),
      };
    case 'alarm':
      return {
        ...next,
        alarms:
          message.alarm.clearedAt === null
            ? withEntry(state.alarms, message.alarm.alarmId, message.alarm)
            : without(state.alarms, message.alarm.alarmId),
      };
    case 'event':
      return next;
  }
}

type Snapshot = Extract<ServerMessage, { type: 'snapshot' }>;

function fromSnapshot(state: LiveState, message: Snapshot, nowMs: number): LiveState {
  return {
    connection: state.connection,
    isReady: true,
    epoch: message.epoch,
    seq: message.seq,
    clockOffsetMs: Date.parse(message.now) - nowMs,
    desk: message.desk,
    agents: new Map(message.agents.map((one) => [one.staffId, one])),
    queues: new Map(message.queues.map((one) => [one.queueId, one])),
    waiting: byQueue(message.waiting),
    calls: new Map(
      message.calls.filter((one) => one.state !== 'ended').map((one) => [one.callId, one]),
    ),
    alarms: new Map(
      message.alarms.filter((one) => one.clearedAt === null).map((one) => [one.alarmId, one]),
    ),
  };
}

function byQueue(waiting: readonly WaitingView[]): ReadonlyMap<string, readonly WaitingView[]> {
  const queues = new Map<string, WaitingView[]>();
  for (const one of waiting) queues.set(one.queueId, [...(queues.get(one.queueId) ?? []), one]);
  return queues;
}

function withEntry<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value);
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  if (!map.has(key)) return map;
  const next = new Map(map);
  next.delete(key);
  return next;
}
