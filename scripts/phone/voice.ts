import { samplesSource, type AudioSource } from '../../src/switch/rtp/index.ts';

/**
 * Three seconds that are as loud as a voice and easy to find again: a 1000 Hz tone that swells and
 * fades four times a second, as syllables do.
 */
export function speechLike(ms = 3000, hz = 1000): AudioSource {
  return samplesSource(speechLikeSamples(ms, hz));
}

/** The same as samples of 8 kHz. */
export function speechLikeSamples(ms: number, hz = 1000): Int16Array {
  const samples = new Int16Array(ms * 8);
  for (let at = 0; at < samples.length; at += 1) {
    const swell = 0.55 + 0.45 * Math.sin((2 * Math.PI * 4 * at) / 8000);
    samples[at] = Math.round(9000 * swell * Math.sin((2 * Math.PI * hz * at) / 8000));
  }
  return samples;
}
