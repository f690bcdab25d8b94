import type { Utterance } from '../tts.types.ts';

export interface Provider {
  readonly name: string;
  /** Part of the cache key: another voice is another file. */
  readonly voice: string;
  /** A WAV file of any rate. Rejects when it cannot. */
  render(utterance: Utterance, signal: AbortSignal): Promise<Buffer>;
}
