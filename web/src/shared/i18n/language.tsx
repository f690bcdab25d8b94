import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { store, stored } from '../browser/storage.ts';
import { translate, type Language, type Translate } from './i18n.ts';
import { speak, textFor } from './loaded.ts';

interface LanguageValue {
  language: Language;
  t: Translate;
  choose: (language: Language) => void;
}

const LanguageContext = createContext<LanguageValue | undefined>(undefined);
const key = 'lingting.language';

export function chosenLanguage(): Language {
  return stored(key) === 'en' ? 'en' : 'zh-CN';
}

/** Its language has been loaded before (`speak`). */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(chosenLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = language === 'en' ? 'Lingting' : '聆听';
  }, [language]);
  const value = useMemo(
    () => ({
      language,
      t: translate((name) => textFor(language, name)),
      choose(next: Language) {
        speak(next).then(
          () => {
            store(key, next);
            setLanguage(next);
          },
          (error: unknown) => {
            console.warn('the other language could not be loaded', error);
            return speak(language);
          },
        );
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
