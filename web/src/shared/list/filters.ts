/** Filters of a list as they stand in the address: a link shows what its sender saw. Pure. */
export interface Filter {
  /** Its name in the address. */
  key: string;
  /** Its name for the service, where that is another one. */
  asked?: string;
  label: string;
  /** What is chosen when nothing is: “all states”. */
  any: string;
  options: readonly { value: string; label: string }[];
  /** Chosen when the address says nothing. */
  usual?: string;
}

/** In the address for “everything” where something else is usual. */
export const everything = 'any';

/** What is asked of the service: only values that the filter has. */
export function chosenOf(
  filter: Filter,
  address: Readonly<Record<string, unknown>>,
): string | undefined {
  const told = address[filter.key];
  if (told === everything) return undefined;
  const isKnown = filter.options.some(({ value }) => value === told);
  return isKnown && typeof told === 'string' ? told : filter.usual;
}

/** What the address says after another choice; undefined for what is usual. */
export function toldOf(filter: Filter, chosen: string): string | undefined {
  if (chosen === (filter.usual ?? '')) return undefined;
  return chosen === '' ? everything : chosen;
}
