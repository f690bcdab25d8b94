import { GlobalOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useLanguage } from '../i18n/language.tsx';

/** Names the language one would switch to, in that language. */
export function LanguageSwitch() {
  const { language, choose } = useLanguage();
  const isEnglish = language === 'en';
  return (
    <Button
      type="text"
      icon={<GlobalOutlined />}
      lang={isEnglish ? 'zh-CN' : 'en'}
      onClick={() => choose(isEnglish ? 'zh-CN' : 'en')}
    >
      {isEnglish ? '中文' : 'English'}
    </Button>
  );
}
