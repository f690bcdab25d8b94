import type { Tts, Utterance } from '../../../../tts/index.ts';
import type { Tunes } from './music.ts';

/** What callers hear from the queues. */
export interface QueueVoice {
  /** Files of those sentences that could be rendered, in order. Never rejects. */
  render(say: readonly Utterance[]): Promise<string[]>;
  readonly music: string;
}

export function queueVoice(tts: Pick<Tts, 'render'>, { music }: Pick<Tunes, 'music'>): QueueVoice {
  return {
    music,
    async render(say) {
      const all = await Promise.allSettled(say.map((one) => tts.render(one)));
      return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    },
  };
}
