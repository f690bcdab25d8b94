import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sampleRate, wavOf } from '../../../../tts/index.ts';

export interface Tunes {
  /** Half a minute that repeats well, for callers who wait. */
  music: string;
  /** What one hears while another telephone rings (GB/T 1643: 450 Hz, 1 s on, 4 s off). */
  ringback: string;
}

export const musicFile = 'music.wav';
export const ringbackFile = 'ringback.wav';

/** Makes the tunes once; a file of the same name that is there already wins, so a site can bring its own. */
export async function prepareTunes(dir: string): Promise<Tunes> {
  await mkdir(dir, { recursive: true });
  const keep = async (name: string, make: () => Int16Array): Promise<string> => {
    const file = path.join(dir, name);
    if (existsSync(file)) return file;
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, wavOf(make()));
    await rename(draft, file);
    return file;
  };
  return {
    music: await keep(musicFile, melody),
    ringback: await keep(ringbackFile, ringback),
  };
}

/** C pentatonic, two bars up and down over a slow bass; MIDI note numbers, one a beat. */
const notes = [60, 64, 67, 69, 72, 69, 67, 64, 62, 67, 69, 74, 72, 69, 67, 62];
const bass = [48, 45, 41, 43];
const beatMs = 480;
const rounds = 4;

function melody(): Int16Array {
  const beat = (beatMs * sampleRate) / 1000;
  const samples = new Float64Array(notes.length * rounds * beat);
  for (let at = 0; at < notes.length * rounds; at += 1) {
    pluck(samples, at * beat, notes[at % notes.length] ?? 60, 0.2);
    if (at % 4 === 0) pluck(samples, at * beat, bass[(at / 4) % bass.length] ?? 48, 0.25);
  }
  return Int16Array.from(samples, (value) => Math.round(32_000 * Math.max(-1, Math.min(1, value))));
}

/** A soft string: a fundamental and two overtones that die away. */
function pluck(into: Float64Array, from: number, note: number, gain: number): void {
  const hz = 440 * 2 ** ((note - 69) / 12);
  const length = Math.min(sampleRate * 1.6, into.length - from);
  for (let at = 0; at < length; at += 1) {
    const seconds = at / sampleRate;
    const turn = 2 * Math.PI * hz * seconds;
    const tone = Math.sin(turn) + 0.35 * Math.sin(2 * turn) + 0.12 * Math.sin(3 * turn);
    const envelope = Math.min(1, seconds / 0.01) * Math.exp(-2.2 * seconds);
    into[from + at] = (into[from + at] ?? 0) + gain * envelope * tone;
  }
}

function ringback(): Int16Array {
  return Int16Array.from({ length: 5 * sampleRate }, (_, at) =>
    at < sampleRate ? Math.round(6000 * Math.sin((2 * Math.PI * 450 * at) / sampleRate)) : 0,
  );
}
