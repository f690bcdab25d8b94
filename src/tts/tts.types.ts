import type { Language } from '../core/language.ts';

export interface Utterance {
  text: string;
  language: Language;
}

/** Text to speech: the only way by which words become WAV files that the switch can play. */
export interface Tts {
  /** Absolute path of an 8 kHz mono 16-bit WAV file; from the cache, or rendered now. */
  render(utterance: Utterance, options?: { signal?: AbortSignal }): Promise<string>;
  close(): Promise<void>;
}
