import { useCallback } from 'react';
import { useEstates } from '../../api/codes.ts';
import { useEstateName } from './use-estate-name.ts';

/** A home as its row says it: with the estate, for whoever sees several. */
export function useHomeText(): (estateId: string | null, label: string | null) => string {
  const estateName = useEstateName();
  const { data = [] } = useEstates();
  const areSeveral = data.length > 1;
  return useCallback(
    (estateId, label) => `${areSeveral ? estateName(estateId) : ''} ${label ?? ''}`.trim(),
    [areSeveral, estateName],
  );
}
