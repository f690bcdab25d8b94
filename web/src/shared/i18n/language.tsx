import { store, stored } from '../browser/storage.ts';
import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { translate, type Language, type Translate } from './i18n.ts';

interface LanguageValue {
  language: Language;
  t: Translate;
  choose: (language: Language) => void;
}

const LanguageContext = createContext<LanguageValue | undefined>(undefined);
const key = 'lingting.language';

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => (stored(key) === 'en' ? 'en' : 'zh-CN'));
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = language === 'en' ? 'Lingting' : '聆听';
  }, [language]);
  const value = useMemo(
    () => ({
      language,
      t: translate(language),
      choose(next: Language) {
        store(key, next);
        setLanguage(next);
      },
    }),
    [language],
  );
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

export function useLanguage(): LanguageValue {
  const value = use(LanguageContext);
  if (value === undefined) throw new Error('LanguageProvider is missing above this component.');
  return value;
}

export function useText(): Translate {
  return useLanguage().t;
}

/** A name that the service keeps in both languages. */
export function useName(): (name: { 'zh-CN': string; en: string } | null | undefined) => string {
  const { language } = useLanguage();
  return (name) => (name ? name[language] || name['zh-CN'] : '');
}
