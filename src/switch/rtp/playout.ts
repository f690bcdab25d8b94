import type { Codec } from './g711.ts';
import { sequenceDistance, type RtpPacket } from './packet.ts';

const frameSamples = 160;
/** The longest packet that is taken: 120 ms; telephones send 10 to 100. */
export const maxPacketSamples = frameSamples * 6;
/** More than so much waiting is delay, not safety: the oldest go. */
const maxWaitingSamples = frameSamples * 8;
/** Begins when so much is there, so that a packet late by up to 40 ms still counts. */
const prefillPackets = 2;
const prefillSamples = frameSamples * 2;
/** What waits alone is heard after so many ticks: the talker has paused behind it. */
const maxFillingTicks = 8;
/** Further behind, or ahead, it is another stream from the same place (RFC 3550 appendix A.1). */
const maxBehind = 100;
const maxAhead = 1000;
const maxPackets = 64;

interface Waiting {
  /** Counts on over streams: the place in which it is heard. */
  index: number;
  codec: Codec;
  payload: Buffer;
}

/**
 * Puts incoming packets in order and gives 20 ms of samples a tick; duplicates and stragglers are
 * dropped. Another SSRC, or numbers that jump, are a new stream, heard behind the old one.
 */
export class PlayoutBuffer {
  lost = 0;
  late = 0;
  readonly #waiting: Waiting[] = [];
  #waitingSamples = 0;
  readonly #samples = new Int16Array(frameSamples + maxPacketSamples);
  #length = 0;
  #ssrc: number | undefined;
  /** The newest packet of the stream: its number, and its place. */
  #sequence = 0;
  #index = 0;
  #lastTaken = -1;
  #isFilling = true;
  #fillingTicks = 0;

  push(packet: RtpPacket, codec: Codec): void {
    const size = packet.payload.length;
    if (size === 0 || size > maxPacketSamples) return;
    const index = this.#placeOf(packet);
    if (index <= this.#lastTaken) {
      this.late += 1;
      return;
    }
    let at = this.#waiting.length;
    while (at > 0) {
      const before = this.#waiting[at - 1];
      if (before === undefined || before.index < index) break;
      if (before.index === index) return;
      at -= 1;
    }
    const payload = Buffer.allocUnsafe(size);
    packet.payload.copy(payload);
    this.#waiting.splice(at, 0, { index, codec, payload });
    this.#waitingSamples += size;
    const most = Math.max(maxWaitingSamples, 4 * size);
    if (this.#waitingSamples > most || this.#waiting.length > maxPackets) this.#skip(size);
  }

  /** Fills `into` with the next frame; false when there was nothing but silence. */
  pull(into: Int16Array): boolean {
    if (this.#isFilling && !this.#isFilled()) {
      into.fill(0);
      return false;
    }
    this.#isFilling = false;
    this.#fillingTicks = 0;
    while (this.#length < frameSamples && this.#waiting.length > 0) this.#take();
    if (this.#length === 0) {
      this.#isFilling = true;
      into.fill(0);
      return false;
    }
    const count = Math.min(frameSamples, this.#length);
    into.set(count === frameSamples ? this.#frame : this.#samples.subarray(0, count));
    into.fill(0, count);
    this.#samples.copyWithin(0, count, this.#length);
    this.#length -= count;
    return true;
  }

  readonly #frame = this.#samples.subarray(0, frameSamples);

  reset(): void {
    this.#waiting.length = 0;
    this.#waitingSamples = 0;
    this.#length = 0;
    this.#ssrc = undefined;
    this.#lastTaken = this.#index;
    this.#isFilling = true;
    this.#fillingTicks = 0;
  }

  #isFilled(): boolean {
    if (this.#waiting.length === 0) {
      this.#fillingTicks = 0;
      return false;
    }
    this.#fillingTicks += 1;
    if (this.#fillingTicks > maxFillingTicks) return true;
    return this.#waiting.length >= prefillPackets && this.#waitingSamples >= prefillSamples;
  }

  #placeOf({ ssrc, sequence }: RtpPacket): number {
    const distance = this.#ssrc === ssrc ? sequenceDistance(sequence, this.#sequence) : undefined;
    if (distance === undefined || distance <= -maxBehind || distance > maxAhead) {
      this.#ssrc = ssrc;
      this.#sequence = sequence;
      this.#index += 1;
      return this.#index;
    }
    if (distance <= 0) return this.#index + distance;
    this.#sequence = sequence;
    this.#index += distance;
    return this.#index;
  }

  #take(): void {
    const next = this.#waiting.shift();
    if (next === undefined) return;
    const { index, codec, payload } = next;
    this.#waitingSamples -= payload.length;
    if (this.#lastTaken >= 0) this.lost += Math.max(0, index - this.#lastTaken - 1);
    this.#lastTaken = index;
    codec.decode(payload, this.#samples, this.#length);
    this.#length += payload.length;
  }

  /** Down to what it begins with. */
  #skip(size: number): void {
    const wanted = Math.max(prefillSamples, prefillPackets * size);
    while (this.#waiting.length > 1 && this.#waitingSamples > wanted) {
      const skipped = this.#waiting.shift();
      if (skipped === undefined) return;
      this.#waitingSamples -= skipped.payload.length;
      this.#lastTaken = skipped.index;
      this.late += 1;
    }
  }
}
