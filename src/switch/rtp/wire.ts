import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Log } from '../../core/log.ts';
import type { Wire, WireAim } from './media.types.ts';
import { isRtcp, parseRtp } from './packet.ts';
import { SourceLock } from './source-lock.ts';
import { SrtpTransform } from './srtp.ts';

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

/** Longer datagrams are no telephone's: 120 ms of audio and every header are half of that. */
const maxDatagram = 2048;
const comfortNoise = 13;
/** For so long the key before still opens packets. */
const oldKeyMs = 1000;

export class UdpWire implements Wire {
  readonly localPort: number;
  onPacket: Wire['onPacket'] = () => undefined;
  onSign: Wire['onSign'] = () => undefined;
  readonly #socket: Socket;
  readonly #lock = new SourceLock();
  #keys: NonNullable<WireAim['srtp']> | undefined;
  #incoming: SrtpTransform | undefined;
  /** The key before: until the far end has our answer, or for a moment, it goes on with that. */
  #incomingBefore: { transform: SrtpTransform; until: number } | undefined;
  #outgoing: SrtpTransform | undefined;
  #isClosed = false;

  constructor(socket: Socket, log: Log) {
    this.#socket = socket;
    this.localPort = socket.address().port;
    socket.on('error', (error) => log.debug({ reason: error.message }, 'RTP socket error'));
    socket.on('message', (datagram, from) => this.#onDatagram(datagram, from));
  }

  get isHeard(): boolean {
    return this.#lock.isHeard;
  }

  aim(remote: WireAim): void {
    const { host, port, payloadType, dtmfPayloadType, signalHost } = remote;
    const place = isPlace({ host, port }) ? { host, port } : { host: '0.0.0.0', port: 0 };
    const events = dtmfPayloadType === undefined ? [] : [dtmfPayloadType];
    const isSilent = remote.direction === 'recvonly' || remote.direction === 'inactive';
    const payloadTypes = [payloadType, ...events, comfortNoise];
    this.#lock.expect({ ...place, payloadTypes, signalHost, isSilent }, performance.now());
    this.#secure(remote.srtp);
  }

  send(datagram: Buffer): void {
    const { target } = this.#lock;
    if (target === undefined || target.port === 0 || this.#isClosed) return;
    const bytes = this.#outgoing === undefined ? datagram : this.#outgoing.protect(datagram);
    if (bytes !== undefined) this.#socket.send(bytes, target.port, target.host);
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.close();
  }

  /** The same keys go on with their counters: a hold is no new stream. */
  #secure(keys: WireAim['srtp']): void {
    const was = this.#keys;
    this.#keys = keys;
    if (keys === undefined) {
      this.#incoming = undefined;
      this.#incomingBefore = undefined;
      this.#outgoing = undefined;
      return;
    }
    const isSuite = was?.suite === keys.suite;
    if (!isSuite || !was.remoteKey.equals(keys.remoteKey)) {
      this.#incomingBefore = this.#incoming && {
        transform: this.#incoming,
        until: performance.now() + oldKeyMs,
      };
      this.#incoming = new SrtpTransform(keys.remoteKey, keys.suite, this.#incoming);
    }
    if (!isSuite || !was.localKey.equals(keys.localKey)) {
      this.#outgoing = new SrtpTransform(keys.localKey, keys.suite, this.#outgoing);
    }
  }

  #onDatagram(datagram: Buffer, { address, port }: RemoteInfo): void {
    if (datagram.length > maxDatagram) return;
    const now = performance.now();
    if (this.#incoming !== undefined) {
      this.#onSecret(datagram, address, port, now);
      return;
    }
    const packet = parseRtp(datagram);
    if (packet !== undefined) {
      if (this.#lock.accepts(address, port, packet, now)) this.onPacket(packet);
    } else if (isRtcp(datagram) && this.#lock.onSign(address, port, now)) this.onSign();
  }

  #underKeyBefore(datagram: Buffer, now: number): Buffer | undefined {
    const before = this.#incomingBefore;
    if (before !== undefined && now > before.until) this.#incomingBefore = undefined;
    return this.#incomingBefore?.transform.unprotect(datagram);
  }

  /** What is signed with the far end's key is the far end's, wherever it comes from. */
  #onSecret(datagram: Buffer, address: string, port: number, now: number): void {
    if (isRtcp(datagram)) return;
    const plain = this.#incoming?.unprotect(datagram) ?? this.#underKeyBefore(datagram, now);
    const packet = plain === undefined ? undefined : parseRtp(plain);
    if (packet === undefined) return;
    this.#lock.acceptProven(address, port, packet, now);
    this.onPacket(packet);
  }
}
