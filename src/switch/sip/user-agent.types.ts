import type { Refusals, SipLimits } from './transport/limits.ts';
import type { SipAddress, TlsFiles, WebSocketOptions } from './transport/transport.types.ts';

/**
 * What the SIP part offers to the channel part: one user agent with its sockets, and one session
 * per INVITE dialog (RFC 3261). It knows nothing of media: session descriptions pass as text.
 */
export type { SipAddress, SipTransportName } from './transport/transport.types.ts';

export interface SipUserAgentOptions {
  host: string;
  /** 0 takes any free port; UDP and TCP share the number. */
  port: number;
  /** Where browsers connect (RFC 7118); left out, they are not served. */
  webSocket?: WebSocketOptions;
  /** SIP over TLS; left out, it is not offered. */
  tls?: TlsFiles & { port: number };
  /** Who may register and call; digest with SHA-256 or MD5, qop=auth. */
  directory: Directory;
  realm: string;
  userAgent: string;
  /** Concurrent INVITE dialogs; more are answered 503 with Retry-After. */
  /** Milliseconds of one second of the session timers (RFC 4028); shorter in tests. */
  sessionSecondMs?: number;
  maxSessions: number;
  /** New requests that one source may send in a second; default 1000. */
  maxRequestsPerSecond?: number;
  /** What one source may do; left out, as much as it likes. */
  limits?: SipLimits;
  /** Where it is counted what the limits refuse. */
  refusals?: Refusals;
}

/** Knows the users. */
export interface Directory {
  /** Resolves with undefined when there is no such user; rejects when that cannot be told now. */
  find(username: string): Promise<DirectoryUser | undefined>;
  /** Asks again, whatever is remembered: the password may be a new one. */
  refresh(username: string): Promise<DirectoryUser | undefined>;
  /** The same from memory alone: a caller's number is not worth a look-up. */
  known(username: string): DirectoryUser | undefined;
}

export interface DirectoryUser {
  username: string;
  /** MD5 of `user:realm:password` in lower-case hex (RFC 3261 section 22.4). */
  ha1: string;
  /** The same by SHA-256 (RFC 8760); without it the user can log in by MD5 alone. */
  ha1Sha256?: string;
  /** What calls of this user begin with. */
  variables?: Readonly<Record<string, string>>;
}

export interface SipUserAgent {
  readonly port: number;
  readonly webSocketPort: number | undefined;
  readonly tlsPort: number | undefined;
  /**
   * A new INVITE, after syntax, limits and, for a registered user name, digest. `authenticatedUser`
   * is set when the caller proved to be one of the users. The handler answers, rejects or rings.
   */
  onInvite: (session: InboundSession) => void;
  /** A caller that is not a user asks to be let in: may this INVITE go on without digest? */
  isOpenDestination: (user: string) => boolean;
  /** Whether a trunk calls from that address; its calls have a larger share. */
  isTrunk: (host: string) => boolean;
  invite(options: OutboundInvite): OutboundSession;
  /** Registers at another switch, as a telephone does, and again in time. Rejects when that refuses. */
  register(options: RegistrationOptions): Promise<Registration>;
  /** Where a user's phones are registered now, newest first. */
  contactsOf(username: string): readonly SipContact[];
  /** Users with at least one telephone registered. */
  registeredUsers(): readonly string[];
  /** Its phones are no longer registered, and connections of browsers are closed. */
  forget(username: string): void;
  onRegistration: (change: { username: string; contact: string; isGone: boolean }) => void;
  /** Ends all sessions and closes. */
  close(): Promise<void>;
  /** Closes without a word to anybody, as when the power fails. */
  vanish(): Promise<void>;
}

export interface SipContact {
  uri: string;
  flow: SipAddress;
  expiresAt: number;
}

export interface OutboundInvite {
  /** Request URI, e.g. `sip:agent1@127.0.0.1:6070`; for a registered phone its contact. */
  uri: string;
  /** Where to send it; resolved from the URI when left out. */
  flow?: SipAddress;
  /** Who was dialled, when the request URI is the address of one of their telephones. */
  to?: string;
  from: { user: string; displayName?: string };
  sdp: string;
  headers?: readonly (readonly [name: string, value: string])[];
  /** For gateways that answer 401 or 407. */
  credentials?: { username: string; password: string };
}

