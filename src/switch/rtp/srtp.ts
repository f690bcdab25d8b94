import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { headerBytesOf, sequenceDistance } from './packet.ts';
import type { SrtpSuite } from '../sdp/sdes.ts';

/** Bytes of the authentication tag at the end of a packet (RFC 4568 section 6.2). */
const tagBytes: Readonly<Record<SrtpSuite, number>> = {
  AES_CM_128_HMAC_SHA1_80: 10,
  AES_CM_128_HMAC_SHA1_32: 4,
};
/** Packets behind the newest that are still taken, each once (RFC 3711 section 3.3.2). */
const windowSize = 128;
/** One key protects 2^48 packets (section 9.2); we stop far before the counter could wrap. */
const maxRolls = 0xffff_ffff;
const maxStreams = 4;

export interface SessionKeys {
  cipher: Buffer;
  salt: Buffer;
  auth: Buffer;
}

/** Key derivation with a rate of 0: once for the whole call (RFC 3711 section 4.3). */
export function deriveKeys(master: Buffer): SessionKeys {
  const key = master.subarray(0, 16);
  const salt = master.subarray(16, 30);
  const derive = (label: number, length: number): Buffer => {
    const counter = Buffer.alloc(16);
    salt.copy(counter);
    counter[7] = (counter[7] ?? 0) ^ label;
    return createCipheriv('aes-128-ctr', key, counter).update(Buffer.alloc(length));
  };
  return { cipher: derive(0, 16), auth: derive(1, 20), salt: derive(2, 14) };
}

/** How often the sequence number of one source began again, and which packets came. */
interface Stream {
  rolls: number;
  highest: number;
  /** The indexes that were taken, each at its place modulo the window. */
  seen: Float64Array;
}

/** Encrypts and signs, or checks and decrypts, the packets of one direction (RFC 3711). */
export class SrtpTransform {
  readonly #keys: SessionKeys;
  readonly #tag: number;
  readonly #streams = new Map<number, Stream>();
  readonly #counter = Buffer.alloc(16);
  readonly #rollBytes = Buffer.alloc(4);

  /** Where the sources stood under the key before: a new key does not begin the count anew (section 3.3.1). */
  readonly #before = new Map<number, Pick<Stream, 'rolls' | 'highest'>>();

  constructor(master: Buffer, suite: SrtpSuite, before?: SrtpTransform) {
    this.#keys = deriveKeys(master);
    this.#tag = tagBytes[suite];
    if (before === undefined) return;
    for (const [ssrc, { rolls, highest }] of [...before.#before, ...before.#streams]) {
      this.#before.set(ssrc, { rolls, highest });
    }
  }

  /** Undefined when the key has protected all that it may, or that packet already. */
  protect(packet: Buffer): Buffer | undefined {
    const from = headerBytesOf(packet);
    if (from === undefined) return undefined;
    const ssrc = packet.readUInt32BE(8);
    const sequence = packet.readUInt16BE(2);
    const stream = this.#streams.get(ssrc) ?? newStream(sequence, this.#before.get(ssrc));
    const rolls = rollsOf(stream, sequence);
    // The same counter for two packets would tell both (section 9.1).
    if (rolls < 0 || rolls > maxRolls || !isFresh(stream, rolls, sequence)) return undefined;
    const out = Buffer.allocUnsafe(packet.length + this.#tag);
    packet.copy(out, 0, 0, from);
    this.#crypt(packet.subarray(from), { ssrc, rolls, sequence }).copy(out, from);
    this.#sign(out.subarray(0, packet.length), rolls).copy(out, packet.length, 0, this.#tag);
    this.#keep(ssrc, stream, rolls, sequence);
    return out;
  }

  /** The packet in the clear; undefined when it is forged, damaged, or was taken before. */
  unprotect(packet: Buffer): Buffer | undefined {
    const end = packet.length - this.#tag;
    const from = headerBytesOf(packet);
    if (from === undefined || from > end) return undefined;
    const ssrc = packet.readUInt32BE(8);
    const sequence = packet.readUInt16BE(2);
    for (const stream of this.#possible(ssrc, sequence)) {
      const rolls = rollsOf(stream, sequence);
      if (rolls < 0 || rolls > maxRolls || !isFresh(stream, rolls, sequence)) continue;
      const tag = this.#sign(packet.subarray(0, end), rolls).subarray(0, this.#tag);
      if (!timingSafeEqual(tag, packet.subarray(end))) continue;
      const out = Buffer.allocUnsafe(end);
      packet.copy(out, 0, 0, from);
      this.#crypt(packet.subarray(from, end), { ssrc, rolls, sequence }).copy(out, from);
      this.#keep(ssrc, stream, rolls, sequence);
      return out;
    }
    return undefined;
  }

  /** A source that is new under this key goes on counting, or begins anew as telephones do that make a new stream. */
  #possible(ssrc: number, sequence: number): Stream[] {
    const known = this.#streams.get(ssrc);
    if (known !== undefined) return [known];
    const before = this.#before.get(ssrc);
    const anew = newStream(sequence);
    return before === undefined ? [anew] : [newStream(sequence, before), anew];
  }

  /** AES in counter mode (section 4.1.1); the same in both directions. */
  #crypt(payload: Buffer, at: { ssrc: number; rolls: number; sequence: number }): Buffer {
    const counter = this.#counter;
    counter.fill(0);
    this.#keys.salt.copy(counter);
    counter.writeUInt32BE((counter.readUInt32BE(4) ^ at.ssrc) >>> 0, 4);
    counter.writeUInt32BE((counter.readUInt32BE(8) ^ at.rolls) >>> 0, 8);
    counter.writeUInt16BE(counter.readUInt16BE(12) ^ at.sequence, 12);
    return createCipheriv('aes-128-ctr', this.#keys.cipher, counter).update(payload);
  }

  #sign(bytes: Buffer, rolls: number): Buffer {
    this.#rollBytes.writeUInt32BE(rolls, 0);
    return createHmac('sha1', this.#keys.auth).update(bytes).update(this.#rollBytes).digest();
  }

  /** Only of packets that are genuine: a forged source would push out a real one. */
  #keep(ssrc: number, stream: Stream, rolls: number, sequence: number): void {
    const index = rolls * 65_536 + sequence;
    if (index > stream.rolls * 65_536 + stream.highest) {
      stream.rolls = rolls;
      stream.highest = sequence;
    }
    stream.seen[index % windowSize] = index;
    if (this.#streams.has(ssrc)) return;
    this.#streams.set(ssrc, stream);
    const [oldest] = this.#streams.keys();
    if (this.#streams.size > maxStreams && oldest !== undefined) this.#streams.delete(oldest);
  }
}

function newStream(
  sequence: number,
  before: Pick<Stream, 'rolls' | 'highest'> = { rolls: 0, highest: sequence },
): Stream {
  return { ...before, seen: new Float64Array(windowSize).fill(-1) };
}

/** How often the numbers had begun again when that packet was sent (section 3.3.1). */
function rollsOf({ rolls, highest }: Stream, sequence: number): number {
  const distance = sequenceDistance(sequence, highest);
  if (distance > 0) return sequence < highest ? rolls + 1 : rolls;
  return sequence > highest ? rolls - 1 : rolls;
}

function isFresh({ rolls, highest, seen }: Stream, itsRolls: number, sequence: number): boolean {
  const index = itsRolls * 65_536 + sequence;
  const newest = rolls * 65_536 + highest;
  return index > newest - windowSize && seen[index % windowSize] !== index;
}
