import type { Log } from '../../core/log.ts';
import type { SrtpPolicy } from '../legs/srtp-policy.ts';
import type { TrunkList } from '../legs/trunk-list.ts';
import type { Media } from '../rtp/index.ts';
import type { Directory, ReferAnswer, ReferRequest, SipUserAgent } from '../sip/index.ts';
import type { Peer } from '../webrtc/index.ts';
import type { Channel, ChannelContext } from './channel.ts';
import type { Conference } from './applications/conference.ts';
import type { EventBus } from './events.ts';
import type { Timers } from './timers.ts';

export interface Gateway {
  host: string;
  port: number;
  username?: string;
  password?: string;
}

/** What the configuration says about who may dial what; replaced by `reloadxml`. */
export interface Numbering {
  hotlines: ReadonlySet<string>;
  gateways: ReadonlyMap<string, Gateway>;
  /** Which trunk calls from an address. */
  trunks: TrunkList;
  /** The gateway whose far side are registered test telephones. */
  testTrunk: string | undefined;
}

/** What applications and legs use of the switch, see `Switchboard`. */
export interface Board {
  readonly channels: Map<string, Channel>;
  readonly conferences: Map<string, Conference>;
  readonly agent: SipUserAgent;
  readonly media: Media;
  readonly bus: EventBus;
  readonly log: Log;
  readonly host: string;
  readonly domain: string;
  readonly directory: Directory;
  readonly openPeer: () => Promise<Peer>;
  readonly srtp: SrtpPolicy;
  readonly numbering: Numbering;
  /** `global_setvar`; read by `${name}` wherever the leg has no such variable. */
  readonly globals: Map<string, string>;
  /** What is to happen later. */
  readonly timers: Timers;
  /** Numbers that anyone may dial. */
  readonly hotlines: ReadonlySet<string>;
  readonly context: ChannelContext;
  add(channel: Channel): void;
  /** A phone asks us to transfer its partner. */
  refer(channel: Channel, request: ReferRequest): Promise<ReferAnswer>;
  /** `extension`, `extension XML context`, or `app:arg,app:arg inline`. */
  transfer(channel: Channel, target: string, dialplan: string | undefined, context?: string): void;
}
