import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { api } from '../../api/client.ts';

/** All who work here, as far as the reader may know. */
export function useStaffNames() {
  return useQuery({
    queryKey: ['staff-names'],
    queryFn: () => api.get('/staff-names').then(({ items }) => items),
    staleTime: 300_000,
  });
}

/** `staff:agent1`, or an id, as people say it; undefined for whoever is none of the staff. */
export function useStaffName(): (actor: string | null) => string | undefined {
  const { data } = useStaffNames();
  return useCallback(
    (actor) => {
      const who = actor?.replace(/^staff:/, '');
      return data?.find((one) => one.username === who || one.id === who)?.displayName;
    },
    [data],
  );
}
