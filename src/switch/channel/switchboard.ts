import type { Log } from '../../core/log.ts';
import type { Media } from '../rtp/index.ts';
import type { Directory, InboundSession, SipUserAgent } from '../sip/index.ts';
import type { Peer } from '../webrtc/index.ts';
import { applyStep, aborted } from './applications.ts';
import { causeOf, causeOfSip, type Cause } from './causes.ts';
import type { Channel } from './channel.ts';
import { type ChannelContext, type Run, type Step } from './channel.ts';
import { dial, type DialResult } from './dialing.ts';
import { parseVariables } from './dial-string.ts';
import type { EventBus } from './events.ts';
import { attachInbound } from './inbound-leg.ts';
import { openAudio } from './audio.ts';
import { offerHold } from './leg-media.ts';

export interface Gateway {
  host: string;
  port: number;
  username?: string;
  password?: string;
}

export interface SwitchboardOptions {
  agent: SipUserAgent;
  media: Media;
  bus: EventBus;
  log: Log;
  host: string;
  domain: string;
  directory: Directory;
  openPeer: () => Promise<Peer>;
}

/** What the configuration says about who may dial what; replaced by `reloadxml`. */
export interface Numbering {
  hotlines: ReadonlySet<string>;
  gateways: ReadonlyMap<string, Gateway>;
}

