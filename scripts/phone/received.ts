import { codecs, sequenceDistance, type RtpPacket } from '../../src/switch/rtp/index.ts';

const byPayloadType = new Map(Object.values(codecs).map((codec) => [codec.payloadType, codec]));

/**
 * The audio that came, packet after packet: what the far end said, however late a slow machine
 * brought each. {@link Ear} is what a person would have heard of it.
 */
export class Received {
  readonly #packets: { at: number; samples: Int16Array }[] = [];
  #ssrc: number | undefined;
  #sequence = 0;
  #at = 0;
  #samples = 0;

  take({ payloadType, payload, sequence, ssrc }: RtpPacket): void {
    const codec = byPayloadType.get(payloadType);
    if (codec === undefined) return;
    // A new stream follows the old one.
    this.#at += ssrc === this.#ssrc ? sequenceDistance(sequence, this.#sequence) : 1;
    this.#ssrc = ssrc;
    this.#sequence = sequence;
    const samples = new Int16Array(payload.length);
    codec.decode(payload, samples, 0);
    this.#packets.push({ at: this.#at, samples });
    this.#samples += samples.length;
  }

  get totalMs(): number {
    return this.#samples / 8;
  }

  /** Samples of 8 kHz from `fromMs` on. */
  samples(fromMs = 0): Int16Array {
    const packets = this.#packets.toSorted((one, other) => one.at - other.at);
    const all = new Int16Array(this.#samples);
    let length = 0;
    for (const { samples } of packets) {
      all.set(samples, length);
      length += samples.length;
    }
    return all.subarray(Math.floor(fromMs) * 8);
  }
}
