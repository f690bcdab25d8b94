import { useQuery } from '@tanstack/react-query';
import type { Health } from '../../../src/contract/health.ts';
import { api } from './client.ts';

/** Where calls to numbers outside go; a setting of the service, which does not change while it runs. */
export function useOutsideCalls(): Health['outsideCalls'] | undefined {
  return useHealth()?.outsideCalls;
}

/** Days whose calls, orders and campaigns a demo has made up. */
export function useDemoHistory(): Health['demoHistory'] | undefined {
  return useHealth()?.demoHistory;
}

function useHealth(): Health | undefined {
  const { data } = useQuery({
    queryKey: ['health', 'settings'],
    queryFn: () => api.get('/health'),
    staleTime: Infinity,
  });
  return data;
}
