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
  const patternEnergy = energy(pattern, 0, pattern.length);
  let best = 0;
  for (const place of placesAlike(loudness(heard), loudness(pattern))) {
    const first = Math.max(0, (place - 1) * stretch);
    const last = Math.min(heard.length - pattern.length, (place + 1) * stretch);
    for (let at = first; at <= last; at += 1) {
      let product = 0;
      for (let index = 0; index < pattern.length; index += 1) {
        product += (heard[at + index] ?? 0) * (pattern[index] ?? 0);
      }
      const scale = Math.sqrt(patternEnergy * energy(heard, at, pattern.length));
      if (scale > 0) best = Math.max(best, product / scale);
      if (best > 0.95) return best;
    }
  }
  return best;
}

/** Samples of which the loudness is compared first: 10 ms. */
const stretch = 80;
const triedPlaces = 8;

function loudness(samples: Int16Array): Float64Array {
  const all = new Float64Array(Math.floor(samples.length / stretch));
  for (let at = 0; at < all.length; at += 1) {
    all[at] = Math.sqrt(energy(samples, at * stretch, stretch));
  }
  return all;
}

/** Where loudness swells and fades like the pattern's, the likest first: the wave is compared there. */
function placesAlike(heard: Float64Array, pattern: Float64Array): number[] {
  const places: { at: number; alike: number }[] = [];
  for (let at = 0; at + pattern.length <= heard.length; at += 1) {
    places.push({ at, alike: correlation(heard.subarray(at, at + pattern.length), pattern) });
  }
  return places
    .toSorted((one, other) => other.alike - one.alike)
    .slice(0, triedPlaces)
    .map(({ at }) => at);
}

function correlation(one: Float64Array, other: Float64Array): number {
  const means = [mean(one), mean(other)] as const;
  let [product, first, second] = [0, 0, 0];
  for (let at = 0; at < one.length; at += 1) {
    const a = (one[at] ?? 0) - means[0];
    const b = (other[at] ?? 0) - means[1];
    product += a * b;
    first += a * a;
    second += b * b;
  }
  return first * second === 0 ? 0 : product / Math.sqrt(first * second);
}

function mean(values: Float64Array): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
}

function energy(samples: Int16Array, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + length; at += 1) sum += (samples[at] ?? 0) ** 2;
  return sum;
}
