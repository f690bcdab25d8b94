import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { closedFlow } from './closed-flow.ts';
import type { Admission, ConnectionGuard } from './connections.ts';
import { sourceOf } from '../../../core/addresses.ts';
import { MessageRate } from './guards.ts';
import { maxMessageBytes } from '../message/message.ts';
import { clientOf, isOriginAllowed, networkList } from './origins.ts';
import type { Flow, SipAddress, TransportHandlers, WebSocketOptions } from './transport.types.ts';

/** A browser that answers no ping for so long is gone (a lid was shut, a cable pulled). */
const pingMs = 15_000;
/** A peer that does not read is dropped at this backlog. */
const maxBacklogBytes = 1_000_000;
const keepAlive = Buffer.from('\r\n');

interface Visitor {
  admission: Admission;
  flow: WebSocketFlow | undefined;
}

/** SIP over WebSocket (RFC 7118): browsers connect to us, we never to them. */
export class WebSocketTransport {
  readonly #http: Server;
  readonly #server: WebSocketServer;
  readonly #flows = new Map<string, WebSocketFlow>();
  readonly #handlers: TransportHandlers;
  readonly #guard: ConnectionGuard;
  readonly #isProxy: (host: string) => boolean;
  readonly #perSource: MessageRate;
  /** Of connections that have not sent their handshake yet. */
  readonly #visitors = new WeakMap<object, Visitor>();
  readonly #pinger: NodeJS.Timeout;

  private constructor(
    options: WebSocketOptions,
    handlers: TransportHandlers,
    guard: ConnectionGuard,
  ) {
    const { limits, refusals, log } = handlers;
    this.#handlers = handlers;
    this.#guard = guard;
    this.#isProxy = networkList(options.trustedProxies ?? []);
    this.#perSource = new MessageRate(limits);
    const patienceMs = limits.unfinishedSec * 1000;
    this.#http = createServer(
      {
        ...{ headersTimeout: patienceMs, requestTimeout: patienceMs, maxHeaderSize: 16_384 },
        connectionsCheckingInterval: Math.min(1000, patienceMs / 2),
      },
      (_request, response) => {
        response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end();
      },
    );
    this.#http.on('connection', (socket) => {
      // Behind a proxy it is not known yet who comes.
      if (!this.#isProxy(plain(socket.remoteAddress))) {
        this.#admit(socket, plain(socket.remoteAddress));
      }
    });
    this.#server = new WebSocketServer({
      server: this.#http,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
      // RFC 7118 section 4.1: both sides name the subprotocol.
      handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
      verifyClient: ({ origin, req }, answer) => {
        const rules = { allowed: options.origins ?? [], hosts: options.hosts };
        const isAllowed = isOriginAllowed(origin, req.headers.host, rules);
        if (!isAllowed) refusals.count('origin', sourceOf(this.#clientOf(req)));
        answer(isAllowed, 403, 'Forbidden');
      },
    });
    this.#server.on('error', (error) => log.warn({ err: error }, 'SIP WebSocket server error'));
    this.#server.on('connection', (socket, request) => this.#accept(socket, request));
    this.#pinger = setInterval(() => {
      for (const flow of this.#flows.values()) flow.ping();
    }, pingMs);
    this.#pinger.unref();
  }

  /** Rejects with EADDRINUSE and the like. */
  static async open(
    options: WebSocketOptions,
    handlers: TransportHandlers,
    guard: ConnectionGuard,
  ): Promise<WebSocketTransport> {
    const self = new WebSocketTransport(options, handlers, guard);
    self.#http.listen({ host: options.host, port: options.port });
    await once(self.#http, 'listening');
    return self;
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** The connection with that far end; one that is over when there is none. */
  flowTo(address: SipAddress): Flow {
    return this.#flows.get(keyOf(address)) ?? closedFlow(address);
  }

  async close(): Promise<void> {
    clearInterval(this.#pinger);
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => this.#http.close(() => resolve()));
  }

  #clientOf({ socket, headers }: IncomingMessage): string {
    const forwarded = headers['x-forwarded-for'];
    const text = Array.isArray(forwarded) ? forwarded.join(',') : forwarded;
    return clientOf(plain(socket.remoteAddress), text, this.#isProxy);
  }

  /** Closes the connection when there is no place for it. */
  #admit(socket: Socket, client: string): Visitor | undefined {
    const admission = this.#guard.admit(
      client,
      () => socket.destroy(),
      () => visitor?.flow !== undefined && this.#handlers.isInUse(visitor.flow),
    );
    const visitor: Visitor | undefined = admission && { admission, flow: undefined };
    if (visitor === undefined) {
      socket.destroy();
      return undefined;
    }
    socket.on('close', () => visitor.admission.release());
    this.#visitors.set(socket, visitor);
    return visitor;
  }

  #accept(socket: WebSocket, request: IncomingMessage): void {
    if (socket.protocol !== 'sip') {
      socket.close(1002, 'subprotocol sip is required');
      return;
    }
    const client = this.#clientOf(request);
    const visitor = this.#visitors.get(request.socket) ?? this.#admit(request.socket, client);
    if (visitor === undefined) return;
    const { admission } = visitor;
    const { remoteAddress, remotePort = 0 } = request.socket;
    const address: SipAddress = { transport: 'ws', host: plain(remoteAddress), port: remotePort };
    const flow = new WebSocketFlow(socket, { address, client }, admission);
    visitor.flow = flow;
    const source = sourceOf(client);
    this.#flows.set(keyOf(address), flow);
    socket.on('message', (data: RawData) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.concat([data].flat() as Buffer[]);
      const isTaken = this.#perSource.take(source, () => this.#handlers.isKnown(flow));
      if (!isTaken) this.#handlers.refusals.count('message_rate', source);
      else if (!flow.isKeepAlive(bytes)) {
        admission.onMessage();
        this.#handlers.receive(bytes, flow);
      }
    });
    socket.on('error', (error) => this.#handlers.log.debug({ err: error }, 'SIP WebSocket error'));
    socket.on('close', () => {
      if (this.#flows.get(keyOf(address)) === flow) this.#flows.delete(keyOf(address));
      this.#handlers.onClosed(flow);
    });
  }
}

