import { randomUUID } from 'node:crypto';
import type { Log } from '../../core/log.ts';
import type { AudioCodec, MediaSession, Negotiation, Recorder } from '../rtp/index.ts';
import type { InboundSession, OutboundSession } from '../sip/index.ts';
import { ApplicationRuns } from './application-runs.ts';
import { isTrue } from './arguments.ts';
import { type Cause, q850Of } from './causes.ts';
import {
  stateNumbers,
  type CallerProfile,
  type CallState,
  type ChannelState,
  type Run,
  type Step,
} from './channel.types.ts';
import { type EventBus, type Headers } from './events.ts';
import { channelHeaders, variableHeaders } from './headers.ts';
import { HoldMusic } from './hold-music.ts';
import { Keys } from './keys.ts';
import { MessageQueue } from './message-queue.ts';
import { Player } from './player.ts';
import { StepSequence } from './step-sequence.ts';

/** Variables that every event about events without a call state change leaves out. */
const bare = new Set(['CHANNEL_STATE', 'CHANNEL_CALLSTATE', 'DTMF', 'CODEC']);

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

  /** Set by `park`. */
  isParked = false;
  readonly #context: ChannelContext;
  readonly #gone = new AbortController();
  #isAnswering = false;

  /** What it does one after the other. */
  readonly steps: StepSequence;
  /** What a controller sends beside that. */
  readonly messages: MessageQueue;
  /** All that runs on it now. */
  readonly applications: ApplicationRuns;
  readonly keys: Keys;
  readonly music: HoldMusic;
  readonly player = new Player();

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
    this.applications = new ApplicationRuns(this, (step, run) => context.apply(this, step, run));
    this.steps = new StepSequence(this, this.applications);
    this.messages = new MessageQueue(this, this.applications, () => this.keys.handOn());
    this.keys = new Keys(this, () => this.applications.isBusy);
    this.music = new HoldMusic(this.applications, this.gone);
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
    this.messages.clear();
    this.#gone.abort();
    if (this.applications.isIdle && this.state === 'CS_INIT') this.finish();
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
