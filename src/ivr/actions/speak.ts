import type { Action, FlowState, KeysWanted } from '../../content/index.ts';
import { messageOf } from '../../core/errors.ts';
import { collect, play, type Call } from '../../cti/index.ts';
import type { Utterance } from '../../tts/index.ts';
import { utterancesOfArticle } from '../articles.ts';
import type { ActionParts, Turn } from './actions.types.ts';

/** Files of what is to be said; a tone where nothing of it could be rendered. A caller never hears silence. */
export async function render(
  { tts, log }: Pick<ActionParts, 'tts' | 'log'>,
  say: readonly Utterance[],
): Promise<string[]> {
  const all = await Promise.allSettled(say.map((one) => tts.render(one)));
  const paths = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (paths.length < say.length) log.error('some sentences could not be rendered');
  return paths.length === 0 && say.length > 0 ? [await tts.beep()] : paths;
}

export async function speak(
  parts: ActionParts,
  { call, state }: Turn,
  action: Extract<Action, { do: 'play' }>,
): Promise<void> {
  const tone = action.hasTone === true ? [await parts.tts.beep()] : [];
  await play(call, String(state.step), [...(await render(parts, action.say)), ...tone]);
}

/** Keys that the caller presses while they listen; empty when none came. */
export async function collectKeys(
  parts: ActionParts,
  call: Call,
  step: string,
  wanted: KeysWanted,
): Promise<string> {
  return collect(call, step, {
    paths: await render(parts, wanted.say),
    min: wanted.minDigits,
    max: wanted.maxDigits,
    terminator: wanted.terminators,
    timeoutMs: wanted.firstDigitTimeoutMs,
    betweenKeysMs: wanted.interDigitTimeoutMs,
  });
}

/** Undefined when there is no such article any more, or nobody can say so. */
export async function wordsOf(
  { records, log }: ActionParts,
  action: Extract<Action, { do: 'collect' | 'read' }>,
  { language }: FlowState,
): Promise<readonly Utterance[] | undefined> {
  if (action.do === 'collect') return action.say;
  const article = await utterancesOfArticle(records.db, action.articleId, language).catch(
    (error: unknown) => {
      log.error({ reason: messageOf(error) }, 'article not read');
      return undefined;
    },
  );
  return article && [...action.lead, ...article, ...action.say];
}
