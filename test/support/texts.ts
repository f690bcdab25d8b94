/** All texts of the web, of every part and in both languages, as the tests compare them. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../src/core/program.ts';
import {
  languages,
  translate,
  type Language,
  type MessageKey,
  type Translate,
} from '../../web/src/shared/i18n/i18n.ts';

export type { MessageKey };

const web = path.join(root, 'web/src');

/** `texts.ts` of every part, below web/src. */
export const partFiles: readonly string[] = readdirSync(web, { recursive: true })
  .map((name) => String(name).replaceAll(path.sep, '/'))
  .filter((name) => /(^|\/)texts\.ts$/.test(name))
  .toSorted();

/** The texts of one part. */
export async function textsOf(file: string, language: Language): Promise<Record<string, string>> {
  const name = path.join(web, file.replace(/\.ts$/, `.${language}.ts`));
  const { texts } = (await import(name)) as { texts: Record<string, string> };
  return texts;
}

export const messages: Readonly<Record<Language, Readonly<Record<MessageKey, string>>>> = {
  'zh-CN': await everything('zh-CN'),
  en: await everything('en'),
};

export function translateTo(language: Language): Translate {
  const table: Readonly<Record<string, string>> = messages[language];
  return translate((key) => (Object.hasOwn(table, key) ? table[key] : undefined));
}

export function isKey(key: string): key is MessageKey {
  return Object.hasOwn(messages['zh-CN'], key);
}

async function everything(language: Language): Promise<Record<MessageKey, string>> {
  const all: Record<string, string> = {};
  for (const file of partFiles) {
    for (const [key, text] of Object.entries(await textsOf(file, language))) {
      if (Object.hasOwn(all, key)) throw new Error(`${key} of ${file} is in another part, too`);
      all[key] = text;
    }
  }
  return all;
}

export { languages };
