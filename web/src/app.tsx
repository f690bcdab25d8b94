import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { Problem } from './api/client.ts';
import { LanguageProvider } from './shared/i18n/language.tsx';
import { SessionProvider } from './shared/session/session.tsx';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What was refused will be refused again.
      retry: (count, error) => count < 2 && !(error instanceof Problem && error.status < 500),
      refetchOnWindowFocus: false,
    },
  },
});

/** What every page needs, the log-in too: a language, the API, and who is logged in. */
export function Root() {
  return (
    <LanguageProvider>
      <QueryClientProvider client={queries}>
        <SessionProvider>
          <Outlet />
        </SessionProvider>
      </QueryClientProvider>
    </LanguageProvider>
  );
}
