import type { Codec } from './g711.ts';
import { sequenceDistance, type RtpPacket } from './packet.ts';

const frameSamples = 160;
/** More than so many packets waiting is delay, not safety: the oldest go. */
const maxPackets = 8;
/** So many frames of silence before a gap counts as the talker's pause rather than jitter. */
const prefillPackets = 2;

/**
 * Puts incoming packets in order and gives 20 ms of samples a tick. Starts two packets deep, so
 * that a packet late by up to 40 ms still counts; duplicates and stragglers are dropped.
 */
export class PlayoutBuffer {
  lost = 0;
  late = 0;
  readonly #waiting: RtpPacket[] = [];
  readonly #samples = new Int16Array(frameSamples * 8);
  #length = 0;
  #lastTaken: number | undefined;
  #isFilling = true;

  push(packet: RtpPacket): void {
    if (packet.payload.length === 0 || packet.payload.length > frameSamples * 3) return;
    if (this.#lastTaken !== undefined) {
      const distance = sequenceDistance(packet.sequence, this.#lastTaken);
      if (distance <= 0 && distance > -100) {
        this.late += 1;
        return;
      }
      // A new stream from the same place (the far end restarted its numbers).
      if (Math.abs(distance) > 1000) this.reset();
    }
    let at = this.#waiting.length;
    while (at > 0) {
      const before = this.#waiting[at - 1];
      if (before === undefined) break;
      const distance = sequenceDistance(packet.sequence, before.sequence);
      if (distance === 0) return;
      if (distance > 0) break;
      at -= 1;
    }
    this.#waiting.splice(at, 0, { ...packet, payload: Buffer.from(packet.payload) });
    if (this.#waiting.length > maxPackets) this.#skipTo(this.#waiting.length - prefillPackets);
  }

  /** Fills `into` with the next frame; false when there was nothing but silence. */
  pull(codec: Codec, into: Int16Array): boolean {
    if (this.#isFilling && this.#waiting.length < prefillPackets) {
      into.fill(0);
      return false;
    }
    this.#isFilling = false;
    while (this.#length < frameSamples && this.#waiting.length > 0) this.#take(codec);
    if (this.#length === 0) {
      this.#isFilling = true;
      into.fill(0);
      return false;
    }
    const count = Math.min(frameSamples, this.#length);
    into.set(this.#samples.subarray(0, count));
    into.fill(0, count);
    this.#samples.copyWithin(0, count, this.#length);
    this.#length -= count;
    return true;
  }

  reset(): void {
    this.#waiting.length = 0;
    this.#length = 0;
    this.#lastTaken = undefined;
    this.#isFilling = true;
  }

  #take(codec: Codec): void {
    const packet = this.#waiting.shift();
    if (packet === undefined) return;
    if (this.#lastTaken !== undefined) {
      this.lost += Math.max(0, sequenceDistance(packet.sequence, this.#lastTaken) - 1);
    }
    this.#lastTaken = packet.sequence;
    codec.decode(packet.payload, this.#samples, this.#length);
    this.#length += packet.payload.length;
  }

  #skipTo(count: number): void {
    const skipped = this.#waiting.splice(0, count);
    this.#lastTaken = skipped.at(-1)?.sequence ?? this.#lastTaken;
    this.late += skipped.length;
  }
}
