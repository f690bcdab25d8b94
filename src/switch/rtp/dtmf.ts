import { keyNames } from './dtmf-receiver.ts';

/** Telephone events (RFC 4733), sending: keys go in, packets come out. */
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
    const event = keyNames.indexOf(digit);
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
