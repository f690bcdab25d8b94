/** Telephone events (RFC 4733), receiving and sending. Pure: packets and time go in, keys come out. */
const keys = '0123456789*#ABCD';
const samplesPerMs = 8;
/** A key whose end was lost counts as ended after so long without a packet. */
const lostEndMs = 120;

export interface ReceivedKey {
  digit: string;
  durationMs: number;
}

interface OpenEvent {
  timestamp: number;
  digit: string;
  duration: number;
  packets: number;
  lastAt: number;
}

/** Reports each key once: at its end packet, its third packet, or when the rest was lost. */
export class DtmfReceiver {
  #open: OpenEvent | undefined;
  readonly #reported: number[] = [];

  /** `timestamp` is the RTP timestamp, the same for all packets of one key press. */
  onPacket(timestamp: number, payload: Uint8Array, now: number): ReceivedKey[] {
    if (payload.length < 4) return [];
    const digit = keys[payload[0] ?? 255];
    if (digit === undefined || this.#reported.includes(timestamp)) return [];
    const found: ReceivedKey[] = [];
    if (this.#open !== undefined && this.#open.timestamp !== timestamp) {
      found.push(this.#report(this.#open));
    }
    const event = this.#open ?? { timestamp, digit, duration: 0, packets: 0, lastAt: now };
    this.#open = event;
    event.duration = Math.max(event.duration, ((payload[2] ?? 0) << 8) | (payload[3] ?? 0));
    event.packets += 1;
    event.lastAt = now;
    const isEnd = ((payload[1] ?? 0) & 0x80) !== 0;
    if (isEnd || event.packets >= 3) found.push(this.#report(event));
    return found;
  }

  /** Call now and then: finds the key whose end never came. */
  onTick(now: number): ReceivedKey | undefined {
    if (this.#open === undefined || now - this.#open.lastAt < lostEndMs) return undefined;
    return this.#report(this.#open);
  }

  #report(event: OpenEvent): ReceivedKey {
    this.#open = undefined;
    this.#reported.push(event.timestamp);
    if (this.#reported.length > 8) this.#reported.shift();
    return { digit: event.digit, durationMs: event.duration / samplesPerMs };
  }
}

export interface DtmfPacket {
  payload: Buffer;
  marker: boolean;
  /** Added to the timestamp at which the key began: always 0, kept here for clarity. */
  isFirst: boolean;
  isLast: boolean;
}

/** What to send in each 20 ms tick for these keys; undefined is a pause between two keys. */
export function dtmfPackets(digits: string, durationMs: number): (DtmfPacket | undefined)[] {
  const ticks = Math.max(2, Math.round(durationMs / 20));
  return Array.from(digits.toUpperCase()).flatMap((digit) => {
    const event = keys.indexOf(digit);
    if (event < 0) return [];
    const packets: (DtmfPacket | undefined)[] = [];
    for (let tick = 1; tick <= ticks; tick += 1) {
      packets.push(dtmfPacket(event, tick * 160, { isFirst: tick === 1, isEnd: false }));
    }
    // The end is sent three times (section 2.5.1.4).
    for (let copy = 0; copy < 3; copy += 1) {
      packets.push({
        ...dtmfPacket(event, ticks * 160, { isFirst: false, isEnd: true }),
        isLast: copy === 2,
      });
    }
    return [...packets, undefined, undefined, undefined];
  });
}

function dtmfPacket(
  event: number,
  duration: number,
  { isFirst, isEnd }: { isFirst: boolean; isEnd: boolean },
): DtmfPacket {
  const payload = Buffer.alloc(4);
  payload[0] = event;
  payload[1] = (isEnd ? 0x80 : 0) | 10;
  payload.writeUInt16BE(Math.min(duration, 0xffff), 2);
  return { payload, marker: isFirst, isFirst, isLast: false };
}
