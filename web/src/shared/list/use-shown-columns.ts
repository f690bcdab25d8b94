import { useState } from 'react';
import { store, stored } from '../browser/storage.ts';
import { useSession } from '../session/session.tsx';
import type { Column } from './columns.ts';

/** The columns that somebody chose for a list; kept in this browser for each person. */
export function useShownColumns<Row>(name: string, columns: readonly Column<Row>[]) {
  const { staff } = useSession();
  const place = `lingting.columns.${name}.${staff?.id ?? ''}`;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(
    () => new Set((stored(place) ?? '').split(',').filter((key) => key !== '')),
  );
  const isShown = ({ key }: Column<Row>) => key === undefined || !hidden.has(key);
  return {
    shown: columns.filter(isShown),
    isShown,
    toggle: (key: string) => {
      const next = new Set(hidden);
      if (!next.delete(key)) next.add(key);
      store(place, next.size === 0 ? null : [...next].join(','));
      setHidden(next);
    },
  };
}
