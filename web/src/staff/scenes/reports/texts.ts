import { part } from '../../../shared/i18n/part.ts';
import type { texts } from './texts.zh-CN.ts';

export const reportsTexts = part('reports', {
  'zh-CN': () => import('./texts.zh-CN.ts'),
  en: () => import('./texts.en.ts'),
});

declare module '../../../shared/i18n/i18n.ts' {
  interface Texts {
    reports: typeof texts;
  }
}
