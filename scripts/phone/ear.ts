/** Mean absolute sample above which a frame of 20 ms counts as sound. */
const loud = 120;

/** Listens to the far end: when it speaks, when it has stopped, and what tones it sends. */
export class Ear {
  /** Milliseconds heard so far, of which with sound. */
  totalMs = 0;
  soundMs = 0;
  /** Silence at this moment. */
  silentMs = 0;
  /** How many times it began to speak after at least 300 ms of silence. */
  utterances = 0;
  readonly #frames: Int16Array[] = [];
  #isTalking = false;

  hear(frame: Int16Array): void {
    let sum = 0;
    for (const sample of frame) sum += Math.abs(sample);
    this.totalMs += 20;
    if (this.#frames.length < 50 * 600) this.#frames.push(Int16Array.from(frame));
    if (sum / frame.length > loud) {
      if (!this.#isTalking) this.utterances += 1;
      this.#isTalking = true;
      this.soundMs += 20;
      this.silentMs = 0;
      return;
    }
    this.silentMs += 20;
    if (this.silentMs >= 300) this.#isTalking = false;
  }

  /** Samples of 8 kHz from `fromMs` on. */
  samples(fromMs = 0): Int16Array {
    const frames = this.#frames.slice(Math.floor(fromMs / 20));
    const all = new Int16Array(frames.length * 160);
    frames.forEach((frame, at) => all.set(frame, at * 160));
    return all;
  }

  /** Share of the energy at a frequency in the last second, 0…1 (Goertzel). */
  toneShare(hz: number, lastMs = 1000): number {
    return toneShare(this.samples(this.totalMs - lastMs), hz);
  }
}

export function toneShare(samples: Int16Array, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / 8000);
  let [before, last, energy] = [0, 0, 0];
  for (const sample of samples) {
    const now = sample + coefficient * last - before;
    before = last;
    last = now;
    energy += sample * sample;
  }
  const power = last * last + before * before - coefficient * last * before;
  return energy === 0 ? 0 : (2 * power) / (samples.length * energy);
}
