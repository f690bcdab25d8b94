import { sequenceDistance, type RtpPacket } from '../packet.ts';

export interface RelayPlace {
  sequence: number;
  timestamp: number;
  /** Nothing newer was passed on before. */
  isNewest: boolean;
}

/** Numbers that were passed on lately, so that none is twice. */
const remembered = 128;
const maxBehind = 100;
const maxAhead = 1000;

/**
 * Numbers of packets that are passed on: order, loss and pauses stay visible to the receiver, doubles
 * are dropped, and the stream joins what we sent ourselves before it.
 */
export class RelayNumbers {
  #ssrc: number | undefined;
  #firstSequence = 0;
  #sequenceOffset = 0;
  #timestampOffset = 0;
  #newest = 0;
  readonly #passed = new Int32Array(remembered).fill(-1);

  /** We sent something of our own: the next packet begins behind it. */
  interrupt(): void {
    this.#ssrc = undefined;
  }

  /** Undefined for a packet that was passed on before, or that belongs before the first. */
  place(packet: RtpPacket, nextSequence: number, timestamp: number): RelayPlace | undefined {
    const distance = sequenceDistance(packet.sequence, this.#newest);
    if (this.#ssrc !== packet.ssrc || distance > maxAhead || distance <= -maxBehind) {
      this.#begin(packet, nextSequence, timestamp);
      return this.#placed(packet, true);
    }
    if (distance === 0 || this.#passed[packet.sequence % remembered] === packet.sequence) {
      return undefined;
    }
    if (sequenceDistance(packet.sequence, this.#firstSequence) < 0 && distance < 0) {
      return undefined;
    }
    if (distance > 0) this.#newest = packet.sequence;
    // Far behind us the first number would soon look like one that is still to come.
    if (sequenceDistance(packet.sequence, this.#firstSequence) > maxAhead) {
      this.#firstSequence = (packet.sequence - maxBehind) & 0xffff;
    }
    return this.#placed(packet, distance > 0);
  }

  #begin({ ssrc, sequence, timestamp }: RtpPacket, nextSequence: number, ownTimestamp: number) {
    this.#ssrc = ssrc;
    this.#firstSequence = sequence;
    this.#newest = sequence;
    this.#sequenceOffset = nextSequence - sequence;
    this.#timestampOffset = ownTimestamp + 160 - timestamp;
    this.#passed.fill(-1);
  }

  #placed({ sequence, timestamp }: RtpPacket, isNewest: boolean): RelayPlace {
    this.#passed[sequence % remembered] = sequence;
    return {
      sequence: (sequence + this.#sequenceOffset) & 0xffff,
      timestamp: (timestamp + this.#timestampOffset) >>> 0,
      isNewest,
    };
  }
}
