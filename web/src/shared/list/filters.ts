/** Filters of a list as they stand in the address: a link shows what its sender saw. Pure. */
export interface Filter<Key extends string = string> {
  /** What the service calls it; its name in the address, too. */
  key: Key;
  label: string;
  /** What is chosen when nothing is: “all states”. Without it one of the options is always chosen. */
  any?: string;
  options: readonly { value: string; label: string }[];
  /** Chosen when the address says nothing. */
  usual?: string;
}

export type Told = Readonly<Record<string, string | undefined>>;

/** In the address for “everything” where something else is usual. */
export const everything = 'any';

/** What is asked of the service: only values that the filter has. */
export function chosenOf(
  { key, any, options, usual }: Filter,
  address: Readonly<Record<string, unknown>>,
): string | undefined {
  const told = address[key];
  if (told === everything && any !== undefined) return undefined;
  const isKnown = options.some(({ value }) => value === told);
  return isKnown && typeof told === 'string' ? told : usual;
}

/** What the address says after another choice; undefined for what is usual. */
export function toldOf(filter: Filter, chosen: string): string | undefined {
  if (chosen === (filter.usual ?? '')) return undefined;
  return chosen === '' ? everything : chosen;
}

/** What all filters ask for together. */
export function choicesOf(
  filters: readonly Filter[],
  address: Told,
): Record<string, string | undefined> {
  return Object.fromEntries(filters.map((one) => [one.key, chosenOf(one, address)]));
}

/** Whether a reader has narrowed a list, so that nothing in it does not mean that there is nothing. */
export function isNarrowed(filters: readonly Filter[], address: Told): boolean {
  return (address['q'] ?? '') !== '' || filters.some((one) => narrows(one, address));
}

/** A grouping or a period leaves nothing out that a reader could miss; neither does what is usual. */
export function narrows(filter: Filter, address: Told): boolean {
  return filter.any !== undefined && chosenOf(filter, address) !== filter.usual;
}

/** The address without any search or filter. */
export function cleared(filters: readonly Filter[]): Told {
  return Object.fromEntries(['q', ...filters.map(({ key }) => key)].map((key) => [key, undefined]));
}
