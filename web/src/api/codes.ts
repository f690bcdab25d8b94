import { useQuery } from '@tanstack/react-query';
import type { CodeName } from '../../../src/contract/agents.ts';
import type { QueueView } from '../../../src/contract/queues.ts';
import { api } from './client.ts';
import type { Estate } from './types.ts';

interface List<T> {
  items: T[];
}

/** Lists that change seldom and that every page names things by. */
const seldom = { staleTime: 60_000 };

export function useBreakReasons() {
  return useQuery({
    queryKey: ['break-reasons'],
    queryFn: () => api.get<List<CodeName>>('/break-reasons').then(({ items }) => items),
    ...seldom,
  });
}

export function useWrapUpReasons() {
  return useQuery({
    queryKey: ['wrap-up-reasons'],
    queryFn: () => api.get<List<CodeName>>('/wrap-up-reasons').then(({ items }) => items),
    ...seldom,
  });
}

export function useQueues() {
  return useQuery({
    queryKey: ['queues'],
    queryFn: () => api.get<List<QueueView>>('/queues').then(({ items }) => items),
    ...seldom,
  });
}

export function useEstates() {
  return useQuery({
    queryKey: ['estates'],
    queryFn: () => api.get<List<Estate>>('/estates').then(({ items }) => items),
    ...seldom,
  });
}
