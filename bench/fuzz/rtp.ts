/**
 * Seeded nonsense for the audio port: datagrams that are RTP, nearly RTP, and none, through everything
 * that reads them. `node --import tsx bench/fuzz/rtp.ts [count] [seed]` tells the first seed that fails.
 */
import { codecs, parseRtp } from '../../src/switch/rtp/index.ts';
import { DtmfReceiver, keyNames } from '../../src/switch/rtp/dtmf-receiver.ts';
import { PlayoutBuffer } from '../../src/switch/rtp/playout.ts';
import { RelayNumbers } from '../../src/switch/rtp/session/relay-numbers.ts';
import { SourceLock } from '../../src/switch/rtp/source-lock.ts';
import { SrtpTransform } from '../../src/switch/rtp/srtp.ts';
import { main, randomFrom, type Random } from './random.ts';

export const protocol = 'rtp';

/** One stream that goes on, so that damage meets a state worth damaging. */
interface Flow {
  sequence: number;
  timestamp: number;
  ssrc: number;
}

const lengths = [0, 1, 80, 160, 240, 320, 480, 640, 800, 960, 961, 1400, 3000];
const payloadTypes = [0, 8, 8, 8, 13, 96, 101, 101, 127];

export function generate(random: Random, flow: Flow): Buffer {
  if (random(20) === 0) return noise(random);
  const payloadType = payloadTypes[random(payloadTypes.length)] ?? 8;
  const isKey = payloadType === 101 && random(4) > 0;
  const length = random(3) > 0 ? 160 : (lengths[random(lengths.length)] ?? 160);
  const payload = isKey ? keyOf(random) : Buffer.alloc(length, random(256));
  move(random, flow);
  const header = Buffer.alloc(12);
  header[0] = 0x80;
  header[1] = (random(10) === 0 ? 0x80 : 0) | payloadType;
  header.writeUInt16BE(flow.sequence, 2);
  header.writeUInt32BE(flow.timestamp, 4);
  header.writeUInt32BE(flow.ssrc, 8);
  const datagram = Buffer.concat([header, payload]);
  return random(4) === 0 ? damaged(random, datagram) : datagram;
}

/** On, back, twice the same, a jump, another source. */
function move(random: Random, flow: Flow): void {
  const how = random(40);
  if (how === 0) flow.ssrc = random(0x1_0000_0000);
  else if (how === 1) flow.sequence = random(0x1_0000);
  else if (how === 2) flow.timestamp = random(0x1_0000_0000);
  else if (how < 5) flow.sequence = (flow.sequence - random(120)) & 0xffff;
  else if (how > 6) {
    flow.sequence = (flow.sequence + 1) & 0xffff;
    flow.timestamp = (flow.timestamp + 160) >>> 0;
  }
}

function keyOf(random: Random): Buffer {
  return Buffer.from(
    [random(20), random(2) * 0x80, random(256), random(256)].slice(0, 1 + random(5)),
  );
}

function damaged(random: Random, datagram: Buffer): Buffer {
  const bytes = Buffer.from(datagram);
  for (let count = 1 + random(3); count > 0; count -= 1) {
    bytes[random(Math.min(16, bytes.length))] = random(256);
  }
  return random(3) === 0 ? bytes.subarray(0, random(bytes.length + 1)) : bytes;
}

function noise(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random(300) }, () => random(256)));
}

/** Throws what a datagram broke; returns how many were audio of the far end. */
export function run(seed: number, count: number): number {
  const random = randomFrom(seed);
  const flow: Flow = { sequence: random(0x1_0000), timestamp: 0, ssrc: 1 };
  const lock = new SourceLock();
  lock.expect({ host: '192.0.2.1', port: 4000, payloadTypes: [8, 101], isSilent: false }, 0);
  const [keys, playout, relay] = [new DtmfReceiver(), new PlayoutBuffer(), new RelayNumbers()];
  const srtp = new SrtpTransform(Buffer.alloc(30, 7), 'AES_CM_128_HMAC_SHA1_80');
  const frame = new Int16Array(160);
  let taken = 0;
  let newest = 0;
  for (let index = 0; index < count; index += 1) {
    const now = index * 7;
    const datagram = generate(random, flow);
    if (index % 16 === 0 && srtp.unprotect(datagram) !== undefined) throw new Error('forged');
    const packet = parseRtp(datagram);
    const port = random(5) === 0 ? 4000 + random(20) : 4000;
    if (packet !== undefined && lock.accepts('192.0.2.1', port, packet, now)) {
      taken += 1;
      for (const { digit, durationMs } of keys.onPacket(packet, now)) {
        if (!keyNames.includes(digit) || !(durationMs >= 0)) throw new Error(`key ${digit}`);
      }
      playout.push(packet, codecs.PCMA);
      const place = relay.place(packet, newest, 0);
      if (place?.isNewest === true) newest = (place.sequence + 1) & 0xffff;
      if (place !== undefined && place.sequence >>> 16 !== 0) throw new Error('a number too large');
    }
    keys.onTick(now);
    if (index % 3 === 0) playout.pull(frame);
  }
  return taken;
}

main(import.meta.url, 'datagrams', run);
