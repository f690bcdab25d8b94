import type { Language } from '../core/language.ts';

export interface Utterance {
  text: string;
  language: Language;
}

/** Text to speech: the only way by which words become WAV files that the switch can play. */
export interface Tts {
  /**
   * Absolute path of an 8 kHz mono 16-bit WAV file; from the cache, or rendered now. A caller waits:
   * a provider that takes more than 0.7 s is passed over.
   */
  render(utterance: Utterance): Promise<string>;
  /** The same ahead of need: waits for the preferred voice, and for nothing less when it works. */
  renderAhead(utterance: Utterance): Promise<string>;
  close(): Promise<void>;
}
