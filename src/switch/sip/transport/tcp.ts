import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import type { Admission, ConnectionGuard } from './connections.ts';
import { Framer, FramingError } from './framer.ts';
import { sourceOf } from '../../../core/addresses.ts';
import { MessageRate } from './guards.ts';
import type { Flow, SipAddress, TlsFiles, TransportHandlers } from './transport.types.ts';

export interface TcpOptions {
  host: string;
  port: number;
  tls?: TlsFiles;
}

/** A peer that does not read is dropped at this backlog. */
const maxBacklogBytes = 1_000_000;
const connectMs = 10_000;
const keepAlive = Buffer.from('\r\n');

/** A connection of somebody else, from its first packet on. */
interface Visitor {
  admission: Admission;
  /** Undefined until a TLS handshake is done. */
  flow: TcpFlow | undefined;
}

/** SIP over TCP, or over TLS on top of it (RFC 3261 section 18). */
export class TcpTransport {
  readonly #server: Server;
  readonly #flows = new Map<string, TcpFlow>();
  /** Whose TLS handshake goes on, by address and port. */
  readonly #visitors = new Map<string, Visitor>();
  readonly #options: TcpOptions;
  readonly #handlers: TransportHandlers;
  readonly #guard: ConnectionGuard;
  readonly #perSource: MessageRate;

  private constructor(options: TcpOptions, handlers: TransportHandlers, guard: ConnectionGuard) {
    this.#options = options;
    this.#handlers = handlers;
    this.#guard = guard;
    const { unfinishedSec } = handlers.limits;
    this.#perSource = new MessageRate(handlers.limits);
    const { tls } = options;
    if (tls === undefined) {
      this.#server = createServer((socket) => {
        const visitor = this.#admit(socket);
        if (visitor !== undefined) this.#welcome(socket, visitor);
      });
      return;
    }
    this.#server = createTlsServer(
      {
        ...{ cert: readFileSync(tls.certFile), key: readFileSync(tls.keyFile) },
        ...{ minVersion: 'TLSv1.2', handshakeTimeout: unfinishedSec * 1000 },
      },
      (socket) => {
        const visitor = this.#visitors.get(keyOf(peerOf(socket)));
        if (visitor === undefined) socket.destroy();
        else this.#welcome(socket, visitor);
      },
    );
    // It takes a place before its handshake, which is the dear part.
    this.#server.on('connection', (socket: Socket) => this.#admit(socket));
  }

  /** Rejects with EADDRINUSE and the like, and when a certificate cannot be read. */
  static async open(
    options: TcpOptions,
    handlers: TransportHandlers,
    guard: ConnectionGuard,
  ): Promise<TcpTransport> {
    const { log } = handlers;
    const self = new TcpTransport(options, handlers, guard);
    const server = self.#server;
    server.listen({ host: options.host, port: options.port, exclusive: true });
    await once(server, 'listening');
    server.on('error', (error) => log.warn({ err: error }, 'SIP server socket error'));
    server.on('tlsClientError', (error) => log.debug({ err: error }, 'SIP handshake failed'));
    return self;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  flowTo(address: SipAddress): Flow {
    const open = this.#flows.get(keyOf(address));
    if (open?.isOpen) return open;
    const { host, port } = address;
    const target = { host, port, timeout: connectMs };
    const socket =
      this.#options.tls === undefined
        ? connect(target)
        : // Peers are named by address; what proves them is their password.
          connectTls({ ...target, rejectUnauthorized: false, minVersion: 'TLSv1.2' });
    socket.once('timeout', () => {
      if (socket.connecting) socket.destroy();
    });
    return this.#adopt(socket, new TcpFlow(socket, address, undefined));
  }

  #admit(socket: Socket): Visitor | undefined {
    const peer = peerOf(socket);
    const admission = this.#guard.admit(
      peer.host,
      () => socket.destroy(),
      () => visitor?.flow !== undefined && this.#handlers.isInUse(visitor.flow),
    );
    const visitor: Visitor | undefined = admission && { admission, flow: undefined };
    if (visitor === undefined) {
      socket.destroy();
      return undefined;
    }
    this.#visitors.set(keyOf(peer), visitor);
    socket.on('error', (error) => this.#handlers.log.debug({ err: error }, 'SIP connection error'));
    socket.on('close', () => {
      this.#visitors.delete(keyOf(peer));
      visitor.admission.release();
    });
    return visitor;
  }

  #welcome(socket: Socket, visitor: Visitor): void {
    const transport = this.#options.tls === undefined ? 'tcp' : 'tls';
    const address: SipAddress = { transport, ...peerOf(socket) };
    visitor.flow = this.#adopt(socket, new TcpFlow(socket, address, visitor.admission));
  }

  #adopt(socket: Socket, flow: TcpFlow): TcpFlow {
    const key = keyOf(flow.address);
    this.#flows.set(key, flow);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#onData(chunk, flow));
    socket.on('error', (error) => this.#handlers.log.debug({ err: error }, 'SIP connection error'));
    socket.on('close', () => {
      if (this.#flows.get(key) === flow) this.#flows.delete(key);
    });
    return flow;
  }

  #onData(chunk: Buffer, flow: TcpFlow): void {
    const { refusals, receive, isKnown } = this.#handlers;
    const source = sourceOf(flow.address.host);
    try {
      for (const message of flow.framer.push(chunk, () => flow.send(keepAlive))) {
        flow.admission?.onMessage();
        if (this.#perSource.take(source, () => isKnown(flow))) receive(message, flow);
        else refusals.count('message_rate', source);
        if (!flow.isOpen) return;
      }
      flow.admission?.setUnfinished(flow.framer.isUnfinished);
    } catch (error) {
      if (!(error instanceof FramingError)) throw error;
      refusals.count('malformed', source);
      flow.destroy();
    }
  }

  async close(): Promise<void> {
    for (const flow of this.#flows.values()) flow.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

class TcpFlow implements Flow {
  readonly address: SipAddress;
  readonly isReliable = true;
  readonly framer = new Framer();
  /** Undefined for a connection that we opened. */
  readonly admission: Admission | undefined;
  readonly #socket: Socket;

  constructor(socket: Socket, address: SipAddress, admission: Admission | undefined) {
    this.#socket = socket;
    this.address = address;
    this.admission = admission;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  send(bytes: Buffer): void {
    if (this.#socket.writableLength > maxBacklogBytes) this.destroy();
    else if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  prove(): void {
    this.admission?.prove();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** The far end; an IPv4 address within an IPv6 one as the plain one. */
function peerOf({ remoteAddress = '', remotePort = 0 }: Socket): { host: string; port: number } {
  return { host: remoteAddress.replace(/^::ffff:(?=\d)/i, ''), port: remotePort };
}

function keyOf({ host, port }: { host: string; port: number }): string {
  return `${host}:${port}`;
}
