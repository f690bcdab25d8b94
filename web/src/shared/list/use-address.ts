import { useLocation, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import type { Told } from './filters.ts';

/**
 * What stands behind the question mark of the address, and a way to change some of it. The way back leads to the
 * page before, not through everything that was typed here.
 */
export function useAddress(): { told: Told; tell: (change: Told) => void } {
  const navigate = useNavigate();
  const told = useLocation({ select: ({ search }) => search as Told });
  const tell = useCallback(
    (change: Told) => {
      const search = (before: Told) =>
        Object.fromEntries(
          Object.entries({ ...before, ...change }).filter(
            ([, value]) => value !== undefined && value !== '',
          ),
        );
      void navigate({ to: '.', search: search as never, replace: true });
    },
    [navigate],
  );
  return { told, tell };
}
