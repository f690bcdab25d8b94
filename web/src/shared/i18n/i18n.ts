/** Texts by key, in the language of the person before the screen. Pure: no React here. */
import { en } from './en.ts';
import { zhCN, type MessageKey } from './zh-cn.ts';

export type Language = 'zh-CN' | 'en';
export type { MessageKey };
export type Parameters = Readonly<Record<string, string | number>>;
export type Translate = (key: MessageKey, parameters?: Parameters) => string;

export const messages: Readonly<Record<Language, Readonly<Record<MessageKey, string>>>> = {
  'zh-CN': zhCN,
  en,
};

/** `{name}` in a text is replaced by the parameter of that name. */
export function translate(language: Language): Translate {
  const table = messages[language];
  return (key, parameters = {}) =>
    table[key].replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(parameters[name] ?? whole));
}

/** For codes that come from the service: their text if there is one, else the code itself. */
export function textOf(t: Translate, prefix: string, code: string): string {
  const key = `${prefix}.${code}`;
  return isKey(key) ? t(key) : code;
}

export function isKey(key: string): key is MessageKey {
  return Object.hasOwn(zhCN, key);
}
