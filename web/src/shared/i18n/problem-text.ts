import { Problem } from '../../api/client.ts';
import { textAt, type Translate } from './i18n.ts';

/** What went wrong, in the reader's language: by its code, never the code itself or the service's English. */
export function problemText(t: Translate, error: unknown): string {
  if (!(error instanceof Problem)) return t('problem.other');
  const text = textAt(t, `problem.${error.code}`, wordsOf(error.details));
  return text ?? t(error.status >= 500 ? 'problem.server' : 'problem.other');
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
