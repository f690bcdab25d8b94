/** Of a telephone line, in Hz. */
export const sampleRate = 8000;

/** Everything a telephone line passes, and little above it. */
const cutoffHz = 3600;
/** Zero crossings of the sinc on each side: more are sharper and slower. */
const crossings = 12;

interface Filter {
  /** One row of taps for each place that an output sample can have between two input samples. */
  phases: readonly Float32Array[];
  /** Input samples that pass while all phases are used once. */
  stride: number;
  half: number;
}

const filters = new Map<number, Filter>();

/**
 * Mono samples of `rate` Hz as 8 kHz, by a windowed sinc in polyphase form (Crochiere and Rabiner,
 * Multirate Digital Signal Processing, section 4.3). A second of speech takes about a millisecond; the
 * service speaks to other callers on the same thread.
 */
export function resample(samples: Int16Array, rate: number): Int16Array {
  if (rate === sampleRate) return samples;
  const filter = filters.get(rate) ?? filterFor(rate);
  filters.set(rate, filter);
  const { phases, stride, half } = filter;
  const padded = new Float32Array(samples.length + 2 * half);
  padded.set(samples, half);
  const out = new Int16Array(Math.floor((samples.length * sampleRate) / rate));
  for (let at = 0; at < out.length; at += 1) {
    const round = Math.floor(at / phases.length);
    const phase = at % phases.length;
    const taps = phases[phase] ?? new Float32Array(0);
    const from = round * stride + Math.floor((phase * stride) / phases.length) + 1;
    let sum = 0;
    for (let tap = 0; tap < taps.length; tap += 1) {
      sum += (taps[tap] ?? 0) * (padded[from + tap] ?? 0);
    }
    out[at] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return out;
}

function filterFor(rate: number): Filter {
  const divisor = greatestDivisor(rate, sampleRate);
  const stride = rate / divisor;
  const count = sampleRate / divisor;
  const cutoff = Math.min(cutoffHz, rate / 2) / rate;
  const half = Math.ceil(crossings / (2 * cutoff));
  const phases = Array.from({ length: count }, (_, phase) => {
    const between = ((phase * stride) / count) % 1;
    const taps = Float32Array.from({ length: 2 * half }, (__, tap) =>
      kernel(tap + 1 - half - between, { cutoff, half }),
    );
    // Each row passes a constant unchanged.
    const gain = taps.reduce((sum, one) => sum + one, 0);
    return taps.map((one) => one / gain);
  });
  return { phases, stride, half };
}

/** A sinc under a Hann window. */
function kernel(at: number, { cutoff, half }: { cutoff: number; half: number }): number {
  if (Math.abs(at) >= half) return 0;
  const angle = 2 * Math.PI * cutoff * at;
  const sinc = at === 0 ? 1 : Math.sin(angle) / angle;
  return sinc * (0.5 + 0.5 * Math.cos((Math.PI * at) / half));
}

function greatestDivisor(one: number, other: number): number {
  return other === 0 ? one : greatestDivisor(other, one % other);
}
