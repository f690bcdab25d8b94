/**
 * The texts that are here: those of the parts that were asked for, in the language that is spoken. The other
 * language is never fetched before somebody chooses it.
 */
import type { Language } from './i18n.ts';
import type { Part } from './part.ts';

const wanted = new Set<Part>();
const loaded: Readonly<Record<Language, Map<string, string>>> = {
  'zh-CN': new Map(),
  en: new Map(),
};
const under: Readonly<Record<Language, Map<Part, Promise<void>>>> = {
  'zh-CN': new Map(),
  en: new Map(),
};
let spoken: Language = 'zh-CN';

export function textFor(language: Language, key: string): string | undefined {
  return loaded[language].get(key);
}

/** Resolves when the texts of these parts are here. */
export async function need(parts: readonly Part[]): Promise<void> {
  for (const one of parts) wanted.add(one);
  let language: Language;
  do {
    language = spoken;
    await Promise.all(parts.map((one) => load(language, one)));
    // Somebody may have chosen the other language meanwhile.
  } while (language !== spoken);
}

/** Speaks another language from now on; resolves when all that was needed so far is here in it. */
export async function speak(language: Language): Promise<void> {
  spoken = language;
  await need([...wanted]);
}

function load(language: Language, one: Part): Promise<void> {
  const begun = under[language].get(one);
  if (begun !== undefined) return begun;
  const loading = one.load[language]().then(
    ({ texts }) => {
      for (const [key, text] of Object.entries(texts)) loaded[language].set(key, text);
    },
    (error: unknown) => {
      // Tried again by whoever needs it next.
      under[language].delete(one);
      throw error;
    },
  );
  under[language].set(one, loading);
  return loading;
}
