import type { Log } from '../../core/log.ts';
import type { Media } from '../rtp/index.ts';
import type {
  Directory,
  InboundSession,
  ReferAnswer,
  ReferRequest,
  SipUserAgent,
} from '../sip/index.ts';
import type { Peer } from '../webrtc/index.ts';
import { applyStep } from './applications/applications.ts';
import type { Board, Numbering } from './board.types.ts';
import { causeOf, causeOfSip, type Cause } from './causes.ts';
import { startingGlobals, stepsFor } from '../legs/dialplan.ts';
import type { Channel, ChannelContext } from './channel.ts';
import type { Step } from './channel.types.ts';
import { dial, type DialResult } from '../legs/dialing.ts';
import { parseVariables } from '../legs/dial-string.ts';
import type { Conference } from './applications/conference.ts';
import type { EventBus } from './events.ts';
import { hotlineOf } from '../legs/hotline-number.ts';
import { attachInbound } from '../legs/inbound-leg.ts';
import { onRefer } from '../legs/referring.ts';
import type { SrtpPolicy } from '../legs/srtp-policy.ts';
import { createTrunkList } from '../legs/trunk-list.ts';
import { timerMs } from './waiting.ts';

export interface SwitchboardOptions {
  agent: SipUserAgent;
  media: Media;
  bus: EventBus;
  log: Log;
  host: string;
  domain: string;
  directory: Directory;
  openPeer: () => Promise<Peer>;
  /** `offered` by default. */
  srtp?: SrtpPolicy;
}

/** All legs, and how they come, meet and go. */
export class Switchboard implements Board {
  readonly channels = new Map<string, Channel>();
  readonly conferences = new Map<string, Conference>();
  readonly agent: SipUserAgent;
  readonly media: Media;
  readonly bus: EventBus;
  readonly log: Log;
  readonly host: string;
  readonly domain: string;
  readonly directory: Directory;
  readonly openPeer: () => Promise<Peer>;
  readonly srtp: SrtpPolicy;
  numbering: Numbering = {
    hotlines: new Set(),
    gateways: new Map(),
    trunks: createTrunkList({}),
    testTrunk: undefined,
  };
  /** `global_setvar`; read by `${name}` wherever the leg has no such variable. */
  readonly globals = startingGlobals();
  isPaused = false;
  sessionsSinceStart = 0;
  readonly #timers = new Map<
    number,
    { timer: NodeJS.Timeout; group: string; leg: Channel | undefined }
  >();
  #nextTask = 1;

  constructor(options: SwitchboardOptions) {
    this.agent = options.agent;
    this.media = options.media;
    this.bus = options.bus;
    this.log = options.log;
    this.host = options.host;
    this.domain = options.domain;
    this.directory = options.directory;
    this.openPeer = options.openPeer;
    this.srtp = options.srtp ?? 'offered';
    this.agent.isOpenDestination = (user) => hotlineOf(user, this.hotlines) !== undefined;
    this.agent.onInvite = (session) => this.#onInvite(session);
  }

  get context(): ChannelContext {
    return {
      bus: this.bus,
      log: this.log,
      apply: (channel, step, run) => applyStep(this, channel, step, run),
      onGone: (channel) => {
        this.channels.delete(channel.uuid);
        this.#forgetTimers(channel);
      },
    };
  }

  add(channel: Channel): void {
    this.sessionsSinceStart += 1;
    channel.variables.set('session_id', String(this.sessionsSinceStart));
    this.channels.set(channel.uuid, channel);
  }

  /** What a dialled number does, see `dialplan.ts`. */
  stepsFor(destination: string, channel: Channel, context = channel.profile.context) {
    const { callerNumber } = channel.profile;
    const { uuid } = channel;
    const did = channel.variables.get('lt_did');
    return stepsFor({ destination, context, callerNumber, uuid, did, hotlines: this.hotlines });
  }

  /** Numbers that anyone may dial: the settings' and those that the service named since. */
  get hotlines(): ReadonlySet<string> {
    const named = this.globals.get('lt_hotlines');
    return named === undefined ? this.numbering.hotlines : new Set(named.split('|'));
  }

  /** Whether calls from that address are a carrier's. */
  isTrunk(host: string): boolean {
    return this.numbering.trunks.at(host) !== undefined;
  }

