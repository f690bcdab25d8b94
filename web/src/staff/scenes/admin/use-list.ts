import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { readList } from '../../../api/client.ts';
import type { ListPath } from '../../../api/routes.ts';

/** A short list that is read whole, and read again after it was changed. */
export function useList<Path extends ListPath>(path: Path, name: string) {
  const cache = useQueryClient();
  const query = useQuery({
    queryKey: [name],
    queryFn: async () => (await readList(path)).items,
  });
  const reload = useCallback(() => cache.invalidateQueries({ queryKey: [name] }), [cache, name]);
  return { query, reload };
}
