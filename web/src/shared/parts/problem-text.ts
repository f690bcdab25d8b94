import { Problem } from '../../api/client.ts';
import { isKey, type Translate } from '../i18n/i18n.ts';

/** What went wrong, in the reader's language: by its code, never the code itself or the service's English. */
export function problemText(t: Translate, error: unknown): string {
  if (!(error instanceof Problem)) return t('problem.other');
  const key = `problem.${error.code}`;
  if (isKey(key)) return t(key, wordsOf(error.details));
  if (error.status >= 500) return t('problem.server');
  return t('problem.other');
}

/** What is said when it was so already: what stands, without blame. */
export function alreadyText(t: Translate, error: unknown): string {
  const isOfState =
    error instanceof Problem && /\.(illegal_transition|wrong_state)$/.test(error.code);
  return isOfState ? t('form.already') : problemText(t, error);
}

function wordsOf(details: Readonly<Record<string, unknown>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(details).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'number',
    ),
  );
}
