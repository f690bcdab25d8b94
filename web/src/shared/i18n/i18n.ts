/** Texts by key, in the language of the person before the screen. Pure: no React here, and no texts. */
import type { texts as shared } from './texts.zh-CN.ts';

export type Language = 'zh-CN' | 'en';
export const languages: readonly Language[] = ['zh-CN', 'en'];

/** Texts by the part of the web that carries them; each part adds itself in its `texts.ts`. */
export interface Texts {
  shared: typeof shared;
}
export type MessageKey = { [Part in keyof Texts]: keyof Texts[Part] & string }[keyof Texts];
export type Parameters = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, parameters?: Parameters) => string;

/** `{name}` in a text is replaced by the parameter of that name. A key without a text stands for itself. */
export function translate(find: (key: string) => string | undefined): Translate {
  return (key, parameters = {}) =>
    (find(key) ?? key).replaceAll(/\{(\w+)\}/g, (whole, name: string) =>
      String(parameters[name] ?? whole),
    );
}

/** The text of a key that was put together; undefined when there is none. */
export function textAt(t: Translate, key: string, parameters?: Parameters): string | undefined {
  const text = t(key as MessageKey, parameters);
  return text === key ? undefined : text;
}

/** For codes that come from the service: their text if there is one, else the code itself. */
export function textOf(t: Translate, prefix: string, code: string): string {
  return textAt(t, `${prefix}.${code}`) ?? code;
}
