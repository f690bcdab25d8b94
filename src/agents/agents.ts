import { setTimeout as delay } from 'node:timers/promises';
import type { DiskState } from '../contract/codes.ts';
import { messageOf } from '../core/errors.ts';
import type { Call } from '../cti/index.ts';
import type { CallControl } from './desk/call-control.ts';
import type { CallNotes } from './desk/call-notes.ts';
import type { AgentSessions } from './desk/sessions.ts';
import type { SupervisorActs } from './desk/supervisor-acts.ts';
import { StandbyError } from './agents.errors.ts';
import type { AgentsOptions } from './agents-options.ts';
import { keepPopsFresh } from '../lookup/index.ts';
import { watchSpend } from './acd/emergencies/spend-alarm.ts';
import { watchPins } from './acd/emergencies/pin-alarms.ts';
import type { QueueStrength } from './acd/sessions/strength.ts';
import { nextDay } from './acd/sessions/day.ts';
import { createQueueAdmin, type QueueAdmin } from './acd/queues/queue-admin.ts';
import { QueueChanges } from './acd/queues/queue-changes.ts';
import type { ServeRequest, ServeResult } from './acd/queues/serve.types.ts';
import { Tenure } from './tenure.ts';

/** People who answer, and what they may do. */
export interface Agents {
  /** Shows the queues; nobody is seated, and nothing rings, before `lead`. */
  start(): Promise<void>;
  /**
   * This service drives the switch: who sits, waits and is owed a call is read from the rows, and served. Resolves
   * when that is done, or the database has taken too long; it is tried again then.
   */
  lead(): Promise<void>;
  /** Another service drives now: lets go of everything and writes nothing more of it. */
  standBy(): void;
  stop(): void;
  /** Every live call passes here once, for the screens; one that a predecessor led is taken up again. */
  onCall(call: Call, how: 'new' | 'adopted'): void;
  /** One that an agent dialled, and a predecessor led. After `onCall`. */
  leadOn(call: Call, how: 'new' | 'adopted'): void;
  /** All calls of that switch are known: whoever is still in a call that is over is let go. */
  onReconciled(switchNode: string): Promise<void>;
  /** Supervisors are told while recordings have too little room. */
  onDisk(disk: { state: DiskState; freeMb: number }): Promise<void>;
  /** Connects a caller with a person; see `serve`. */
  serve(call: Call, request: ServeRequest): Promise<ServeResult>;
  /** For those who dial ahead of a queue's agents. */
  strengthOf(queueId: string): QueueStrength;

  readonly sessions: AgentSessions;
  readonly calls: CallControl;
  readonly notes: CallNotes;
  readonly supervision: SupervisorActs;
  readonly queues: QueueChanges;
}

export function buildAgents(options: AgentsOptions): Agents {
  return new AgentsService(options);
}

/** What a take-over waits for the rows at most: callers stand on the switch meanwhile. */
const longestLoadMs = 3000;
const loadAgainMs = 2000;

class AgentsService implements Agents {
  readonly queues: QueueChanges;
  readonly #options: AgentsOptions;
  readonly #admin: QueueAdmin;
  #tenure: Tenure;
  /** Undefined until this service drives the switch, and after it has lost it. */
  #driving: AbortController | undefined;
  #disk: { state: DiskState; freeMb: number } = { state: 'ok', freeMb: 0 };
  #midnight: NodeJS.Timeout | undefined;

  constructor(options: AgentsOptions) {
    this.#options = options;
    this.#admin = createQueueAdmin(options.db, options.clock);
    this.#tenure = this.#standingBy();
    this.queues = new QueueChanges({
      clock: options.clock,
      mustHear: () => this.#mustHear(),
      reload: () => this.#tenure.readQueues(),
      rereadSeats: () => this.sessions.rereadAll(),
    });
  }

  get sessions(): AgentSessions {
    return this.#tenure.acts.sessions;
  }

  get calls(): CallControl {
    return this.#tenure.acts.calls;
  }

  get notes(): CallNotes {
    return this.#tenure.acts.notes;
  }

  get supervision(): SupervisorActs {
    return this.#tenure.acts.supervision;
  }

