import { queryOptions, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, use, useEffect, useMemo, type ReactNode } from 'react';
import { orAlready } from '../../api/already.ts';
import { api, Problem, whenUnauthorised } from '../../api/client.ts';
import type { Permission, StaffRole } from '../../../../src/contract/codes.ts';

export interface Staff {
  id: string;
  username: string;
  displayName: string;
  role: StaffRole;
  /** Estates that they see; null for all. */
  siteIds: string[] | null;
  permissions: string[];
}

interface SessionValue {
  /** Undefined while not yet known, null when nobody is logged in. */
  staff: Staff | null | undefined;
  error: unknown;
  retry: () => void;
  logIn: (credentials: { username: string; password: string; code?: string }) => Promise<void>;
  logOut: () => Promise<void>;
}

const SessionContext = createContext<SessionValue | undefined>(undefined);
const key = ['session'];

/** Who is logged in; null for nobody. */
export const sessionQuery = queryOptions({
  queryKey: key,
  queryFn: () =>
    api.get('/me').catch((error: unknown) => {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }),
  staleTime: Infinity,
  retry: 2,
});

export function SessionProvider({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const query = useQuery(sessionQuery);
  useEffect(() => whenUnauthorised(() => cache.setQueryData(key, null)), [cache]);
  const value = useMemo<SessionValue>(
    () => ({
      staff: query.data,
      error: query.error,
      retry: () => void query.refetch(),
      async logIn(credentials) {
        await api.post('/session', { body: credentials });
        const staff = await api.get('/me');
        forget(cache);
        cache.setQueryData(key, staff);
      },
      async logOut() {
        // Whose session was ended elsewhere is logged out, too.
        await orAlready(api.delete('/session'), 'session.missing');
        forget(cache);
        cache.setQueryData(key, null);
      },
    }),
    [query, cache],
  );
  return <SessionContext value={value}>{children}</SessionContext>;
}

export function useSession(): SessionValue {
  const value = use(SessionContext);
  if (value === undefined) throw new Error('SessionProvider is missing above this component.');
  return value;
}

/** Whoever is logged in; only for pages behind the log-in. */
export function useStaff(): Staff {
  const { staff } = useSession();
  if (!staff) throw new Error('This page needs a log-in.');
  return staff;
}

/** What whoever is logged in may do, as the service judges it. */
export function useMay(): (permission: Permission) => boolean {
  const { permissions } = useStaff();
  return (permission) => permissions.includes(permission);
}

/** What one person has read is not shown to the next; who is logged in is watched and stays. */
function forget(cache: QueryClient): void {
  cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] });
}
