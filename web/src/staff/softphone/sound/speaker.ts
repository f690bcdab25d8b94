import { attempt, attemptLater } from '../../../shared/browser/attempt.ts';
import { routeTo, storedChoice } from './devices.ts';

/** Plays the other side on the device and at the volume that the person chose. */
export class Speaker {
  readonly #audio = attempt('sound', () => new Audio());

  constructor() {
    if (this.#audio !== undefined) this.#audio.autoplay = true;
  }

  async play(stream: MediaStream): Promise<void> {
    const audio = this.#audio;
    if (audio === undefined) return;
    audio.srcObject = stream;
    await this.apply();
    await attemptLater('sound', () => audio.play());
  }

  /** After another choice; holds for what is playing, too. */
  async apply(): Promise<void> {
    const { speaker, volume } = storedChoice();
    if (this.#audio !== undefined) this.#audio.volume = volume;
    await routeTo(this.#audio, speaker);
  }

  clear(): void {
    if (this.#audio !== undefined) this.#audio.srcObject = null;
  }
}
