import { useQuery } from '@tanstack/react-query';
import type { Health } from '../../../src/contract/health.ts';
import { api } from './client.ts';

/** Where calls to numbers outside go; a setting of the service, which does not change while it runs. */
export function useOutsideCalls(): Health['outsideCalls'] | undefined {
  const { data } = useQuery({
    queryKey: ['health', 'outside-calls'],
    queryFn: () => api.get('/health'),
    staleTime: Infinity,
  });
  return data?.outsideCalls;
}
