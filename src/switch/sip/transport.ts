import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Log } from '../../core/log.ts';
import { contentLengthOf, headEnd, maxMessageBytes } from './message.ts';
import type { SipAddress } from './user-agent.types.ts';
import { WebSocketTransport } from './websocket.ts';

/** One way to one peer: a UDP address, or a connection (TCP, WebSocket). */
export interface Flow {
  readonly address: SipAddress;
  /** No retransmission is needed on it (RFC 3261 section 17). */
  readonly isReliable: boolean;
  readonly isOpen: boolean;
  send(bytes: Buffer): void;
  /** Ends a connection that serves one phone alone. */
  close?(): void;
}

export interface Transports {
  readonly port: number;
  /** Undefined when browsers are not served. */
  readonly webSocketPort: number | undefined;
  flowTo(address: SipAddress): Flow;
  close(): Promise<void>;
}

export type Receive = (bytes: Buffer, flow: Flow) => void;

const maxConnections = 2000;
/** A connection that says nothing for so long is closed; phones send keep-alives more often. */
const idleMs = 3_600_000;
/** A peer that does not read is dropped at this backlog. */
const maxBacklogBytes = 1_000_000;

export interface TransportOptions {
  host: string;
  port: number;
  /** Where browsers connect; left out, they are not served. */
  webSocket?: { host: string; port: number };
}

/** Opens UDP and TCP on one port number; 0 takes any that is free for both. */
export async function openTransports(
  { host, port, webSocket }: TransportOptions,
  { receive, onClosed }: { receive: Receive; onClosed: (flow: Flow) => void },
  log: Log,
): Promise<Transports> {
  for (let attempt = 0; ; attempt += 1) {
    const udp = await openUdp(host, port, receive, log);
    let tcp: TcpTransport | undefined;
    try {
      tcp = await TcpTransport.open(host, udp.address().port, receive, log);
      const ws =
        webSocket === undefined
          ? undefined
          : await WebSocketTransport.open(webSocket, { receive, onClosed }, log);
      return new AllTransports(udp, tcp, ws);
    } catch (error) {
      udp.close();
      await tcp?.close();
      if (tcp !== undefined || port !== 0 || attempt >= 20) throw error;
    }
  }
}

class AllTransports implements Transports {
  readonly port: number;
  readonly #udp: UdpSocket;
  readonly #tcp: TcpTransport;
  readonly #ws: WebSocketTransport | undefined;

  constructor(udp: UdpSocket, tcp: TcpTransport, ws: WebSocketTransport | undefined) {
    this.#udp = udp;
    this.#tcp = tcp;
    this.#ws = ws;
    this.port = udp.address().port;
  }

  get webSocketPort(): number | undefined {
    return this.#ws?.port;
  }

  flowTo(address: SipAddress): Flow {
    switch (address.transport) {
      case 'udp':
        return udpFlow(this.#udp, address);
      case 'tcp':
        return this.#tcp.flowTo(address);
      case 'ws':
        if (this.#ws === undefined) throw new Error('SIP over WebSocket is not open');
        return this.#ws.flowTo(address);
    }
  }

  async close(): Promise<void> {
    // Datagrams handed over in this turn leave in the next.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => this.#udp.close(() => resolve()));
    await Promise.all([this.#tcp.close(), this.#ws?.close()]);
  }
}

function openUdp(host: string, port: number, receive: Receive, log: Log): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({
      type: 'udp4',
      recvBufferSize: 4_000_000,
      sendBufferSize: 1_000_000,
    });
    socket.once('error', reject);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', reject);
      socket.on('error', (error) => log.warn({ err: error }, 'SIP socket error'));
      socket.on('message', (bytes, from) => {
        receive(bytes, udpFlow(socket, { transport: 'udp', host: from.address, port: from.port }));
      });
      resolve(socket);
    });
  });
}

function udpFlow(socket: UdpSocket, address: SipAddress): Flow {
  return {
    address,
    isReliable: false,
    isOpen: true,
    // Errors such as an unreachable port arrive late and say nothing more than a lost packet.
    send: (bytes) => {
      if (address.port > 0) socket.send(bytes, address.port, address.host, () => undefined);
    },
  };
}

class TcpTransport {
  readonly #server: Server;
  readonly #receive: Receive;
  readonly #log: Log;
  readonly #flows = new Map<string, TcpFlow>();

  private constructor(server: Server, receive: Receive, log: Log) {
    this.#server = server;
    this.#receive = receive;
    this.#log = log;
    server.on('connection', (socket) => this.#adopt(socket));
    server.on('error', (error) => log.warn({ err: error }, 'SIP TCP server error'));
  }

  static open(host: string, port: number, receive: Receive, log: Log): Promise<TcpTransport> {
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.maxConnections = maxConnections;
      server.once('error', reject);
      server.listen({ host, port, exclusive: true }, () => {
        server.off('error', reject);
        resolve(new TcpTransport(server, receive, log));
      });
    });
  }

  flowTo(address: SipAddress): Flow {
    const open = this.#flows.get(keyOf(address));
    if (open?.isOpen) return open;
    return this.#adopt(
      connect({ host: address.host, port: address.port, timeout: 10_000 }),
      address,
    );
  }

  #adopt(socket: Socket, to?: SipAddress): TcpFlow {
    const address: SipAddress = to ?? {
      transport: 'tcp',
      host: socket.remoteAddress ?? '',
      port: socket.remotePort ?? 0,
    };
    const flow = new TcpFlow(socket, address, this.#receive);
    this.#flows.set(keyOf(address), flow);
    socket.setNoDelay(true);
    socket.setTimeout(idleMs, () => socket.destroy());
    socket.on('error', (error) => this.#log.debug({ err: error }, 'SIP connection error'));
    socket.on('close', () => {
      if (this.#flows.get(keyOf(address)) === flow) this.#flows.delete(keyOf(address));
    });
    return flow;
  }

  async close(): Promise<void> {
    for (const flow of this.#flows.values()) flow.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

class TcpFlow implements Flow {
  readonly address: SipAddress;
  readonly isReliable = true;
  readonly #socket: Socket;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, address: SipAddress, receive: Receive) {
    this.#socket = socket;
    this.address = address;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk, receive));
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  send(bytes: Buffer): void {
    if (this.#socket.writableLength > maxBacklogBytes) this.destroy();
    else if (!this.#socket.destroyed) this.#socket.write(bytes);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Messages follow one another, each as long as its Content-Length says (section 18.3). */
  #onData(chunk: Buffer, receive: Receive): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      this.#skipKeepAlives();
      const split = headEnd(this.#buffer);
      if (split === undefined) {
        if (this.#buffer.length > maxMessageBytes) this.destroy();
        return;
      }
      const end = split.body + contentLengthOf(this.#buffer.toString('utf8', 0, split.head));
      if (Number.isNaN(end) || end > maxMessageBytes) {
        this.destroy();
        return;
      }
      if (this.#buffer.length < end) return;
      const message = this.#buffer.subarray(0, end);
      this.#buffer = this.#buffer.subarray(end);
      receive(message, this);
    }
  }

  /** RFC 5626 section 3.5.1: a double CRLF asks for a single one. */
  #skipKeepAlives(): void {
    let start = 0;
    while (this.#buffer[start] === 13 || this.#buffer[start] === 10) start += 1;
    if (start >= 4 && start === this.#buffer.length) this.send(Buffer.from('\r\n'));
    if (start > 0) this.#buffer = this.#buffer.subarray(start);
  }
}

function keyOf({ host, port }: SipAddress): string {
  return `${host}:${port}`;
}
