import { pathToFileURL } from 'node:url';

/** Numbers from 0 to `below` − 1, the same for the same seed. */
export type Random = (below: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const one = from[random(from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

/** Once in so many times. */
export function seldom(random: Random, times: number): boolean {
  return random(times) === 0;
}

/** Words that a grammar does not expect at most places. */
const oddities = [
  '',
  ' ',
  '\t',
  '\r',
  '\0',
  '"',
  '\\',
  '<',
  '>',
  '<<<>',
  ';',
  ';;;=;',
  ',',
  ',,,',
  ':',
  '@',
  '%',
  '%00',
  '%0d%0aX: y',
  '%ff%fe',
  '${x}',
  '\u{1f4de}',
  '大停電',
  '-1',
  '0',
  '99999999999999999999',
  '1e9',
  'NaN',
  '__proto__',
  'constructor',
  '../..',
  '[::1',
  '*',
] as const;

export function odd(random: Random): string {
  const one = pick(random, oddities);
  if (!seldom(random, 12)) return one;
  return (one || ' ').repeat(1 + random(seldom(random, 30) ? 6000 : 200));
}

/** Bytes cut off, changed, doubled, moved or put in, a few times. */
export function damaged(random: Random, bytes: Buffer): Buffer {
  let hurt: Buffer = Buffer.from(bytes);
  for (let count = 1 + random(3); count > 0; count -= 1) hurt = hurtOnce(random, hurt);
  return hurt;
}

function hurtOnce(random: Random, bytes: Buffer): Buffer {
  const at = random(bytes.length + 1);
  const to = Math.min(bytes.length, at + random(40));
  switch (random(6)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(odd(random)), bytes.subarray(at)]);
    case 4: {
      const noise = Buffer.from(Array.from({ length: 1 + random(8) }, () => random(256)));
      return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(to)]);
    }
    default: {
      if (bytes.length > 0) {
        bytes[random(bytes.length)] = pick(random, [0, 9, 10, 13, 32, 127, 255]);
      }
      return bytes;
    }
  }
}

/** The same bytes in pieces, as a stream may bring them. */
export function pieces(random: Random, bytes: Buffer): Buffer[] {
  if (random(3) > 0) return [bytes];
  const most = pick(random, [1, 7, 200, 1500]);
  // A byte at a time of a short one only: what is looked for is states, not patience.
  const size = most === 1 && bytes.length > 600 ? 200 : most;
  const cut: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const next = at + 1 + random(size);
    cut.push(bytes.subarray(at, next));
    at = next;
  }
  return cut;
}

/** Runs it from the command line, `[count] [seed]`, and tells the first seed that fails. */
export function main(
  url: string,
  what: string,
  run: (seed: number, count: number) => number,
): void {
  if (process.argv[1] === undefined || url !== pathToFileURL(process.argv[1]).href) return;
  const count = Number(process.argv[2] ?? 1_000_000);
  const first = Number(process.argv[3] ?? 1);
  const perSeed = Math.min(count, 10_000);
  let understood = 0;
  for (let seed = first; (seed - first) * perSeed < count; seed += 1) {
    try {
      understood += run(seed, perSeed);
    } catch (error) {
      process.stderr.write(`seed ${seed} fails\n`);
      throw error;
    }
  }
  process.stdout.write(
    `${count} ${what} from seed ${first}: ${understood} understood, nothing threw\n`,
  );
}
