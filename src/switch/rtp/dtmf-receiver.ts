import { sequenceDistance } from './packet.ts';

/** The keys by their event codes (RFC 4733 table 3); 16 is the hook flash and no key. */
export const keyNames = '0123456789*#ABCD';
const samplesPerMs = 8;
/** A key whose end was lost counts as ended after so long without a packet. */
const lostEndMs = 120;
/** Packets of one key are no further apart; a longer gap with a new time is another press. */
const sameKeyMs = 200;
/** Pauses between two keys are longer (ITU-T Q.24: 40 ms at least). */
const endCopies = 320;
/** The longest duration that one event can tell; after that it goes on as a new one (section 2.5.1.3). */
const nearlyFull = 0xf000;

export interface ReceivedKey {
  digit: string;
  durationMs: number;
}

export interface EventPacket {
  /** The same for all packets of one key press, with most senders. */
  timestamp: number;
  sequence: number;
  ssrc: number;
  marker: boolean;
  payload: Uint8Array;
}

interface Press {
  event: number;
  timestamp: number;
  sequence: number;
  ssrc: number;
  duration: number;
  /** Of segments that were full before this one. */
  earlier: number;
  packets: number;
  lastAt: number;
  hasEnded: boolean;
  isReported: boolean;
}

/** Reports each key once: at its end packet, its third packet, or when the rest was lost. */
export class DtmfReceiver {
  #press: Press | undefined;

  onPacket(packet: EventPacket, now: number): ReceivedKey[] {
    const { payload } = packet;
    const event = payload[0] ?? 255;
    if (payload.length < 4 || event >= keyNames.length) return [];
    const isEnd = ((payload[1] ?? 0) & 0x80) !== 0;
    const duration = ((payload[2] ?? 0) << 8) | (payload[3] ?? 0);
    const found: ReceivedKey[] = [];
    let press = this.#press;
    if (press !== undefined && isStraggler(press, packet)) return [];
    if (press === undefined || !isSame(press, { ...packet, event, isEnd, duration }, now)) {
      if (press !== undefined) found.push(...report(press));
      press = newPress(packet, event, now);
      this.#press = press;
    } else if (packet.timestamp !== press.timestamp && duration < press.duration) {
      // The next segment of a very long key.
      press.earlier += press.duration;
      press.timestamp = packet.timestamp;
      press.duration = 0;
    }
    press.sequence = packet.sequence;
    press.duration = Math.max(press.duration, duration);
    press.packets += 1;
    press.lastAt = now;
    press.hasEnded ||= isEnd;
    if (isEnd || press.packets >= 3) found.push(...report(press));
    return found;
  }

  /** Call now and then: finds the key whose end never came. */
  onTick(now: number): ReceivedKey | undefined {
    const press = this.#press;
    if (press === undefined || press.isReported || now - press.lastAt < lostEndMs) {
      return undefined;
    }
    return report(press)[0];
  }
}

/** Older than what we have seen: it came too late to say anything new. */
function isStraggler(press: Press, { ssrc, sequence }: EventPacket): boolean {
  if (ssrc !== press.ssrc) return false;
  const distance = sequenceDistance(sequence, press.sequence);
  return distance < 0 && distance > -100;
}

function isSame(
  press: Press,
  packet: EventPacket & { event: number; isEnd: boolean; duration: number },
  now: number,
): boolean {
  const { event, isEnd, duration } = packet;
  if (event !== press.event || packet.ssrc !== press.ssrc) return false;
  const distance = sequenceDistance(packet.sequence, press.sequence);
  if (distance === 0 && packet.timestamp === press.timestamp) return true;
  // The first packet of an event carries the marker (section 2.5.1.1); some set it on all.
  const isGrowing = packet.timestamp === press.timestamp && duration > press.duration;
  if (packet.marker && (press.hasEnded || !isGrowing)) return false;
  if (packet.timestamp === press.timestamp) {
    // A clock that stands still after a key, and whose next first packet was lost.
    return !press.hasEnded || isEnd || duration >= press.duration;
  }
  if (now - press.lastAt > sameKeyMs || distance > 10 || distance < 0) return false;
  const later = (packet.timestamp - press.timestamp) >>> 0;
  if (!press.hasEnded && press.duration >= nearlyFull && later <= press.duration + endCopies) {
    return true;
  }
  // A sender whose clock runs on within one key: it would have begun before the last one ended.
  const slack = isEnd ? endCopies : 0;
  return duration >= press.duration && later <= duration + slack;
}

function newPress({ timestamp, sequence, ssrc }: EventPacket, event: number, now: number): Press {
  return {
    ...{ event, timestamp, sequence, ssrc, duration: 0, earlier: 0, packets: 0, lastAt: now },
    ...{ hasEnded: false, isReported: false },
  };
}

function report(press: Press): ReceivedKey[] {
  if (press.isReported) return [];
  press.isReported = true;
  const digit = keyNames[press.event] ?? '';
  return [{ digit, durationMs: (press.earlier + press.duration) / samplesPerMs }];
}
