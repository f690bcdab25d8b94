import type { AgentView, DeskView } from '../../contract/agents/agents.ts';
import type { QueueFigures } from '../../contract/agents/queues.ts';
import type { LiveCallView } from '../../contract/agents/realtime.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { LiveAlarm } from '../acd/emergencies/alarms.ts';
import type { LiveBoard, LiveChange, LiveSnapshot, LiveWaiting } from './live.types.ts';

/** The board in memory: holds the last view of everything and tells what differs from it. */
export class MemoryBoard implements LiveBoard {
  readonly #agents = new Map<string, AgentView>();
  readonly #queues = new Map<string, QueueFigures>();
  readonly #waiting = new Map<string, readonly LiveWaiting[]>();
  readonly #calls = new Map<string, LiveCallView>();
  readonly #alarms = new Map<string, LiveAlarm>();
  readonly #desks = new Map<string, DeskView>();
  readonly #listeners = new Set<(change: LiveChange) => void>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  snapshot(): LiveSnapshot {
    return {
      agents: [...this.#agents.values()],
      queues: [...this.#queues.values()],
      waiting: [...this.#waiting.values()].flat(),
      calls: [...this.#calls.values()],
      alarms: [...this.#alarms.values()],
      desks: new Map(this.#desks),
    };
  }

  subscribe(listener: (change: LiveChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  showAgent(agent: AgentView): void {
    if (put(this.#agents, agent.staffId, agent)) this.#tell({ type: 'agent', agent });
  }

  showQueue(queue: QueueFigures): void {
    if (put(this.#queues, queue.queueId, queue)) this.#tell({ type: 'queue', queue });
  }

  clearQueue(queueId: string): void {
    this.#queues.delete(queueId);
    this.#waiting.delete(queueId);
  }

  showWaiting(queueId: string, waiting: readonly LiveWaiting[]): void {
    if (put(this.#waiting, queueId, waiting)) this.#tell({ type: 'waiting', queueId, waiting });
  }

  showCall(call: LiveCallView): void {
    const isOver = call.state === 'ended';
    if (isOver && !this.#calls.has(call.callId)) return;
    if (put(this.#calls, call.callId, call)) this.#tell({ type: 'call', call }, isOver);
  }

  showAlarm(alarm: LiveAlarm): void {
    const isOver = alarm.clearedAt !== null;
    if (isOver && !this.#alarms.has(alarm.alarmId)) return;
    if (put(this.#alarms, alarm.alarmId, alarm)) this.#tell({ type: 'alarm', alarm }, isOver);
  }

  showDesk(desk: DeskView): void {
    if (put(this.#desks, desk.agent.staffId, desk)) this.#tell({ type: 'desk', desk });
  }

  /** The seat was left: everybody is told once, and the next snapshot has nothing of that person. */
  clearDesk(staffId: string): void {
    this.#desks.delete(staffId);
    const agent = this.#agents.get(staffId);
    if (agent === undefined) return;
    this.#agents.delete(staffId);
    this.#tell({
      type: 'agent',
      agent: {
        ...agent,
        presence: 'offline',
        reason: null,
        engagement: 'idle',
        callId: null,
        isPhoneReady: false,
        queueIds: [],
      },
    });
  }

  /** Another service knows now who sits, waits and calls: what stood here is shown no more. */
  clear(at: Date): void {
    for (const staffId of [...this.#agents.keys()]) this.clearDesk(staffId);
    this.#desks.clear();
    for (const queueId of [...this.#waiting.keys()]) this.showWaiting(queueId, []);
    for (const call of [...this.#calls.values()]) this.showCall({ ...call, state: 'ended' });
    const clearedAt = at.toISOString();
    for (const alarm of [...this.#alarms.values()]) this.showAlarm({ ...alarm, clearedAt });
  }

  tellEvent(name: string, payload: unknown, at: Date): void {
    this.#tell({ type: 'event', name, payload, at: at.toISOString() });
  }

  #tell(change: LiveChange, isOver = false): void {
    if (isOver && change.type === 'call') this.#calls.delete(change.call.callId);
    if (isOver && change.type === 'alarm') this.#alarms.delete(change.alarm.alarmId);
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#log.error(
          { reason: messageOf(error), change: change.type },
          'live board viewer failed',
        );
      }
    }
  }
}

/** Keeps it; false when it says the same as before. */
function put<T>(map: Map<string, T>, key: string, view: T): boolean {
  const before = map.get(key);
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(view)) return false;
  map.set(key, view);
  return true;
}
