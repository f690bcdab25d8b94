import type { Locale } from 'antd/es/locale';
import type { Language } from '../../shared/i18n/i18n.ts';
import { part } from '../../shared/i18n/part.ts';

const known = new Map<Language, Locale>();

/** The words of antd and of its calendar, fetched like texts of ours. */
export const antdTexts = part('antd', {
  'zh-CN': async () => {
    const [{ default: locale }] = await Promise.all([
      import('antd/es/locale/zh_CN'),
      import('dayjs/locale/zh-cn'),
    ]);
    known.set('zh-CN', locale);
    return { texts: {} };
  },
  en: async () => {
    known.set('en', (await import('antd/es/locale/en_US')).default);
    return { texts: {} };
  },
});

/** Only where `antdTexts` are here. */
export function antdLocale(language: Language): Locale {
  const locale = known.get(language);
  if (locale === undefined) throw new Error(`antd does not speak ${language} yet.`);
  return locale;
}
