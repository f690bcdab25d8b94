import { randomBytes, randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { messageOf } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { dtmfPackets, type DtmfPacket } from '../dtmf.ts';
import { codecs, type Codec } from '../g711.ts';
import type { MediaStats, RemoteMedia, Wire } from '../media.types.ts';
import { rtpHeaderBytes, writeRtpHeader, type RtpHeaderFields, type RtpPacket } from '../packet.ts';
import { maxPacketSamples } from '../playout.ts';
import { frameSamples } from './frame.ts';
import { RelayNumbers } from './relay-numbers.ts';
import type { SendGate } from './send-gate.ts';

export interface RtpSenderOptions {
  wire: Wire;
  gate: SendGate;
  log: Log;
  stats: MediaStats;
  /** Of all sessions together. */
  counts: { sendErrors: number };
}

/**
 * The one stream that a leg sends (RFC 3550 section 5.1): frames of our own, keys (RFC 4733) and packets
 * that are passed on, all in one row of numbers.
 */
export class RtpSender {
  readonly #options: RtpSenderOptions;
  readonly #relayed = new RelayNumbers();
  readonly #packet = Buffer.alloc(rtpHeaderBytes + frameSamples);
  readonly #ssrc = randomBytes(4).readUInt32BE(0);
  #remote: RemoteMedia | undefined;
  #codec: Codec = codecs.PCMU;
  #sequence = randomInt(0x8000);
  #timestamp = randomBytes(4).readUInt32BE(0);
  #lastSentAt = 0;
  /** What is to be sent in each tick; undefined is the pause between two keys. */
  readonly #keys: (DtmfPacket | undefined)[] = [];
  #keyTimestamp = 0;

  constructor(options: RtpSenderOptions) {
    this.#options = options;
  }

  get codec(): Codec {
    return this.#codec;
  }

  /** When the last packet went out, by `performance.now()`; 0 before the first. */
  get lastSentAt(): number {
    return this.#lastSentAt;
  }

  get hasKeys(): boolean {
    return this.#keys.length > 0;
  }

  aim(remote: RemoteMedia): void {
    this.#remote = remote;
    this.#codec = codecs[remote.codec];
  }

  queueKeys(digits: string, durationMs: number): void {
    this.#keys.push(...dtmfPackets(digits, durationMs));
  }

  /** The tick's part of the keys that wait. */
  sendKey(): void {
    const packet = this.#keys.shift();
    const payloadType = this.#remote?.dtmfPayloadType;
    this.#timestamp = (this.#timestamp + frameSamples) >>> 0;
    if (packet === undefined || payloadType === undefined) return;
    if (packet.isFirst) this.#keyTimestamp = this.#timestamp;
    const datagram = Buffer.alloc(rtpHeaderBytes + packet.payload.length);
    packet.payload.copy(datagram, rtpHeaderBytes);
    this.#send(datagram, payloadType, packet.marker, this.#keyTimestamp);
  }

  sendFrame(samples: Int16Array, now: number): void {
    const { stats, gate } = this.#options;
    this.#timestamp = (this.#timestamp + frameSamples) >>> 0;
    if (this.#lastSentAt > 0) {
      stats.maxSendGapMs = Math.max(stats.maxSendGapMs, now - this.#lastSentAt);
    }
    if (!this.#isOpen || !gate.maySend(now)) return;
    this.#codec.encode(samples, this.#packet, rtpHeaderBytes);
    if (samples.length < frameSamples) {
      this.#packet.fill(this.#codec.silence, rtpHeaderBytes + samples.length);
    }
    this.#send(Buffer.from(this.#packet), this.#payloadType, false, this.#timestamp);
  }

  /** Passes on what another leg's far end sent, under numbers of our own. */
  relay(packet: RtpPacket): void {
    const size = packet.payload.length;
    if (size > maxPacketSamples) return;
    const place = this.#relayed.place(packet, this.#sequence, this.#timestamp);
    if (place === undefined) return;
    const datagram = Buffer.allocUnsafe(rtpHeaderBytes + size);
    packet.payload.copy(datagram, rtpHeaderBytes);
    const { isNewest, sequence, timestamp } = place;
    const payloadType = this.#payloadType;
    const { marker } = packet;
    this.#write(datagram, { payloadType, marker, sequence, timestamp, ssrc: this.#ssrc });
    if (!isNewest) return;
    this.#sequence = (sequence + 1) & 0xffff;
    // The next packet of our own begins behind this one.
    this.#timestamp = (timestamp + size - frameSamples) >>> 0;
  }

  /** The far end takes audio, as it said. */
  get #isOpen(): boolean {
    const direction = this.#remote?.direction;
    return direction === 'sendrecv' || direction === 'recvonly';
  }

  get #payloadType(): number {
    return this.#remote?.payloadType ?? this.#codec.payloadType;
  }

  #send(datagram: Buffer, payloadType: number, marker: boolean, timestamp: number): void {
    this.#relayed.interrupt();
    const header = { payloadType, marker, sequence: this.#sequence, timestamp, ssrc: this.#ssrc };
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#write(datagram, header);
  }

  #write(datagram: Buffer, header: RtpHeaderFields): void {
    const { wire, gate, log, stats, counts } = this.#options;
    const now = performance.now();
    if (!this.#isOpen || !gate.maySend(now)) return;
    writeRtpHeader(datagram, header);
    this.#lastSentAt = now;
    stats.packetsSent += 1;
    try {
      wire.send(datagram);
    } catch (error) {
      // The system refuses an address or is out of buffers: this packet is lost, no more.
      counts.sendErrors += 1;
      log.debug({ reason: messageOf(error) }, 'RTP packet not sent');
    }
  }
}
