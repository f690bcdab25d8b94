import { attempt } from '../../../shared/browser/attempt.ts';

/** Loudness of a stream, 0–1, some ten times a second. */
export function watchLevel(stream: MediaStream, onLevel: (level: number) => void): () => void {
  const context = attempt('sound', () => new AudioContext());
  if (context === undefined) return () => undefined;
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const source = context.createMediaStreamSource(stream);
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    const mean = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
    // -60 dB is silence, 0 dB the loudest there is.
    const decibel = 10 * Math.log10(mean + 1e-9);
    onLevel(Math.min(1, Math.max(0, (decibel + 60) / 60)));
  }, 100);
  return () => {
    clearInterval(timer);
    source.disconnect();
    void context.close();
  };
}
