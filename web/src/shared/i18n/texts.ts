import { part } from './part.ts';

/** What every page may say. */
export const sharedTexts = part('shared', {
  'zh-CN': () => import('./texts.zh-CN.ts'),
  en: () => import('./texts.en.ts'),
});
