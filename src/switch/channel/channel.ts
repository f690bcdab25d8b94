import { randomUUID } from 'node:crypto';
import type { Log } from '../../core/log.ts';
import type { AudioCodec, AudioSource, MediaSession, Negotiation, Recorder } from '../rtp/index.ts';
import type { InboundSession, OutboundSession } from '../sip/index.ts';
import { isTrue } from './arguments.ts';
import { type Cause, q850Of } from './causes.ts';
import {
  stateNumbers,
  type CallerProfile,
  type CallState,
  type ChannelState,
  type Message,
  type Run,
  type Step,
} from './channel.types.ts';
import { type EventBus, type Headers } from './events.ts';
import { channelHeaders, variableHeaders } from './headers.ts';
import { Keys } from './keys.ts';
import { Player, type PlayResult } from './player.ts';

/** Variables that every event about events without a call state change leaves out. */
const bare = new Set(['CHANNEL_STATE', 'CHANNEL_CALLSTATE', 'DTMF', 'CODEC']);
const maxQueued = 500;

export interface ChannelContext {
  bus: EventBus;
  log: Log;
  /** Runs an application; resolves with its Application-Response. */
  apply: (channel: Channel, step: Step, run: Run) => Promise<string>;
  onGone: (channel: Channel) => void;
}

/** One leg with all that FreeSWITCH would know of it. Drives no sockets itself. */
export class Channel {
  readonly uuid: string;
  readonly direction: 'inbound' | 'outbound';
  readonly name: string;
  readonly presenceId: string;
  readonly profile: CallerProfile;
  readonly variables = new Map<string, string>();
  readonly times = {
    created: Date.now(),
    answered: 0,
    progress: 0,
    progressMedia: 0,
    hangup: 0,
    transfer: 0,
    bridged: 0,
    held: 0,
  };
  readonly log: Log;
  readonly bus: EventBus;
  readonly recorders = new Map<string, Recorder>();
  /** Files that are heard beside what the leg does, and how to stop each. */
  readonly displaced = new Map<string, () => void>();
  session: InboundSession | OutboundSession | undefined;
  media: MediaSession | undefined;
  /** How its audio is agreed on; there once `media` is. */
  negotiation: Negotiation | undefined;
  codec: AudioCodec | undefined;
  state: ChannelState = 'CS_NEW';
  callState: CallState = 'DOWN';
  answerState: 'ringing' | 'early' | 'answered' | 'hangup' = 'ringing';
  hangupCause: Cause | undefined;
  /** The leg that this one talks to now. */
  other: Channel | undefined;
  /** The one that events name: the last that it talked to, until a transfer. */
  otherLeg: Channel | undefined;
  isOriginator = false;
  /** A registered telephone of ours, which may transfer its partner. */
  isOwnPhone = false;
  /** We offered hold; the far end may ask for the opposite. */
  isHeldByUs = false;
  /** Answers the far end; set by whoever made the channel. */
  onAnswer: () => Promise<void> = () => Promise.resolve();
  onPreAnswer: () => Promise<void> = () => Promise.resolve();
  onRingReady: () => void = () => undefined;
  /** Told when it begins to talk to another leg. */
  onBridged: (other: Channel) => void = () => undefined;
  /** Told once the far end pays. */
  onAnswered: () => void = () => undefined;
  /** Says goodbye to the far end. */
  onHangup: (cause: Cause) => void = () => undefined;

  readonly keys = new Keys();
  readonly #context: ChannelContext;
  readonly #gone = new AbortController();
  readonly #queue: Message[] = [];
  readonly #runs = new Set<{ controller: AbortController; isRoot: boolean }>();
  #isLocked = false;
  #isAnswering = false;
  #active = 0;
  #idle: (() => void) | undefined;
  #next: readonly Step[] | undefined;
  #keepsRest = false;
  #music: AbortController | undefined;
  readonly #player = new Player();

  constructor(
    options: {
      uuid?: string;
      direction: 'inbound' | 'outbound';
      name: string;
      profile: CallerProfile;
      presenceId: string;
    },
    context: ChannelContext,
  ) {
    this.uuid = options.uuid ?? randomUUID();
    this.direction = options.direction;
    this.name = options.name;
    this.profile = options.profile;
    this.presenceId = options.presenceId;
    this.#context = context;
    this.bus = context.bus;
    this.log = context.log;
    this.variables.set('direction', this.direction);
    this.variables.set('uuid', this.uuid);
    this.variables.set('call_uuid', this.uuid);
  }

  get stateNumber(): number {
    return stateNumbers[this.state];
  }

