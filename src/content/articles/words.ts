import type { Language } from '../../core/language.ts';
import type { ArticleRow } from '../../db/index.ts';

type Words = Pick<ArticleRow, 'title' | 'body' | 'titleEn' | 'bodyEn'>;

/** A stretch that is spoken, rendered and kept as one. */
export interface Piece {
  text: string;
  language: Language;
}

/** Characters of a piece: some ten seconds of speech in either language. */
const longest: Readonly<Record<Language, number>> = { 'zh-CN': 70, en: 180 };
/** UTF-16 units of a text message: six parts of 67 (3GPP TS 23.040). */
const longestText = 400;

/** The article in that language, or in Chinese when it has no English. */
export function articleText(
  { title, body, titleEn, bodyEn }: Words,
  wanted: Language,
): { language: Language; title: string; body: string } {
  return wanted === 'en' && bodyEn !== ''
    ? { language: 'en', title: titleEn, body: bodyEn }
    : { language: 'zh-CN', title, body };
}

/** What is said of an article: its title, then whole sentences, short ones together, long ones in parts. */
export function spokenPieces(article: Words, wanted: Language): Piece[] {
  const { language, title, body } = articleText(article, wanted);
  const paragraphs = body.split('\n').map((one) => one.trim());
  const sentences = paragraphs.flatMap((one) => sentencesOf(closed(one, language)));
  const texts = [
    closed(title.trim(), language),
    ...packed(
      sentences.flatMap((one) => parts(one, longest[language])),
      language,
    ),
  ];
  return texts.filter((text) => text !== '').map((text) => ({ text, language }));
}

/** A text message of it: as much as six parts take, and where to hear the rest. */
export function textMessage(
  article: Words,
  wanted: Language,
  { sign, hotline }: { sign: string | undefined; hotline: string },
): string {
  const { language, title, body } = articleText(article, wanted);
  const head = sign === undefined ? '' : `【${sign}】`;
  const lines = body.split('\n').map((line) => line.trim());
  const flat = lines.filter((line) => line !== '').join(language === 'en' ? ' ' : '');
  const whole = `${head}${closed(title.trim(), language)}${language === 'en' ? ' ' : ''}${flat.trim()}`;
  if (whole.length <= longestText) return whole;
  const rest =
    language === 'en' ? `… Call ${hotline} to hear it all.` : `……全文请致电${hotline}收听。`;
  return cut(whole, longestText - rest.length) + rest;
}

/** A title or line without a full stop gets one, so that the voice falls. */
function closed(text: string, language: Language): string {
  if (text === '' || /[。！？；：.!?;:…]$/.test(text)) return text;
  return `${text}${language === 'en' ? '.' : '。'}`;
}

function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[。！？；])|(?<=[.!?;])\s+/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** A sentence that is too long for one breath, at its commas, else between words or characters. */
function parts(sentence: string, limit: number): string[] {
  if (sentence.length <= 2 * limit) return [sentence];
  const clauses = sentence.split(/(?<=[，、：,:])/);
  return gathered(clauses, limit, '').flatMap((one) => {
    const found: string[] = [];
    let rest = one;
    while (rest.length > 2 * limit) {
      const at = rest.lastIndexOf(' ', limit);
      const head = cut(rest, at > 0 ? at : limit);
      found.push(head.trim());
      rest = rest.slice(head.length);
    }
    return [...found, rest.trim()];
  });
}

function packed(sentences: readonly string[], language: Language): string[] {
  return gathered(sentences, longest[language], language === 'en' ? ' ' : '');
}

/** Neighbours together, as long as they stay within the limit. */
function gathered(texts: readonly string[], limit: number, glue: string): string[] {
  const found: string[] = [];
  for (const text of texts) {
    const last = found.at(-1);
    if (last !== undefined && last.length + glue.length + text.length <= limit) {
      found[found.length - 1] = `${last}${glue}${text}`;
    } else found.push(text);
  }
  return found;
}

/** At most so many units, and no character torn in two. */
function cut(text: string, units: number): string {
  const code = text.charCodeAt(units - 1);
  return text.slice(0, code >= 0xd8_00 && code < 0xdc_00 ? units - 1 : units);
}
