import { useQuery } from '@tanstack/react-query';
import { api } from './client.ts';

/** Lists that change seldom and that every page names things by. */
const seldom = { staleTime: 60_000 };

export function useBreakReasons() {
  return useQuery({
    queryKey: ['break-reasons'],
    queryFn: () => api.get('/break-reasons').then(({ items }) => items),
    ...seldom,
  });
}

export function useWrapUpReasons() {
  return useQuery({
    queryKey: ['wrap-up-reasons'],
    queryFn: () => api.get('/wrap-up-reasons').then(({ items }) => items),
    ...seldom,
  });
}

export function useQueues() {
  return useQuery({
    queryKey: ['queues'],
    queryFn: () => api.get('/queues').then(({ items }) => items),
    ...seldom,
  });
}

export function useEstates() {
  return useQuery({
    queryKey: ['estates'],
    queryFn: () => api.get('/estates').then(({ items }) => items),
    ...seldom,
  });
}
