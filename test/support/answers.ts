import { randomOf } from './dialling-simulation.ts';

/** What is heard after an answer, made up: people, machines, carriers, with noise and levels that vary. */
export type Label = 'person' | 'machine' | 'announcement' | 'fax' | 'silent';

export interface Answer {
  label: Label;
  name: string;
  samples: Int16Array;
}

const rate = 8000;

/** The same seed gives the same set. */
export function answerSet(count: number, seed: number): Answer[] {
  const random = randomOf(seed);
  const makers: [Label, string, () => Int16Array][] = [
    ['person', 'one word', () => person(random, 1)],
    ['person', 'two words', () => person(random, 2)],
    ['person', 'name of a firm', () => person(random, 3)],
    ['machine', 'long greeting', () => machine(random, false)],
    ['machine', 'short greeting and beep', () => machine(random, true)],
    ['machine', 'pauses within', () => slowMachine(random)],
    ['announcement', 'special tones', () => announcement(random)],
    ['fax', 'fax', () => fax(random)],
    ['silent', 'nobody speaks', () => silence(random)],
  ];
  return Array.from({ length: count }, (_, n) => {
    const maker = makers[n % makers.length];
    if (maker === undefined) throw new Error('no maker');
    const [label, name, make] = maker;
    return { label, name, samples: make() };
  });
}

type Random = () => number;

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

/** 喂, or 喂你好, or 你好某某公司; then the wait for us, with a line that hisses. */
function person(random: Random, words: number): Int16Array {
  const level = between(random, 0.06, 0.35);
  const parts: Float64Array[] = [pause(between(random, 0.1, 1.2))];
  for (let n = 0; n < words; n += 1) {
    parts.push(speech(random, between(random, 0.18, 0.6), level));
    parts.push(pause(between(random, 0.04, 0.25)));
  }
  parts.push(pause(4));
  return withNoise(random, parts);
}

/** You have reached …, then a tone. */
function machine(random: Random, isShort: boolean): Int16Array {
  const level = between(random, 0.06, 0.35);
  const parts: Float64Array[] = [pause(between(random, 0.2, 1))];
  const seconds = isShort ? between(random, 1.2, 2.2) : between(random, 4, 9);
  for (let spoken = 0; spoken < seconds;) {
    const word = between(random, 0.25, 0.9);
    parts.push(speech(random, word, level), pause(between(random, 0.05, 0.3)));
    spoken += word + 0.2;
  }
  parts.push(pause(between(random, 0.1, 0.5)));
  parts.push(tone(between(random, 700, 1300) + 17, between(random, 0.3, 0.8), level), pause(3));
  return withNoise(random, parts);
}

/** Sentences with breaths of half a second between them. */
function slowMachine(random: Random): Int16Array {
  const level = between(random, 0.06, 0.3);
  const parts: Float64Array[] = [pause(between(random, 0.2, 0.8))];
  for (let n = 0; n < 8; n += 1) {
    parts.push(speech(random, between(random, 0.6, 1.5), level), pause(between(random, 0.3, 0.6)));
  }
  return withNoise(random, parts);
}

/** The number you dialled does not exist: three rising tones first (ITU-T E.180). */
function announcement(random: Random): Int16Array {
  const level = between(random, 0.1, 0.3);
  const sit = [950, 1400, 1800].flatMap((hz) => [tone(hz, 0.33, level), pause(0.02)]);
  return withNoise(random, [
    pause(between(random, 0.1, 0.6)),
    ...sit,
    speech(random, 3, level),
    pause(1),
  ]);
}

function fax(random: Random): Int16Array {
  const level = between(random, 0.1, 0.3);
  return withNoise(random, [pause(between(random, 0.3, 1.5)), tone(2100, 3, level), pause(1)]);
}

function silence(random: Random): Int16Array {
  return withNoise(random, [pause(6)]);
}

function pause(seconds: number): Float64Array {
  return new Float64Array(Math.round(seconds * rate));
}

function tone(hz: number, seconds: number, level: number): Float64Array {
  return Float64Array.from(
    { length: Math.round(seconds * rate) },
    (_, at) => level * Math.sin((2 * Math.PI * hz * at) / rate),
  );
}

/** A voice: harmonics of a pitch that moves, syllables of 150–250 ms, a hiss for consonants. */
function speech(random: Random, seconds: number, level: number): Float64Array {
  const length = Math.round(seconds * rate);
  const pitch = between(random, 95, 240);
  const syllable = between(random, 0.15, 0.25) * rate;
  let phase = 0;
  return Float64Array.from({ length }, (_, at) => {
    const hz = pitch * (1 + 0.12 * Math.sin((2 * Math.PI * at) / (rate * 0.7)));
    phase += (2 * Math.PI * hz) / rate;
    const place = (at % syllable) / syllable;
    const envelope = Math.min(1, 8 * place, 5 * (1 - place)) * 0.9 + 0.1;
    let voice = 0;
    for (let n = 1; n <= 12; n += 1) {
      voice += Math.sin(n * phase) / (1 + Math.abs(n * hz - 700) / 400);
    }
    const hiss = place < 0.15 ? (random() - 0.5) * 1.5 : 0;
    const edge = Math.min(1, at / 80, (length - at) / 80);
    return level * edge * envelope * (0.35 * voice + hiss);
  });
}

function withNoise(random: Random, parts: readonly Float64Array[]): Int16Array {
  const noise = between(random, 0.0005, 0.004);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new Int16Array(length);
  let at = 0;
  for (const part of parts) {
    for (const value of part) {
      const sample = value + (random() - 0.5) * 2 * noise;
      out[at] = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_767)));
      at += 1;
    }
  }
  return out;
}
