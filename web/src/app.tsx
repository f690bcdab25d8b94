import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { useEffect, useState } from 'react';
import { Problem } from './api/client.ts';
import { LanguageProvider, useLanguage, useText } from './shared/i18n/language.tsx';
import { LiveClient } from './shared/realtime/live-client.ts';
import { LiveContext } from './shared/realtime/use-live.ts';
import { SessionProvider, useSession } from './shared/session/session.tsx';
import { antdConfig, applyTheme } from './shared/look/theme.ts';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What was refused will be refused again.
      retry: (count, error) => count < 2 && !(error instanceof Problem && error.status < 500),
      refetchOnWindowFocus: false,
    },
  },
});

export function Root() {
  return (
    <LanguageProvider>
      <Themed />
    </LanguageProvider>
  );
}

function Themed() {
  const { language } = useLanguage();
  const t = useText();
  // antd says “Close” in every language.
  const closable = { 'aria-label': t('dnc.close') };
  const { pathname } = useLocation();
  // The wall hangs in a room; whoever stands before it looks from afar.
  const mode = pathname.startsWith('/wall') ? 'dark' : 'light';
  useEffect(() => applyTheme(mode, document.documentElement), [mode]);
  useEffect(() => {
    dayjs.locale(language === 'en' ? 'en' : 'zh-cn');
  }, [language]);
  return (
    <ConfigProvider
      theme={antdConfig(mode)}
      locale={language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
      modal={{ closable }}
      drawer={{ closable }}
    >
      <AntApp>
        <QueryClientProvider client={queries}>
          <SessionProvider>
            <Live>
              <Outlet />
            </Live>
          </SessionProvider>
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}

/** One socket for the tab, open while somebody is logged in. */
function Live({ children }: { children: React.ReactNode }) {
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
