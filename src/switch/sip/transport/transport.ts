import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { closedFlow } from './closed-flow.ts';
import { ConnectionGuard } from './connections.ts';
import { sourceOf } from '../../../core/addresses.ts';
import { MessageRate } from './guards.ts';
import { maxDatagramBytes } from '../message/message.ts';
import { TcpTransport } from './tcp.ts';
import type {
  Flow,
  SipAddress,
  TlsFiles,
  TransportHandlers,
  Transports,
  WebSocketOptions,
} from './transport.types.ts';
import { WebSocketTransport } from './websocket.ts';

export interface TransportOptions {
  host: string;
  port: number;
  /** SIP over TLS; left out, it is not offered. */
  tls?: TlsFiles & { port: number };
  /** Where browsers connect; left out, they are not served. */
  webSocket?: WebSocketOptions;
}

/** Opens UDP and TCP on one port number; 0 takes any that is free for both. */
export async function openTransports(
  { host, port, tls, webSocket }: TransportOptions,
  handlers: TransportHandlers,
): Promise<Transports> {
  const guard = new ConnectionGuard(handlers);
  for (let attempt = 0; ; attempt += 1) {
    const opened: { close: () => unknown }[] = [guard];
    try {
      const udp = await openUdp(host, port, handlers);
      opened.push(udp);
      const chosen = udp.address().port;
      const tcp = await TcpTransport.open({ host, port: chosen }, handlers, guard);
      opened.push(tcp);
      const secure =
        tls === undefined
          ? undefined
          : await TcpTransport.open({ host, port: tls.port, tls }, handlers, guard);
      if (secure !== undefined) opened.push(secure);
      const ws =
        webSocket === undefined
          ? undefined
          : await WebSocketTransport.open(webSocket, handlers, guard);
      return new AllTransports({ udp, tcp, tls: secure, ws, guard });
    } catch (error) {
      const isTaken = opened.length === 2 && port === 0 && attempt < 20;
      for (const one of opened) if (one !== guard || !isTaken) await one.close();
      if (!isTaken) throw error;
    }
  }
}

interface Parts {
  udp: UdpSocket;
  tcp: TcpTransport;
  tls: TcpTransport | undefined;
  ws: WebSocketTransport | undefined;
  guard: ConnectionGuard;
}

class AllTransports implements Transports {
  readonly port: number;
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.port = parts.udp.address().port;
  }

  get tlsPort(): number | undefined {
    return this.#parts.tls?.port;
  }

  get webSocketPort(): number | undefined {
    return this.#parts.ws?.port;
  }

  flowTo(address: SipAddress): Flow {
    const { udp, tcp, tls, ws } = this.#parts;
    switch (address.transport) {
      case 'udp':
        return udpFlow(udp, address);
      case 'tcp':
        return tcp.flowTo(address);
      case 'tls':
        return tls?.flowTo(address) ?? closedFlow(address);
      case 'ws':
        return ws?.flowTo(address) ?? closedFlow(address);
    }
  }

  async close(): Promise<void> {
    const { udp, tcp, tls, ws, guard } = this.#parts;
    guard.close();
    // Datagrams handed over in this turn leave in the next.
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise<void>((resolve) => udp.close(() => resolve()));
    await Promise.all([tcp.close(), tls?.close(), ws?.close()]);
  }
}

function openUdp(
  host: string,
  port: number,
  { receive, isKnown, limits, refusals, log }: TransportHandlers,
): Promise<UdpSocket> {
  const perSource = new MessageRate(limits);
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
        // A datagram of port 0 cannot be answered.
        if (from.port === 0) return;
        const source = sourceOf(from.address);
        if (bytes.length > maxDatagramBytes) {
          refusals.count('too_long', source);
          return;
        }
        const address = { transport: 'udp', host: from.address, port: from.port } as const;
        const flow = udpFlow(socket, address);
        if (perSource.take(source, () => isKnown(flow))) receive(bytes, flow);
        else refusals.count('message_rate', source);
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