  async start(): Promise<void> {
    const { db, clock, log, events } = this.#options;
    watchPins({ db, clock, events }, { raise: (alarm) => this.#tenure.alarms.raise(alarm) });
    keepPopsFresh({
      ...{ db, events, log },
      pops: () => this.#tenure.pops,
      show: (callId) => this.#tenure.screens.showViewers(callId),
    });
    events.watch('staff.changed', ({ staffId }) => this.sessions.reread(staffId));
    events.onGap(() => void this.sessions.rereadAll());
    await this.#tenure.readQueues();
  }

  async lead(): Promise<void> {
    if (this.#driving !== undefined) return;
    const { log, outside, clock } = this.#options;
    const driving = new AbortController();
    this.#driving = driving;
    this.#tenure.close();
    const tenure = new Tenure(this.#options, this.#admin, driving.signal);
    this.#tenure = tenure;
    this.#awaitMidnight();
    watchSpend(outside.dialling, tenure.alarms, clock);
    const tellDisk = () => this.#tellDisk();
    const loaded = tenure.load(clock.now(), tellDisk).catch((error: unknown) => {
      log.error({ reason: messageOf(error) }, 'agent sessions not read; trying again');
      void this.#loadLater(tenure, driving.signal);
    });
    await Promise.race([loaded, delay(longestLoadMs, undefined, { ref: false })]);
  }

  /** A database that was away as the switch became ours keeps nobody from the flows. */
  async #loadLater(tenure: Tenure, signal: AbortSignal): Promise<void> {
    const since = this.#options.clock.now();
    while (!signal.aborted) {
      try {
        await delay(loadAgainMs, undefined, { signal, ref: false });
        await tenure.load(since, () => this.#tellDisk());
        return;
      } catch (error) {
        this.#options.log.debug({ reason: messageOf(error) }, 'agent sessions not read yet');
      }
    }
  }

  standBy(): void {
    const { screens, clock, log, outside } = this.#options;
    if (this.#driving === undefined) return;
    this.#driving.abort(new StandbyError());
    this.#driving = undefined;
    clearTimeout(this.#midnight);
    outside.dialling.stop();
    this.#tenure.close();
    screens.board.clear(clock.now());
    this.#tenure = this.#standingBy();
    this.#tenure.readQueues().catch((error: unknown) => {
      log.warn({ reason: messageOf(error) }, 'queue figures not published');
    });
  }

  /** Shows queues, and writes nothing. */
  #standingBy(): Tenure {
    return new Tenure(this.#options, this.#admin, AbortSignal.abort(new StandbyError()));
  }

  #awaitMidnight(): void {
    const now = this.#options.clock.now();
    const inMs = nextDay(now).getTime() - now.getTime();
    this.#midnight = setTimeout(() => {
      this.#tenure.beginDay();
      this.#awaitMidnight();
    }, inMs);
    this.#midnight.unref();
  }

  stop(): void {
    clearTimeout(this.#midnight);
    this.#tenure.close();
    this.#options.outside.dialling.stop();
  }

  /** The service that drives would not hear of another queue before it is started again. */
  #mustHear(): void {
    const isStandby = this.#options.cti.nodes.some((node) => node.isStandby);
    if (isStandby && this.#driving === undefined) throw new StandbyError();
  }

  /** On every supervisor's screen while the disk has too little room, whoever confirms it or not. */
  async onDisk(disk: { state: DiskState; freeMb: number }): Promise<void> {
    this.#disk = disk;
    // One that stands by tells it when it leads; its log and its health have it at once.
    if (this.#driving !== undefined) await this.#tellDisk();
  }

  async #tellDisk(): Promise<void> {
    const { alarms } = this.#tenure;
    const { state, freeMb } = this.#disk;
    if (state === 'ok') return alarms.clear('disk_low', null);
    const facts = { kind: 'disk_low', callId: null, estateId: null, details: { freeMb } } as const;
    await alarms.raise(facts);
  }

  onCall(call: Call, how: 'new' | 'adopted'): void {
    this.#tenure.onCall(call, how);
  }

  leadOn(call: Call, how: 'new' | 'adopted'): void {
    if (how === 'adopted') this.#tenure.leadOn(call);
  }

  onReconciled(switchNode: string): Promise<void> {
    return this.#tenure.onReconciled(switchNode);
  }

  serve(call: Call, request: ServeRequest): Promise<ServeResult> {
    return this.#tenure.serve(call, request);
  }

  strengthOf(queueId: string): QueueStrength {
    return this.#tenure.strengthOf(queueId);
  }
}
