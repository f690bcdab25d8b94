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
    const heard = caller.ear.totalMs;
    best = Math.max(best, likeness(caller.ear.samples(searchedMs), path));
    searchedMs = Math.max(fromMs, heard - 1200);
  }
  return best;
}

/**
 * Whether what was heard holds what the file says, by normalised correlation of one second of it.
 * 1 is the same wave; what went through G.711 stays above 0.9, other speech below 0.5.
 */
export function likeness(heard: Int16Array, path: string): number {
  const samples = decodeWav(readFileSync(path));
  const from = Math.min(2000, Math.max(0, samples.length - 8000));
  const pattern = samples.subarray(from, from + 8000);
  const step = 1;
  let best = 0;
  const patternEnergy = energy(pattern, 0, pattern.length);
  for (let at = 0; at + pattern.length <= heard.length; at += step) {
    // A coarse look first: most places differ at once.
    let coarse = 0;
    let coarseHeard = 0;
    let coarsePattern = 0;
    for (let index = 0; index < pattern.length; index += 64) {
      const one = heard[at + index] ?? 0;
      const other = pattern[index] ?? 0;
      coarse += one * other;
      coarseHeard += one * one;
      coarsePattern += other * other;
    }
    if (coarse < 0.5 * Math.sqrt(coarseHeard * coarsePattern)) continue;
    let product = 0;
    for (let index = 0; index < pattern.length; index += 1) {
      product += (heard[at + index] ?? 0) * (pattern[index] ?? 0);
    }
    const scale = Math.sqrt(patternEnergy * energy(heard, at, pattern.length));
    if (scale > 0) best = Math.max(best, product / scale);
  }
  return best;
}

function energy(samples: Int16Array, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + length; at += 1) sum += (samples[at] ?? 0) ** 2;
  return sum;
}