/** All legs, and how they come, meet and go. */
export class Switchboard {
  readonly channels = new Map<string, Channel>();
  readonly agent: SipUserAgent;
  readonly media: Media;
  readonly bus: EventBus;
  readonly log: Log;
  readonly host: string;
  readonly domain: string;
  readonly directory: Directory;
  readonly openPeer: () => Promise<Peer>;
  numbering: Numbering = { hotlines: new Set(), gateways: new Map() };
  isPaused = false;
  sessionsSinceStart = 0;
  readonly #timers = new Map<number, { timer: NodeJS.Timeout; group: string }>();
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
    this.agent.isOpenDestination = (user) => this.numbering.hotlines.has(user);
    this.agent.onInvite = (session) => this.#onInvite(session);
  }

  get context(): ChannelContext {
    return {
      bus: this.bus,
      log: this.log,
      apply: (channel, step, run) => applyStep(this, channel, step, run),
      onGone: (channel) => this.channels.delete(channel.uuid),
    };
  }

  add(channel: Channel): void {
    this.sessionsSinceStart += 1;
    channel.variables.set('session_id', String(this.sessionsSinceStart));
    this.channels.set(channel.uuid, channel);
  }

  /** What a dialled number does: the service decides about all calls that may come in. */
  stepsFor(destination: string, channel: Channel): readonly Step[] {
    const isTrusted =
      channel.direction === 'outbound' || channel.variables.get('sip_authorized') === 'true';
    if (isTrusted || this.numbering.hotlines.has(destination)) {
      return [{ application: 'park', argument: '' }];
    }
    return [{ application: 'hangup', argument: 'CALL_REJECTED' }];
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

  /** `extension`, `extension XML context`, or `app:arg,app:arg inline`. */
  transfer(channel: Channel, target: string, dialplan: string | undefined): void {
    channel.redirect(this.stepsOf(channel, target, dialplan));
  }

  stepsOf(channel: Channel, target: string, dialplan: string | undefined): readonly Step[] {
    if (dialplan?.toLowerCase() !== 'inline') {
      channel.profile.destination = target;
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

  /** The `bridge` application: dials, connects, and waits until one side leaves. */
  async bridgeTo(channel: Channel, dialString: string, run: Run): Promise<string> {
    const ringback =
      channel.variables.get('ringback') ?? channel.variables.get('transfer_ringback');
    if (channel.isAnswered && ringback !== undefined) {
      channel.media?.setBackground(await openAudio(this.media, ringback));
    }
    const result = await dial(this, { dialString, originator: channel, signal: run.signal });
    channel.media?.setBackground(undefined);
    channel.variables.set(
      'originate_disposition',
      result.channel === undefined ? result.cause : 'SUCCESS',
    );
    channel.variables.set('DIALSTATUS', dialStatusOf(result.cause));
    if (result.channel === undefined) {
      if (!channel.isGone && !channel.isRedirected) {
        channel.variables.set('originate_failed_cause', result.cause);
        const goesOn = channel.variables.get('continue_on_fail');
        const isContinued =
          goesOn === 'true' || (goesOn?.split(',').includes(result.cause) ?? false);
        if (!isContinued) channel.hangup(result.cause);
      }
      return '_none_';
    }
    const other = result.channel;
    other.enter('CS_CONSUME_MEDIA');
    void other.run([{ application: '&exchange', argument: channel.uuid }]);
    await channel.answer();
    await this.#talk(channel, other, run.signal, true);
    if (
      !channel.isGone &&
      !channel.isRedirected &&
      channel.variables.get('hangup_after_bridge') === 'true'
    ) {
      channel.hangup(other.hangupCause ?? 'NORMAL_CLEARING');
    }
    return '_none_';
  }

  /** `uuid_bridge`: both legs leave what they do and talk. */
  connect(a: Channel, b: Channel): void {
    b.redirect([{ application: '&exchange', argument: a.uuid }, ...afterwards(b)]);
    a.redirect([{ application: '&exchange', argument: `${b.uuid} first` }, ...afterwards(a)]);
  }

  /** The waiting half of a bridge, or the first half of `uuid_bridge`. */
  async exchange(channel: Channel, argument: string, run: Run): Promise<string> {
    const [otherUuid = '', first] = argument.split(' ');
    const other = this.channels.get(otherUuid);
    if (other === undefined || other.isGone) return '_none_';
    if (first === 'first') {
      await Promise.all([channel.answer(), other.answer()]);
      await this.#talk(channel, other, run.signal, true);
      return '_none_';
    }
    const left = new AbortController();
    other.gone.addEventListener('abort', () => left.abort(), { once: true });
    channel.onUnbridged = () => left.abort();
    await aborted(AbortSignal.any([run.signal, left.signal]));
    channel.onUnbridged = () => undefined;
    if (!channel.isGone && !channel.isRedirected && !channel.isTrue('park_after_bridge')) {
      channel.hangup('NORMAL_CLEARING');
    }
    return '_none_';
  }

  async #talk(a: Channel, b: Channel, signal: AbortSignal, isOriginator: boolean): Promise<void> {
    if (a.isGone || b.isGone || a.media === undefined || b.media === undefined) return;
    a.other = b;
    b.other = a;
    a.isOriginator = isOriginator;
    const now = Date.now();
    for (const [leg, other] of [
      [a, b],
      [b, a],
    ] as const) {
      leg.times.bridged = now;
      leg.variables.set('bridge_uuid', other.uuid);
      leg.variables.set('signal_bond', other.uuid);
      leg.media?.setBackground(undefined);
    }
    a.media.bridge(b.media);
    const pair = [
      ['Bridge-A-Unique-ID', a.uuid],
      ['Bridge-B-Unique-ID', b.uuid],
    ] as const;
    a.publish('CHANNEL_BRIDGE', pair);
    const left = new AbortController();
    a.onUnbridged = () => left.abort();
    const redirected = new AbortController();
    b.onRedirected = () => redirected.abort();
    await aborted(AbortSignal.any([signal, a.gone, b.gone, left.signal, redirected.signal]));
    b.onRedirected = () => undefined;
    a.onUnbridged = () => undefined;
    a.media.unbridge();
    a.publish('CHANNEL_UNBRIDGE', pair);
    for (const leg of [a, b]) {
      leg.other = undefined;
      leg.variables.delete('signal_bond');
      leg.variables.set('last_bridge_to', leg === a ? b.uuid : a.uuid);
    }
    a.variables.set('bridge_hangup_cause', b.hangupCause ?? 'NORMAL_CLEARING');
    b.onUnbridged();
  }

  async hold(channel: Channel, isHeld: boolean): Promise<boolean> {
    const { session } = channel;
    if (session === undefined || !channel.isAnswered) return false;
    // A phone that refuses the offer is held all the same: it hears the music.
    await offerHold(channel, isHeld).catch(() => undefined);
    channel.times.held = isHeld ? Date.now() : channel.times.held;
    channel.setCallState(isHeld ? 'HELD' : 'ACTIVE');
    channel.publish(isHeld ? 'CHANNEL_HOLD' : 'CHANNEL_UNHOLD');
    this.playHoldMusic(channel, isHeld);
    return true;
  }

  /** What the other side of a held leg hears: `hold_music`, else a quiet tune. */
  playHoldMusic(channel: Channel, isHeld: boolean): void {
    const other = channel.other?.media;
    if (other === undefined) return;
    if (!isHeld) {
      other.setBackground(undefined);
      return;
    }
    const music = channel.variables.get('hold_music') ?? 'local_stream://moh';
    void openAudio(this.media, music).then((source) => {
      if (channel.callState === 'HELD') other.setBackground(source);
    });
  }

  // -- timers ------------------------------------------------------------------------------------

  schedule(delayMs: number, group: string, task: () => void): number {
    const id = this.#nextTask;
    this.#nextTask += 1;
    const timer = setTimeout(() => {
      this.#timers.delete(id);
      task();
    }, delayMs);
    this.#timers.set(id, { timer, group });
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

  scheduleHangup(channel: Channel, when: string, cause: string | undefined): number {
    const delayMs = when.startsWith('+')
      ? Number(when.slice(1)) * 1000
      : Number(when) * 1000 - Date.now();
    const ends: Cause = cause === undefined ? 'ALLOTTED_TIMEOUT' : causeOf(cause);
    return this.schedule(Math.max(0, delayMs || 0), channel.uuid, () => channel.hangup(ends));
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

function afterwards(channel: Channel): readonly Step[] {
  return channel.isTrue('park_after_bridge') ? [{ application: 'park', argument: '' }] : [];
}

function dialStatusOf(cause: Cause): string {
  switch (cause) {
    case 'NORMAL_CLEARING':
      return 'SUCCESS';
    case 'USER_BUSY':
      return 'BUSY';
    case 'NO_ANSWER':
    case 'NO_USER_RESPONSE':
      return 'NOANSWER';
    case 'ORIGINATOR_CANCEL':
      return 'CANCEL';
    default:
      return 'CHANUNAVAIL';
  }
}
