import { useLanguage } from '../i18n/language.tsx';
import { Button } from './button.tsx';
import { GlobeIcon } from './icons.tsx';

/** Names the language one would switch to, in that language. */
export function LanguageSwitch() {
  const { language, choose } = useLanguage();
  const isEnglish = language === 'en';
  return (
    <Button
      look="bare"
      icon={<GlobeIcon />}
      lang={isEnglish ? 'zh-CN' : 'en'}
      onClick={() => choose(isEnglish ? 'zh-CN' : 'en')}
    >
      {isEnglish ? '中文' : 'English'}
    </Button>
  );
}