export interface RegistrationOptions {
  /** `sip:agent1@127.0.0.1`. */
  address: string;
  registrar: SipAddress;
  credentials: { username: string; password: string };
  expirySec?: number;
  /** It was refused later, or nobody answered; it is tried again. */
  onLost?: (reason: string) => void;
}

export interface Registration {
  /** Takes the telephone off the list. Resolves when the registrar has answered, or did not. */
  end(): Promise<void>;
}

/** Common to both directions, once the dialog exists. */
export interface SipSession {
  readonly sipCallId: string;
  /** SDP last received from the far end; undefined before it sent any. */
  readonly remoteSdp: string | undefined;
  readonly remoteAddress: SipAddress;
  readonly remoteContact: string;
  /** False while the far end's connection is over; it may come back on another. */
  readonly isReachable: boolean;
  readonly from: SipParty;
  readonly to: SipParty;
  /** Sends BYE, CANCEL or a final response, whatever ends the session in its present state. */
  hangup(options?: { status?: number; reason?: string; q850?: number }): void;
  /** Offers a new description (hold, resume); resolves with the far end's answer, rejects on refusal. */
  reoffer(sdp: string): Promise<string>;
  /** SIP INFO, e.g. `application/dtmf-relay`. */
  info(contentType: string, body: string): void;
  /** Asks the far end to transfer (RFC 3515). */
  refer(target: string): Promise<void>;

  /** The far end offers a new description in mid-call; return the answer, or throw to refuse 488. */
  onReoffer: (sdp: string) => string | Promise<string>;
  /** An offer of our own is wanted in mid-call: they made none, or the session is refreshed. */
  onOfferWanted: () => string | Promise<string>;
  /** The answer to such an offer, or to the one in our 2xx; throw to refuse it. */
  onLateAnswer: (sdp: string) => void | Promise<void>;
  /** The far end has acknowledged our answer to its INVITE. */
  onConfirmed: () => void;
  /** The connection to the far end is over: a page was closed, or the network failed. */
  onUnreachable: () => void;
  onInfo: (contentType: string, body: string) => void;
  /** The far end asks us to transfer it. */
  onRefer: (request: ReferRequest) => ReferAnswer | Promise<ReferAnswer>;
  /** Called once, whoever ended it. `status` is the final response that ended it, 200 for BYE. */
  onEnded: (end: SessionEnd) => void;
}

export interface ReferRequest {
  target: string;
  replaces: string | undefined;
  referredBy: string | undefined;
}

/** What is answered at once (202 accepts), and the status that says later what came of it. */
export interface ReferAnswer {
  status: number;
  outcome?: Promise<number>;
}

export interface SessionEnd {
  by: 'local' | 'remote' | 'network';
  status: number;
  reason: string;
  /** Q.850 cause of a Reason header (RFC 3326), when there was one. */
  q850: number | undefined;
}

export interface SipParty {
  displayName: string;
  user: string;
  host: string;
  port: number | undefined;
  uri: string;
  tag: string | undefined;
}

export interface InboundSession extends SipSession {
  readonly direction: 'inbound';
  readonly requestUri: { user: string; host: string; port: number | undefined; uri: string };
  readonly authenticatedUser: string | undefined;
  /** What the directory says that this user's calls begin with. */
  readonly userVariables: Readonly<Record<string, string>>;
  readonly via: string;
  header(name: string): string | undefined;
  /** All values of a header that may come more than once, in order. */
  headers(name: string): readonly string[];
  /** 180, or 183 with a description. */
  ring(sdp?: string): void;
  /** 200 with the description; retransmitted until ACK (64·T1, then the call ends). */
  answer(sdp: string): void;
}

export interface OutboundSession extends SipSession {
  readonly direction: 'outbound';
  onProgress: (status: number, sdp: string | undefined) => void;
  onAnswer: (sdp: string) => void;
}
