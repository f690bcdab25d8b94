import type { Translate } from '../../../shared/i18n/i18n.ts';
import type { Preview } from './campaign.types.ts';

/** What starting it does at this moment: the question, and what else is to be known. */
export function startWords(
  t: Translate,
  { called, callableNow, writtenFirst, excluded }: Preview,
): [string, ...string[]] {
  const later = called - callableNow;
  const left = Object.values(excluded).reduce((sum, one) => sum + one, 0);
  return [
    callableNow > 0
      ? t('start.now', { count: callableNow })
      : t(later > 0 ? 'start.later' : 'start.nobody', { count: later }),
    ...(callableNow > 0 && later > 0 ? [t('start.alsoLater', { count: later })] : []),
    ...(writtenFirst > 0 ? [t('start.written', { count: writtenFirst })] : []),
    ...(left > 0 ? [t('start.excluded', { count: left })] : []),
  ];
}
