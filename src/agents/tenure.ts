import type { Call } from '../cti/index.ts';
import { openActs, type OpenActs } from './desk/open-acts.ts';
import { realign } from './conversations/recovery/adoption.ts';
import {
  reconcileTalks,
  takeUpEngagements,
  type TalkRowsParts,
} from './conversations/recovery/after-restart.ts';
import type { AgentsOptions } from './agents-options.ts';
import { Alarms } from './acd/emergencies/alarms.ts';
import { openServing, type Serving } from './conversations/serving/open-serving.ts';
import { openTalks, type OpenTalks } from './conversations/open-talks.ts';
import { sealRecordings } from './conversations/recorder.ts';
import { buildPop } from '../lookup/index.ts';
import { Emergencies } from './acd/emergencies/emergencies.ts';
import {
  agentEndpoint,
  permittedEndpoint,
  type DialOutside,
  type EndpointOf,
} from './acd/sessions/endpoints.ts';
import { keepPops, type Pops } from '../lookup/index.ts';
import { queueStrength, type QueueStrength } from './acd/sessions/strength.ts';
import { startOfDay } from './acd/sessions/day.ts';
import { loadWaits } from './acd/queues/figures.ts';
import { loadHandleTimes } from './acd/queues/handle-times.ts';
import { openAcd, type OpenAcd } from './acd/open-acd.ts';
import type { QueueAdmin } from './acd/queues/queue-admin.ts';
import type { ServeRequest, ServeResult } from './acd/queues/serve.types.ts';
import { queueVoice } from './acd/queues/announcements/voice.ts';
import type { WaitingCaller } from './acd/routing/index.ts';
import { openScreens } from './desk/open-screens.ts';
import type { Screens } from './desk/screens.ts';

/**
 * Who sits, waits and talks, and what agents do: as long as this service drives the switch. Empty at first; `load`
 * reads the rows.
 */
export class Tenure {
  readonly acts: OpenActs;
  readonly alarms: Alarms;
  readonly pops: Pops;
  readonly screens: Screens;
  readonly #options: AgentsOptions;
  readonly #queues: QueueAdmin;
  readonly #open: OpenAcd;
  readonly #emergencies: Emergencies;
  readonly #talks: OpenTalks;
  readonly #serving: Serving;
  /** Callbacks that a predecessor owes, until the switch has told who is in a call. */
  #owed: WaitingCaller[] = [];

