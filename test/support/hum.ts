import { loopSource, samplesSource, type AudioSource } from '../../src/switch/rtp/index.ts';

/** A steady tone that goes on until the call is over. */
export function humming(hz: number): AudioSource {
  const samples = Int16Array.from({ length: 8000 }, (_, at) =>
    Math.round(8000 * Math.sin((2 * Math.PI * hz * at) / 8000)),
  );
  return loopSource(() => samplesSource(samples));
}
