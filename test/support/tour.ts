import type { Page } from 'playwright-core';
import { look } from '../fixtures/page-look.mjs';
import { messages } from './texts.ts';

/** What is wrong with a page as it stands on the screen now, in words; nothing when all is well. */
export async function faultsOf(page: Page, language: 'zh-CN' | 'en'): Promise<string[]> {
  const seen = await page.evaluate(look);
  const own = new Set(Object.values(messages[language]));
  const other = new Set(Object.values(messages[language === 'en' ? 'zh-CN' : 'en']));
  return [
    ...seen.faults,
    ...seen.texts
      .filter((text) => !own.has(text) && other.has(text) && !isName.test(text))
      .map((text) => `“${text}” is in the other language`),
    ...seen.texts.filter((text) => isRaw(text)).map((text) => `“${text}” is not for people`),
    ...(language === 'zh-CN'
      ? seen.texts
          .filter((text) => halfWidth.test(text))
          .map((text) => `“${text}” has half-width punctuation`)
      : []),
  ];
}

/** People and languages are called the same in both. */
const isName = /^(王建国|李秀英|中文|English)$/;

/** Marks of the other script right beside Chinese; a colon within a time has none on either side. */
const halfWidth = /\p{Script=Han}[,;:?!()]|[,;:?!(]\s?\p{Script=Han}/u;

/** Identifiers, instants and keys of messages, as programs write them. */
function isRaw(text: string): boolean {
  return (
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}/i.test(text) ||
    /\d{4}-\d\d-\d\dT\d\d:/.test(text) ||
    /^[a-z]+([._][a-zA-Z]+)+$/.test(text) ||
    /undefined|\[object|NaN|\{\w+\}/.test(text)
  );
}
