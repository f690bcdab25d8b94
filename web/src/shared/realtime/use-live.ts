import { createContext, use, useCallback, useRef, useSyncExternalStore } from 'react';
import type { LiveClient } from './live-client.ts';
import type { LiveState } from './live-state.ts';

export const LiveContext = createContext<LiveClient | undefined>(undefined);

export function useLiveClient(): LiveClient {
  const client = use(LiveContext);
  if (client === undefined) throw new Error('LiveContext is missing above this component.');
  return client;
}

/** A part of the live state; the component is drawn again only when that part is another value. */
export function useLive<T>(select: (state: LiveState) => T): T {
  const client = useLiveClient();
  const latest = useRef(select);
  latest.current = select;
  const read = useCallback(() => latest.current(client.getState()), [client]);
  return useSyncExternalStore(client.subscribe, read);
}