  /** @param over once aborted, nothing of this is written any more: the rows are kept by another service. */
  constructor(options: AgentsOptions, queues: QueueAdmin, over: AbortSignal) {
    this.#options = options;
    this.#queues = queues;
    const { db, clock, log, cti, sound, outside, screens: shown } = options;
    const dialOutside: DialOutside = (wish) =>
      permittedEndpoint(outside.dialling, outside.trunks, wish);
    const endpointOf: EndpointOf = (seat) => agentEndpoint(outside.trunks, seat);
    const telephones = { ...outside, outside: dialOutside, endpointOf };
    const common = { db, clock, log, cti };
    const { board, latencies } = shown;
    const pops = keepPops((callId) => popOf(options, callId));
    const open = openAcd({ ...common, latencies, trunks: outside.trunks }, over, {
      onChange: ({ queueIds, staffIds }) => {
        for (const queueId of queueIds) this.screens.showQueue(queueId);
        for (const staffId of staffIds) this.screens.showDesk(staffId);
      },
      onCallback: (caller, staffId) => void this.#serving.callBack(caller, staffId),
    });
    const alarms = new Alarms({ db, clock, log, board });
    const { seats, acd } = open;
    const emergencies = new Emergencies(
      { db, log, acd, seats, outside: dialOutside, trunks: outside.trunks, tts: sound.tts },
      alarms,
    );
    const talks = openTalks({ ...common, endpointOf, pops, emergencies }, open, {
      onChange: (conversation) => this.screens.showConversation(conversation),
      onDesk: (staffId) => this.screens.showDesk(staffId),
    });
    const screens = openScreens({ ...common, board }, { ...open, ...talks, pops });
    const voice = queueVoice(sound.tts, sound.tunes);
    this.#serving = openServing(
      { ...common, pops, telephones, voice, recordings: sound.recordings },
      open,
      talks,
      (call) => this.onCall(call, 'new'),
    );
    seats.onChange = (staffId, seat) => {
      acd.onSeat(staffId, seat);
      this.screens.onSeat(staffId, seat);
    };
    this.acts = openActs(
      {
        ...{ db, clock, cti, pops, alarms, outside: dialOutside },
        dial: (staffId, request) => this.#serving.dial(staffId, request),
        mustLead: () => over.throwIfAborted(),
      },
      open,
      talks,
      screens,
    );
    this.alarms = alarms;
    this.pops = pops;
    this.screens = screens.screens;
    this.#open = open;
    this.#emergencies = emergencies;
    this.#talks = talks;
  }

  /**
   * What a predecessor left. Safe to repeat until it has succeeded.
   *
   * @param tellDisk raises the alarm of a disk that is full, once those of before are known.
   */
  async load(since: Date, tellDisk: () => Promise<void>): Promise<void> {
    const { db, clock, cti } = this.#options;
    const { seats, acd, waits, handleTimes, store } = this.#open;
    await loadHandleTimes(db, clock, handleTimes);
    await store.endOpenOffers(since);
    await this.readQueues();
    this.#owed = [];
    waits.clear();
    await loadWaits(db, startOfDay(since), waits);
    await seats.load();
    await takeUpEngagements(this.#talkRows, cti.nodes);
    await this.alarms.load();
    await tellDisk();
    for (const caller of await store.waiting()) {
      // Those who wait in a call come back by themselves, through `serve`.
      if (!caller.isVirtual) continue;
      acd.callbacks.make(caller);
      this.#owed.push(caller);
    }
    if (cti.nodes.some(({ isConnected }) => isConnected)) this.#callOwed();
  }

  /** Queues as the rows have them now. */
  async readQueues(): Promise<void> {
    const { acd } = this.#open;
    const queues = await this.#queues.all();
    for (const queue of queues) {
      acd.setQueue(queue);
      this.screens.showQueue(queue.queueId);
    }
    for (const { queueId } of acd.queues) {
      if (queues.some((queue) => queue.queueId === queueId)) continue;
      acd.removeQueue(queueId);
      this.#options.screens.board.clearQueue(queueId);
    }
  }

  onCall(call: Call, how: 'new' | 'adopted'): void {
    const { sound, log } = this.#options;
    const { recordings } = sound;
    this.screens.onCall(call);
    if (how === 'adopted') this.#talks.adoptions.begin(call);
    const seal = () => void sealRecordings({ recordings, log }, call);
    call.gone.addEventListener('abort', seal, { once: true });
  }

  leadOn(call: Call): void {
    void this.#serving.adopt(call);
  }

  async onReconciled(switchNode: string): Promise<void> {
    const { cti, log } = this.#options;
    const { adoptions, conversations } = this.#talks;
    const { store } = this.#open;
    await reconcileTalks(
      {
        ...{ adoptions, conversations, talks: this.#talkRows, queues: store, log },
        realign: (conversation) => realign(cti, conversation),
      },
      switchNode,
    );
    this.#callOwed();
  }

  get #talkRows(): TalkRowsParts {
    const { engagements, seats } = this.#open;
    return { engagements, seats, pops: this.pops, wrapUps: this.#talks.wrapUps };
  }

  #callOwed(): void {
    for (const caller of this.#owed.splice(0)) this.#open.acd.callbacks.queue(caller);
  }

  async serve(call: Call, request: ServeRequest): Promise<ServeResult> {
    if (request.isEmergency) await this.#emergencies.raise(call, request);
    try {
      return await this.#serving.serve(call, request);
    } finally {
      if (request.isEmergency) this.#emergencies.end(call.id);
    }
  }

  strengthOf(queueId: string): QueueStrength {
    return queueStrength(this.#open.seats.all, queueId, this.#options.clock.now());
  }

  /** Figures «today» begin anew without a restart. */
  beginDay(): void {
    const { waits, seats, acd } = this.#open;
    waits.clear();
    seats.beginDay();
    for (const { queueId } of acd.queues) this.screens.showQueue(queueId);
  }

  /** Nothing of it rings, decides or shows any more. */
  close(): void {
    this.#open.acd.stop();
    this.#talks.wrapUps.stop();
    this.screens.stop();
    this.#emergencies.stop();
  }
}

async function popOf({ db, clock }: AgentsOptions, callId: string) {
  const pop = await buildPop(db, clock, callId);
  if (pop === undefined) throw new Error('the call has no row');
  return pop;
}
