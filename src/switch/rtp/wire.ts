import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram';
import { isIPv4 } from 'node:net';
import type { Log } from '../../core/log.ts';
import { parseRtp, type RtpPacket } from './packet.ts';

/** How packets of one leg travel: a UDP socket of its own, or the encrypted way to a browser. */
export interface Wire {
  readonly localPort: number;
  /** Set by the media session that uses the wire. */
  onPacket: (packet: RtpPacket) => void;
  /** Where the far end says that it is. */
  aim(remote: { host: string; port: number }): void;
  /** A whole packet, header included. Dropped while the far end is unknown. */
  send(datagram: Buffer): void;
  close(): void;
}

/** Binds a socket; rejects with EADDRINUSE when the port is taken. */
export function bindRtp(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', lookup: addressOnly });
    socket.once('error', reject);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Instead of asking a name server: a description may name any host it likes. */
const addressOnly: NonNullable<SocketOptions['lookup']> = (host, _options, done) => {
  if (isIPv4(host)) done(null, host, 4);
  else done(new Error('only IPv4 addresses are sent to'), '', 4);
};

/** Where packets may go: one machine's address and a port. Everything else is sent nothing. */
export function isPlace({ host, port }: { host: string; port: number }): boolean {
  if (!Number.isInteger(port) || port < 1 || port > 65_535 || !isIPv4(host)) return false;
  const first = Number(host.split('.', 1)[0]);
  // 0.0.0.0/8 is nobody, 224.0.0.0 and above are groups and the broadcast (RFC 6890).
  return first > 0 && first < 224;
}

export class UdpWire implements Wire {
  readonly localPort: number;
  onPacket: Wire['onPacket'] = () => undefined;
  readonly #socket: Socket;
  #target: { host: string; port: number } | undefined;
  #isLocked = false;

  constructor(socket: Socket, log: Log) {
    this.#socket = socket;
    this.localPort = socket.address().port;
    socket.on('error', (error) => log.debug({ reason: error.message }, 'RTP socket error'));
    socket.on('message', (datagram, from) => {
      if (!this.#isExpected(from)) return;
      const packet = parseRtp(datagram);
      if (packet !== undefined) this.onPacket(packet);
    });
  }

  aim({ host, port }: { host: string; port: number }): void {
    this.#target = isPlace({ host, port }) ? { host, port } : undefined;
    this.#isLocked = false;
  }

  send(datagram: Buffer): void {
    if (this.#target === undefined) return;
    this.#socket.send(datagram, this.#target.port, this.#target.host);
  }

  close(): void {
    this.#socket.close();
  }

  /** Symmetric RTP: the first packet tells where the far end really is; after that only it counts. */
  #isExpected(from: RemoteInfo): boolean {
    if (this.#target === undefined) return false;
    if (this.#isLocked) {
      return from.port === this.#target.port && from.address === this.#target.host;
    }
    this.#target = { host: from.address, port: from.port };
    this.#isLocked = true;
    return true;
  }
}
