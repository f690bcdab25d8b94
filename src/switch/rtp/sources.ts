import type { AudioSource } from './media.types.ts';

const rate = 8000;
const frameSamples = 160;

/** Samples in memory, from `fromMs` on. */
export function samplesSource(samples: Int16Array, fromMs = 0): AudioSource {
  let at = Math.round((fromMs * rate) / 1000);
  return {
    next() {
      if (at >= samples.length) return undefined;
      const frame = samples.subarray(at, at + frameSamples);
      at += frameSamples;
      return frame;
    },
  };
}

/** One after the other without a gap between two of them. */
export function concatSources(sources: readonly AudioSource[]): AudioSource {
  let index = 0;
  let carry: number[] = [];
  return {
    next() {
      while (index < sources.length) {
        const frame = sources[index]?.next();
        if (frame === undefined) {
          index += 1;
          continue;
        }
        if (carry.length === 0 && frame.length === frameSamples) return frame;
        carry.push(...frame);
        if (carry.length >= frameSamples) {
          const full = Int16Array.from(carry.slice(0, frameSamples));
          carry = carry.slice(frameSamples);
          return full;
        }
        if (frame.length < frameSamples) index += 1;
      }
      if (carry.length === 0) return undefined;
      const last = Int16Array.from(carry);
      carry = [];
      return last;
    },
  };
}

/** Silence for so long; forever when `durationMs` is negative. */
export function silenceSource(durationMs: number): AudioSource {
  let left = durationMs < 0 ? Infinity : Math.ceil(durationMs / 20);
  const frame = new Int16Array(frameSamples);
  return {
    next() {
      if (left <= 0) return undefined;
      left -= 1;
      return frame;
    },
  };
}

export function loopSource(open: () => AudioSource): AudioSource {
  let source = open();
  return {
    next() {
      const frame = source.next();
      if (frame !== undefined) return frame;
      source = open();
      return source.next();
    },
  };
}

export interface Tone {
  onMs: number;
  offMs: number;
  frequencies: readonly number[];
}

/**
 * Teletone scripts as FreeSWITCH's `tone_stream://` takes them: `%(on,off,f1[,f2…])` in milliseconds
 * and hertz, several joined by `;`, with `loops=N` (−1 forever) and `v=-7` (dB).
 */
export function parseTones(script: string): { tones: Tone[]; loops: number; amplitude: number } {
  const tones = [...script.matchAll(/%\(\s*(\d+)\s*,\s*(\d+)\s*,([^()]*)\)/g)].map((match) => ({
    onMs: Number(match[1]),
    offMs: Number(match[2]),
    frequencies: (match[3] ?? '').split(',').map(Number).filter(Number.isFinite),
  }));
  const loops = /loops=(-?\d+)/.exec(script);
  const volume = /v=(-?\d+)/.exec(script);
  const decibel = Math.min(0, volume === null ? -7 : Number(volume[1]));
  return {
    tones,
    loops: loops === null ? 1 : Number(loops[1]),
    amplitude: 32_767 * 0.5 * 10 ** ((decibel + 7) / 20),
  };
}

export function toneSource(script: string): AudioSource | undefined {
  const { tones, loops, amplitude } = parseTones(script);
  if (tones.length === 0) return undefined;
  const length = tones.reduce((sum, tone) => sum + tone.onMs + tone.offMs, 0);
  if (length === 0 || length > 60_000) return undefined;
  const samples = renderTones(tones, amplitude);
  let left = loops < 0 ? Infinity : Math.max(1, loops);
  return concatEndless(() => {
    left -= 1;
    return left < 0 ? undefined : samplesSource(samples);
  });
}

function concatEndless(nextSource: () => AudioSource | undefined): AudioSource {
  let source = nextSource();
  return {
    next() {
      for (;;) {
        const frame = source?.next();
        if (frame !== undefined || source === undefined) return frame;
        source = nextSource();
      }
    },
  };
}

function renderTones(tones: readonly Tone[], amplitude: number): Int16Array {
  const parts = tones.map(({ onMs, offMs, frequencies }) => {
    const on = Math.round((onMs * rate) / 1000);
    const part = new Int16Array(on + Math.round((offMs * rate) / 1000));
    const each = amplitude / Math.max(1, frequencies.length);
    for (let index = 0; index < on; index += 1) {
      const sum = frequencies.reduce(
        (total, hertz) => total + Math.sin((2 * Math.PI * hertz * index) / rate),
        0,
      );
      part[index] = Math.round(each * sum);
    }
    return part;
  });
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
