import { Problem } from '../api/client.ts';
import { isKey, type Translate } from '../i18n/i18n.ts';

/** What went wrong, for people: our own words where the code is known, else the service's. */
export function problemText(t: Translate, error: unknown): string {
  if (!(error instanceof Problem)) return error instanceof Error ? error.message : String(error);
  const key = `problem.${error.code}`;
  if (isKey(key)) return t(key, wordsOf(error.details));
  if (error.status >= 500) return t('problem.server');
  return error.message === '' ? t('problem.other', { code: error.code }) : error.message;
}

function wordsOf(details: Readonly<Record<string, unknown>>): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(details).filter(
      (entry): entry is [string, string | number] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'number',
    ),
  );
}
