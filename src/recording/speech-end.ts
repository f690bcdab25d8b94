import { quietLevel } from '../cti/index.ts';

/** 20 ms of telephone sound: 16 bit, 8000 samples a second. */
const frameSamples = 160;
const frameMs = 20;
/** A click or a knock is shorter than this in all. */
const leastVoicedMs = 100;

/** When the last sound of a caller ends, in milliseconds; 0 when there is nothing but clicks and noise of the line. */
export async function speechEnd(sound: AsyncIterable<Buffer>): Promise<number> {
  let rest = Buffer.alloc(0);
  let at = 0;
  let voiced = 0;
  let end = 0;
  const frameBytes = frameSamples * 2;
  for await (const chunk of sound) {
    const bytes = Buffer.concat([rest, chunk]);
    let offset = 0;
    for (; offset + frameBytes <= bytes.length; offset += frameBytes) {
      at += frameMs;
      if (levelOf(bytes, offset) < quietLevel) continue;
      voiced += frameMs;
      end = at;
    }
    rest = bytes.subarray(offset);
  }
  return voiced < leastVoicedMs ? 0 : end;
}

function levelOf(bytes: Buffer, offset: number): number {
  let sum = 0;
  for (let at = 0; at < frameSamples; at += 1) sum += Math.abs(bytes.readInt16LE(offset + at * 2));
  return sum / frameSamples;
}
