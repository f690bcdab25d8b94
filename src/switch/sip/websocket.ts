import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Log } from '../../core/log.ts';
import { maxMessageBytes } from './message.ts';
import type { Flow, Receive } from './transport.ts';
import type { SipAddress } from './user-agent.types.ts';

const maxConnections = 2000;
/** A browser that answers no ping for so long is gone (a lid was shut, a cable pulled). */
const pingMs = 15_000;
/** A peer that does not read is dropped at this backlog. */
const maxBacklogBytes = 1_000_000;

/** SIP over WebSocket (RFC 7118): browsers connect to us, we never to them. */
export class WebSocketTransport {
  readonly #server: WebSocketServer;
  readonly #flows = new Map<string, WebSocketFlow>();
  readonly #pinger: NodeJS.Timeout;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.#pinger = setInterval(() => {
      for (const flow of this.#flows.values()) flow.ping();
    }, pingMs);
    this.#pinger.unref();
  }

  /** Rejects with EADDRINUSE and the like. */
  static async open(
    { host, port }: { host: string; port: number },
    handlers: { receive: Receive; onClosed: (flow: Flow) => void },
    log: Log,
  ): Promise<WebSocketTransport> {
    const server = new WebSocketServer({
      host,
      port,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
      // RFC 7118 section 4.1: both sides name the subprotocol.
      handleProtocols: (offered) => (offered.has('sip') ? 'sip' : false),
    });
    await once(server, 'listening');
    const self = new WebSocketTransport(server);
    server.on('error', (error) => log.warn({ err: error }, 'SIP WebSocket server error'));
    server.on('connection', (socket, request) => {
      if (socket.protocol !== 'sip' || server.clients.size > maxConnections) {
        socket.close(1002, 'subprotocol sip is required');
        return;
      }
      const { remoteAddress = '', remotePort = 0 } = request.socket;
      const address: SipAddress = { transport: 'ws', host: remoteAddress, port: remotePort };
      const flow = new WebSocketFlow(socket, address, handlers.receive);
      self.#flows.set(keyOf(address), flow);
      socket.on('error', (error) => log.debug({ err: error }, 'SIP WebSocket error'));
      socket.on('close', () => {
        self.#flows.delete(keyOf(address));
        handlers.onClosed(flow);
      });
    });
    return self;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The connection with that far end; one that is over when there is none. */
  flowTo(address: SipAddress): Flow {
    return (
      this.#flows.get(keyOf(address)) ?? {
        address,
        isReliable: true,
        isOpen: false,
        send: () => undefined,
      }
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#pinger);
    for (const client of this.#server.clients) client.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

class WebSocketFlow implements Flow {
  readonly address: SipAddress;
  readonly isReliable = true;
  readonly #socket: WebSocket;
  #isAlive = true;

  constructor(socket: WebSocket, address: SipAddress, receive: Receive) {
    this.#socket = socket;
    this.address = address;
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.on('message', (data: RawData) => {
      this.#isAlive = true;
      const bytes = Buffer.isBuffer(data) ? data : Buffer.concat([data].flat() as Buffer[]);
      // RFC 5626 section 3.5.1: a double CRLF asks for a single one.
      if (bytes.length === 4 && bytes.toString() === '\r\n\r\n') this.send(Buffer.from('\r\n'));
      else receive(bytes, this);
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  /** One message a frame, as text: browsers' libraries read nothing else. */
  send(bytes: Buffer): void {
    if (this.#socket.bufferedAmount > maxBacklogBytes) this.#socket.terminate();
    else if (this.isOpen) this.#socket.send(bytes, { binary: false });
  }

  close(): void {
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

function keyOf({ host, port }: SipAddress): string {
  return `${host}:${port}`;
}
