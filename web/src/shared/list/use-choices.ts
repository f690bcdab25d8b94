import { choicesOf, type Filter } from './filters.ts';
import { useAddress } from './use-address.ts';

/** What a reader has chosen, for pages that ask the service themselves. */
export function useChoices<Key extends string>(
  filters: readonly Filter<Key>[],
): Record<Key, string | undefined> {
  const { told } = useAddress();
  return choicesOf(filters, told);
}
