import type { AudioCodec } from './media.types.ts';

/** ITU-T G.711 by table: a byte is one sample, so both ways are one look-up. */
export interface Codec {
  name: AudioCodec;
  /** Static payload type of RFC 3551. */
  payloadType: number;
  silence: number;
  decode(payload: Uint8Array, into: Int16Array, at: number): void;
  encode(samples: Int16Array, into: Uint8Array, at: number): void;
}

function decodeMu(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return (bits & 0x80) !== 0 ? -magnitude : magnitude;
}

function decodeA(byte: number): number {
  const bits = byte ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const base = ((bits & 0x0f) << 4) + (segment === 0 ? 8 : 0x108);
  const magnitude = segment > 1 ? base << (segment - 1) : base;
  return (bits & 0x80) !== 0 ? magnitude : -magnitude;
}

/** Each 16-bit sample to the byte whose value is nearest, found by walking both sorted lists. */
function nearestBytes(decode: Int16Array): Uint8Array {
  const order = [...decode.keys()].sort((a, b) => (decode[a] ?? 0) - (decode[b] ?? 0));
  const table = new Uint8Array(65_536);
  let at = 0;
  for (let sample = -32_768; sample <= 32_767; sample += 1) {
    while (at + 1 < order.length) {
      const here = Math.abs(sample - (decode[order[at] ?? 0] ?? 0));
      const next = Math.abs(sample - (decode[order[at + 1] ?? 0] ?? 0));
      if (next > here) break;
      at += 1;
    }
    table[sample & 0xffff] = order[at] ?? 0;
  }
  return table;
}

function makeCodec(
  name: AudioCodec,
  payloadType: number,
  decodeByte: (byte: number) => number,
): Codec {
  const decodeTable = Int16Array.from({ length: 256 }, (_, byte) => decodeByte(byte));
  const encodeTable = nearestBytes(decodeTable);
  return {
    name,
    payloadType,
    silence: encodeTable[0] ?? 0xff,
    decode(payload, into, at) {
      for (let index = 0; index < payload.length; index += 1) {
        into[at + index] = decodeTable[payload[index] ?? 0] ?? 0;
      }
    },
    encode(samples, into, at) {
      for (let index = 0; index < samples.length; index += 1) {
        into[at + index] = encodeTable[(samples[index] ?? 0) & 0xffff] ?? 0;
      }
    },
  };
}

export const codecs: Readonly<Record<AudioCodec, Codec>> = {
  PCMU: makeCodec('PCMU', 0, decodeMu),
  PCMA: makeCodec('PCMA', 8, decodeA),
};
