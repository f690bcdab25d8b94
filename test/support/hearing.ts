import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../../scripts/phone/caller.ts';
import { readFileSync } from 'node:fs';
import { decodeWav } from '../../src/switch/rtp/index.ts';

/**
 * Resolves once the caller has heard what the file says, with how alike it was; the best likeness
 * so far when the time is over. Waits for the words, not for silence.
 */
export async function hears(
  caller: Caller,
  path: string,
  { limitMs = 60_000, fromMs = 0 }: { limitMs?: number; fromMs?: number } = {},
): Promise<number> {
  const deadline = Date.now() + limitMs;
  let best = 0;
  let searchedMs = fromMs;
  while (best < 0.9 && Date.now() < deadline && caller.end === undefined) {
    await delay(500);
    const heard = caller.received.totalMs;
    best = Math.max(best, likeness(caller.received.samples(searchedMs), path));
    searchedMs = Math.max(fromMs, heard - 1200);
  }
  return best;
}

/** Every so many samples are compared, and how alike they must be for a closer look. */
const looks = [
  { stride: 64, least: 0.5 },
  { stride: 8, least: 0.7 },
  { stride: 1, least: 0 },
] as const;

/**
 * Whether what was heard holds what the file says, by normalised correlation of one second of it.
 * 1 is the same wave; what went through G.711 stays above 0.9, other speech below 0.5.
 */
export function likeness(heard: Int16Array, path: string): number {
  const samples = decodeWav(readFileSync(path));
  const from = Math.min(2000, Math.max(0, samples.length - 8000));
  const pattern = samples.subarray(from, from + 8000);
  let best = 0;
  for (let at = 0; at + pattern.length <= heard.length; at += 1) {
    best = Math.max(best, likenessAt(heard, pattern, at));
    if (best > 0.97) break;
  }
  return best;
}

/** Coarse looks first: most places differ at once. */
function likenessAt(heard: Int16Array, pattern: Int16Array, at: number): number {
  let alike = 0;
  for (const { stride, least } of looks) {
    alike = correlation(heard, pattern, { at, stride });
    if (alike < least) return 0;
  }
  return alike;
}

function correlation(
  heard: Int16Array,
  pattern: Int16Array,
  { at, stride }: { at: number; stride: number },
): number {
  let [product, heardEnergy, patternEnergy] = [0, 0, 0];
  for (let index = 0; index < pattern.length; index += stride) {
    const one = heard[at + index] ?? 0;
    const other = pattern[index] ?? 0;
    product += one * other;
    heardEnergy += one * one;
    patternEnergy += other * other;
  }
  const scale = Math.sqrt(heardEnergy * patternEnergy);
  return scale === 0 ? 0 : product / scale;
}