  #onInvite(session: InboundSession): void {
    if (this.isPaused) {
      session.hangup({ status: 503, reason: 'Maintenance Mode' });
      return;
    }
    const channel = attachInbound(this, session);
    if (channel === undefined) return;
    this.add(channel);
    channel.enter('CS_INIT');
    channel.publish('CHANNEL_CREATE');
    channel.state = 'CS_ROUTING';
    channel.setCallState('RINGING');
    channel.publish('CHANNEL_STATE');
    channel.enter('CS_EXECUTE');
    void channel.run(this.stepsFor(channel.profile.destination, channel));
  }

  /** A phone asks us to transfer its partner. */
  refer(channel: Channel, request: ReferRequest): Promise<ReferAnswer> {
    return onRefer(this, channel, request);
  }

  /** `extension`, `extension XML context`, or `app:arg,app:arg inline`. */
  transfer(channel: Channel, target: string, dialplan: string | undefined, context?: string): void {
    channel.otherLeg = undefined;
    channel.redirect(this.stepsOf(channel, target, dialplan, context));
  }

  stepsOf(
    channel: Channel,
    target: string,
    dialplan: string | undefined,
    context?: string,
  ): readonly Step[] {
    if (dialplan?.toLowerCase() !== 'inline') {
      channel.profile.destination = target;
      if (context !== undefined) channel.profile.context = context;
      return this.stepsFor(target, channel);
    }
    const text = target.replace(/^'(.*)'$/s, '$1');
    const other = /^m:(.):/.exec(text);
    return (other === null ? text : text.slice(4)).split(other?.[1] ?? ',').map((one) => {
      const at = one.indexOf(':');
      return at < 0
        ? { application: one, argument: '' }
        : { application: one.slice(0, at), argument: one.slice(at + 1) };
    });
  }

  /** Calls out; the leg runs `steps` once it is up. */
  async originate(
    dialString: string,
    steps: (channel: Channel) => readonly Step[],
    options: { timeoutSec?: number; callerName?: string; callerNumber?: string } = {},
  ): Promise<DialResult> {
    const result = await dial(this, { dialString, ...options });
    if (result.channel !== undefined) {
      const { channel } = result;
      channel.enter('CS_EXECUTE');
      void channel.run(steps(channel));
    }
    return result;
  }

  // -- timers ------------------------------------------------------------------------------------

  schedule(delayMs: number, group: string, task: () => void, leg?: Channel): number {
    const id = this.#nextTask;
    this.#nextTask += 1;
    const timer = setTimeout(() => {
      this.#timers.delete(id);
      task();
    }, timerMs(delayMs));
    this.#timers.set(id, { timer, group, leg });
    return id;
  }

  unschedule(idOrGroup: string): number {
    let count = 0;
    for (const [id, { timer, group }] of [...this.#timers]) {
      if (String(id) !== idOrGroup && group !== idOrGroup) continue;
      clearTimeout(timer);
      this.#timers.delete(id);
      count += 1;
    }
    return count;
  }

  /** What was to happen to a leg that is gone; else it would be kept in memory until then. */
  #forgetTimers(channel: Channel): void {
    for (const [id, { timer, leg }] of this.#timers) {
      if (leg !== channel) continue;
      clearTimeout(timer);
      this.#timers.delete(id);
    }
  }

  scheduleHangup(channel: Channel, when: string, cause: string | undefined): number {
    const ends: Cause = cause === undefined ? 'ALLOTTED_TIMEOUT' : causeOf(cause);
    return this.schedule(delayOf(when), channel.uuid, () => channel.hangup(ends), channel);
  }

  scheduleTransfer(
    channel: Channel,
    when: string,
    to: { extension: string; dialplan: string | undefined; context: string | undefined },
  ): number {
    const task = () => {
      if (!channel.isGone) this.transfer(channel, to.extension, to.dialplan, to.context);
    };
    return this.schedule(delayOf(when), channel.uuid, task, channel);
  }

  causeOfResponse(argument: string): Cause {
    return causeOfSip(Number.parseInt(argument, 10));
  }

  variablesOf(text: string): Map<string, string> {
    return parseVariables(text);
  }

  close(): void {
    for (const { timer } of this.#timers.values()) clearTimeout(timer);
    for (const channel of [...this.channels.values()]) channel.hangup('MANAGER_REQUEST');
  }
}

/** `+8`, or seconds since 1970, in milliseconds from now. */
export function delayOf(when: string): number {
  const delay = when.startsWith('+')
    ? Number(when.slice(1)) * 1000
    : Number(when) * 1000 - Date.now();
  return Number.isFinite(delay) ? Math.max(0, delay) : 0;
}