class WebSocketFlow implements Flow {
  readonly address: SipAddress;
  readonly client: string;
  readonly isReliable = true;
  readonly #socket: WebSocket;
  readonly #admission: Admission;
  #isAlive = true;

  constructor(
    socket: WebSocket,
    { address, client }: { address: SipAddress; client: string },
    admission: Admission,
  ) {
    this.#socket = socket;
    this.#admission = admission;
    this.address = address;
    this.client = client;
    for (const event of ['pong', 'message']) {
      socket.on(event, () => {
        this.#isAlive = true;
      });
    }
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** RFC 5626 section 3.5.1: a double CRLF asks for a single one. */
  isKeepAlive(bytes: Buffer): boolean {
    if (bytes.length !== 4 || bytes.toString() !== '\r\n\r\n') return false;
    this.send(keepAlive);
    return true;
  }

  /** One message a frame, as text: browsers' libraries read nothing else. */
  send(bytes: Buffer): void {
    if (this.#socket.bufferedAmount > maxBacklogBytes) this.#socket.terminate();
    else if (this.isOpen) this.#socket.send(bytes, { binary: false });
  }

  prove(): void {
    this.#admission.prove();
  }

  close(): void {
    this.#socket.terminate();
  }

  destroy(): void {
    this.#socket.terminate();
  }

  ping(): void {
    if (!this.#isAlive) {
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
  }
}

function plain(address = ''): string {
  return address.replace(/^::ffff:(?=\d)/i, '');
}

function keyOf({ host, port }: SipAddress): string {
  return `${host}:${port}`;
}
