import { useLocation } from '@tanstack/react-router';
import { App, ConfigProvider } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useState, type ReactNode } from 'react';
import { useLanguage, useText } from '../../shared/i18n/language.tsx';
import { applyTheme } from '../../shared/look/theme.ts';
import { LiveClient } from '../../shared/realtime/live-client.ts';
import { LiveContext } from '../../shared/realtime/use-live.ts';
import { useSession } from '../../shared/session/session.tsx';
import { antdLocale } from './antd-locale.ts';
import { antdConfig } from './antd-theme.ts';
import './shell.css';

/** Around the pages that antd draws: its look, its words, and the socket of the tab. */
export function Frame({ children }: { children: ReactNode }) {
  const { language } = useLanguage();
  const t = useText();
  // antd says “Close” in every language.
  const closable = { 'aria-label': t('form.close') };
  const { pathname } = useLocation();
  // The wall hangs in a room; whoever stands before it looks from afar.
  const mode = pathname.startsWith('/wall') ? 'dark' : 'light';
  useEffect(() => applyTheme(mode, document.documentElement), [mode]);
  useEffect(() => void dayjs.locale(language === 'en' ? 'en' : 'zh-cn'), [language]);
  useEffect(() => () => applyTheme('light', document.documentElement), []);
  return (
    <ConfigProvider
      theme={antdConfig(mode)}
      locale={antdLocale(language)}
      button={{ autoInsertSpace: false }}
      modal={{ closable }}
      drawer={{ closable }}
    >
      <App>
        <Live>{children}</Live>
      </App>
    </ConfigProvider>
  );
}

/** One socket for the tab, open while somebody is logged in. */
function Live({ children }: { children: ReactNode }) {
  const { staff } = useSession();
  const [client] = useState(() => new LiveClient());
  const id = staff?.id;
  const { pathname } = useLocation();
  const isWanted = id !== undefined && pathname !== '/phone';
  useEffect(() => {
    if (!isWanted) return;
    client.start();
    return () => client.stop();
  }, [isWanted, id, client]);
  return <LiveContext value={client}>{children}</LiveContext>;
}
