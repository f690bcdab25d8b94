/** What the transports of SIP offer, and what they tell of. */
import type { Log } from '../../../core/log.ts';
import type { Refusals, SipLimits } from './limits.ts';

export type SipTransportName = 'udp' | 'tcp' | 'tls' | 'ws';

export interface SipAddress {
  transport: SipTransportName;
  host: string;
  port: number;
}

/** One way to one peer: a UDP address, or a connection (TCP, TLS, WebSocket). */
export interface Flow {
  readonly address: SipAddress;
  /** Who is behind the trusted proxy that the connection came through. */
  readonly client?: string;
  /** No retransmission is needed on it (RFC 3261 section 17). */
  readonly isReliable: boolean;
  readonly isOpen: boolean;
  send(bytes: Buffer): void;
  /** Ends a connection that serves one phone alone. */
  close?(): void;
  /** A telephone logged in on this connection. */
  prove?(): void;
  /** What came is no SIP: the connection is of no use. */
  destroy?(): void;
}

export interface Transports {
  readonly port: number;
  /** Undefined when SIP over TLS is not offered. */
  readonly tlsPort: number | undefined;
  /** Undefined when browsers are not served. */
  readonly webSocketPort: number | undefined;
  flowTo(address: SipAddress): Flow;
  close(): Promise<void>;
}

export type Receive = (bytes: Buffer, flow: Flow) => void;

/** What the transports tell of, and whom they ask. */
export interface TransportHandlers {
  receive: Receive;
  onClosed: (flow: Flow) => void;
  /** A call or a registration runs on that connection. */
  isInUse: (flow: Flow) => boolean;
  /** A trunk, or a telephone that is registered. */
  isKnown: (flow: Flow) => boolean;
  limits: SipLimits;
  refusals: Refusals;
  log: Log;
}

/** PEM files of SIP over TLS. */
export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

/** Origins and hosts are read at every handshake: `reloadxml` may change them. */
export interface WebSocketOptions {
  host: string;
  port: number;
  /** Pages that may connect besides those of the same host: origins or hosts; `*` for any. */
  origins?: readonly string[];
  /** Names of ours in a Host header besides those of this machine; left out, any. */
  hosts?: readonly string[];
  /** Who is believed when they say where a browser is: addresses, networks, `loopback` and the like. */
  trustedProxies?: readonly string[];
}
