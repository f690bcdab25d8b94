import type { Language } from '../../core/language.ts';

/** What an author wrote; the English is left out or empty where there is none. */
export type AuthorText = Readonly<{ 'zh-CN': string; en?: string | undefined }>;

/** The text for somebody of that language: in Chinese when it has no English, as articles are. */
export function authorText(
  text: AuthorText | undefined,
  wanted: Language,
): { text: string; language: Language } | undefined {
  if (text === undefined) return undefined;
  const english = text.en ?? '';
  return wanted === 'en' && english.trim() !== ''
    ? { text: english, language: 'en' }
    : { text: text['zh-CN'], language: 'zh-CN' };
}
