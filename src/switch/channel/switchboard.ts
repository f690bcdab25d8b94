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
import { startingGlobals, stepsFor } from '../legs/dialplan.ts';
import type { Channel, ChannelContext } from './channel.ts';
import type { Step } from './channel.types.ts';
import { dial, type DialResult } from '../legs/dialing.ts';
import type { Conference } from './applications/conference.ts';
import type { EventBus } from './events.ts';
import { hotlineOf } from '../legs/hotline-number.ts';
import { attachInbound } from '../legs/inbound-leg.ts';
import { onRefer } from '../legs/referring.ts';
import type { SrtpPolicy } from '../legs/srtp-policy.ts';
import { createTrunkList } from '../legs/trunk-list.ts';
import { Timers } from './timers.ts';

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
  readonly timers = new Timers();
  isPaused = false;
  sessionsSinceStart = 0;

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
        this.timers.forget(channel);
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
    void channel.steps.run(this.stepsFor(channel.profile.destination, channel));
  }

  /** A phone asks us to transfer its partner. */
  refer(channel: Channel, request: ReferRequest): Promise<ReferAnswer> {
    return onRefer(this, channel, request);
  }

  /** `extension`, `extension XML context`, or `app:arg,app:arg inline`. */
  transfer(channel: Channel, target: string, dialplan: string | undefined, context?: string): void {
    channel.otherLeg = undefined;
    channel.steps.redirect(this.stepsOf(channel, target, dialplan, context));
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
      void channel.steps.run(steps(channel));
    }
    return result;
  }

  close(): void {
    this.timers.close();
    for (const channel of [...this.channels.values()]) channel.hangup('MANAGER_REQUEST');
  }
}