  get isGone(): boolean {
    return this.#gone.signal.aborted;
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** On the way to the answer: nobody is told of early media. */
  get isAnswering(): boolean {
    return this.#isAnswering;
  }

  get isAnswered(): boolean {
    return this.answerState === 'answered';
  }

  publish(name: string, extra: Headers = []): void {
    const headers = [...channelHeaders(this), ...(bare.has(name) ? [] : variableHeaders(this))];
    this.bus.publish(name, [...headers, ...extra]);
  }

  enter(state: ChannelState): void {
    if (this.isGone && stateNumbers[state] < 10) return;
    this.state = state;
    this.publish('CHANNEL_STATE');
  }

  setCallState(state: CallState): void {
    if (this.callState === state) return;
    const before = this.callState;
    this.callState = state;
    this.publish('CHANNEL_CALLSTATE', [['Original-Channel-Call-State', before]]);
  }

  setVariable(name: string, value: string | undefined): void {
    if (value === undefined || value === '') this.variables.delete(name);
    else this.variables.set(name, value);
  }

  /** `true`, `yes`, `1` and the like, as FreeSWITCH reads them. */
  isTrue(name: string): boolean {
    return isTrue(this.variables.get(name));
  }

  /** Set by `park`. */
  isParked = false;

  // -- running applications --------------------------------------------------------------------

  /** Runs the steps one after the other, and whatever a transfer puts in their place, to the end. */
  async run(steps: readonly Step[]): Promise<void> {
    let left = [...steps];
    while (!this.isGone) {
      const step = left.shift();
      if (step === undefined) {
        this.hangup('NORMAL_CLEARING');
        break;
      }
      const state = step.state ?? 'CS_EXECUTE';
      if (this.state !== state) this.enter(state);
      await this.#apply(step, undefined, true);
      if (this.#next !== undefined) {
        left = this.#keepsRest ? [...this.#next, ...left] : [...this.#next];
        this.#next = undefined;
      }
    }
    await this.#settled();
    this.finish();
  }

  /**
   * Leaves whatever runs, and goes on with these steps: transfer, park, bridge. What stood behind the
   * one that was left comes after them (`keepsRest`), or is forgotten.
   */
  redirect(steps: readonly Step[], { keepsRest = false } = {}): void {
    if (this.isGone) return;
    for (const step of this.#next ?? []) step.onDropped?.();
    this.#next = steps;
    this.#keepsRest = keepsRest;
    this.times.transfer = Date.now();
    for (const run of [...this.#runs]) run.controller.abort('redirect');
  }

  get isRedirected(): boolean {
    return this.#next !== undefined;
  }

  /** Stops what runs now; with `all` also what waits. */
  break(isAll: boolean): boolean {
    const inner = [...this.#runs].filter((run) => !run.isRoot);
    if (isAll) this.#queue.length = 0;
    for (const run of isAll ? inner : inner.slice(-1)) run.controller.abort('break');
    return inner.length > 0;
  }

  enqueue(message: Message): boolean {
    if (this.isGone || this.#queue.length >= maxQueued) return false;
    this.#queue.push(message);
    this.#pump();
    return true;
  }

  #pump(): void {
    while (!this.#isLocked && !this.isGone) {
      const message = this.#queue.shift();
      if (message === undefined) {
        this.tellKeys();
        return;
      }
      if (message.isLocked) this.#isLocked = true;
      void this.#runMessage(message);
    }
  }

  async #runMessage(message: Message): Promise<void> {
    for (let turn = 0; turn < message.loops && !this.isGone; turn += 1) {
      // One that is done at once, over and over, must not keep everybody else waiting.
      if (turn > 0) await new Promise((resolve) => setImmediate(resolve));
      await this.#apply(message, message.uuid, false);
    }
    if (message.isLocked) this.#isLocked = false;
    this.#pump();
  }

  async #apply(
    step: Step,
    uuid: string | undefined,
    isRoot: boolean,
    controller = new AbortController(),
  ): Promise<string> {
    const run = { controller, isRoot };
    const applicationUuid = uuid ?? randomUUID();
    this.#runs.add(run);
    this.#active += 1;
    this.setVariable('current_application', step.application);
    this.setVariable('current_application_data', step.argument);
    this.setVariable('current_application_response', undefined);
    const headers: Headers = [
      ['Application', step.application],
      ...(step.argument === '' ? [] : [['Application-Data', step.argument] as const]),
    ];
    if (step.isQuiet !== true) {
      this.publish('CHANNEL_EXECUTE', [...headers, ['Application-UUID', applicationUuid]]);
    }
    const signal = AbortSignal.any([run.controller.signal, this.gone]);
    let response = '_none_';
    try {
      response = await this.#context.apply(this, step, { signal });
    } catch (error) {
      this.log.warn(
        { err: error, channel: this.uuid, app: step.application },
        'application failed',
      );
    }
    this.#runs.delete(run);
    this.setVariable('current_application_response', response === '_none_' ? undefined : response);
    if (step.isQuiet !== true && step.isEndless !== true) {
      this.publish('CHANNEL_EXECUTE_COMPLETE', [
        ...headers,
        ['Application-Response', response],
        ['Application-UUID', applicationUuid],
      ]);
    }
    this.#active -= 1;
    if (this.#active === 0) this.#idle?.();
    return response;
  }

  /** Plays to a leg whose partner holds it, over and over, beside whatever it does. */
  startMusic(file: string): void {
    this.stopMusic();
    const controller = new AbortController();
    this.#music = controller;
    const play = async () => {
      while (!controller.signal.aborted && !this.isGone) {
        const step = { application: 'playback', argument: file };
        const response = await this.#apply(step, undefined, false, controller);
        if (response !== 'FILE PLAYED') return;
      }
    };
    void play();
  }

  stopDisplacing(path: string): boolean {
    const stop = this.displaced.get(path);
    stop?.();
    return stop !== undefined;
  }

  stopMusic(): void {
    this.#music?.abort('break');
    this.#music = undefined;
  }

  #settled(): Promise<void> {
    if (this.#active === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle = resolve;
    });
  }

  // -- audio -------------------------------------------------------------------------------------

  /** Plays to the end, or until the signal. */
  play(source: AudioSource, signal: AbortSignal): Promise<PlayResult> {
    return this.media === undefined
      ? Promise.resolve({ isBroken: true, samples: 0 })
      : this.#player.play(this.media, source, signal);
  }

  // -- keys --------------------------------------------------------------------------------------

  /** A key from the far end, or one that a controller puts in its place. */
  receiveDigit(digit: string, durationMs: number, source: string): void {
    if (this.isGone) return;
    this.keys.put({ digit, durationMs, source });
    this.tellKeys();
  }

  /** A parked leg that runs nothing tells of its keys, and forgets them; a bridged one hands them on. */
  tellKeys(): void {
    if ([...this.#runs].some((run) => !run.isRoot)) return;
    const other = this.other?.media;
    if (!this.isParked && other === undefined) return;
    for (let digit = this.takeDigit(); digit !== undefined; digit = this.takeDigit()) {
      other?.sendDtmf(digit, 100);
    }
  }

  /** Takes the oldest key that nobody has read yet, and tells of it. */
  takeDigit(): string | undefined {
    const next = this.keys.take();
    if (next === undefined) return undefined;
    this.publish('DTMF', [
      ['DTMF-Digit', next.digit],
      ['DTMF-Duration', String(next.durationMs * 8)],
      ['DTMF-Source', next.source],
    ]);
    return next.digit;
  }

  // -- life --------------------------------------------------------------------------------------

  async answer(): Promise<void> {
    if (this.isAnswered || this.isGone) return;
    if (this.direction === 'inbound') this.#isAnswering = true;
    await this.preAnswer();
    if (this.isGone) return;
    await this.onAnswer();
  }

  async preAnswer(): Promise<void> {
    if (this.answerState !== 'ringing' || this.isGone) return;
    await this.onPreAnswer();
  }

  /** Media is up, but the far end does not pay yet. */
  markEarly(): void {
    if (this.answerState !== 'ringing' || this.isGone) return;
    this.answerState = 'early';
    if (this.#isAnswering) return;
    this.times.progressMedia = Date.now();
    this.publish('CHANNEL_PROGRESS_MEDIA');
    this.setCallState('EARLY');
  }

  markAnswered(): void {
    if (this.isAnswered || this.isGone) return;
    this.answerState = 'answered';
    this.times.answered = Date.now();
    this.setVariable('answer_epoch', String(Math.floor(Date.now() / 1000)));
    this.setVariable('endpoint_disposition', 'ANSWER');
    this.publish('CHANNEL_ANSWER');
    this.setCallState('ACTIVE');
    this.onAnswered();
  }

  /** Ends the leg; the first cause counts. */
  hangup(cause: Cause): void {
    if (this.isGone || this.hangupCause !== undefined) return;
    this.hangupCause = cause;
    this.answerState = 'hangup';
    this.times.hangup = Date.now();
    this.variables.set('hangup_cause', cause);
    this.variables.set('hangup_cause_q850', String(q850Of(cause)));
    this.publish('CHANNEL_HANGUP');
    this.onHangup(cause);
    this.#queue.length = 0;
    this.#gone.abort();
    if (this.#active === 0 && this.state === 'CS_INIT') this.finish();
  }

  /** Told to all that the leg is over; by others for one that never got to run anything. */
  finish(): void {
    if (this.state === 'CS_DESTROY') return;
    for (const recorder of this.recorders.values()) recorder.stop();
    this.enter('CS_HANGUP');
    this.setCallState('HANGUP');
    this.media?.close();
    this.variables.set('end_epoch', String(Math.floor(Date.now() / 1000)));
    const { answered, created, hangup } = this.times;
    this.variables.set('duration', String(Math.floor((hangup - created) / 1000)));
    this.variables.set(
      'billsec',
      String(answered === 0 ? 0 : Math.floor((hangup - answered) / 1000)),
    );
    this.enter('CS_REPORTING');
    this.publish('CHANNEL_HANGUP_COMPLETE');
    this.#context.onGone(this);
    this.publish('CHANNEL_DESTROY');
    this.enter('CS_DESTROY');
  }
}
