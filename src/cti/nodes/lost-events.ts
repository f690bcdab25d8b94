/** What a beat has seen: how many more legs the switch has than we know of, negative when it has fewer. */
export interface Beat {
  surplus: number;
  /** Legs in which the switch and we differ; looked up only when `mustLook` said so. */
  odd?: ReadonlySet<string>;
}

export interface Suspicion {
  surplus: number;
  /** Legs that differed when they were last looked at. */
  suspects: ReadonlySet<string>;
}

export const noSuspicion: Suspicion = { surplus: 0, suspects: new Set() };

/**
 * Whether legs are to be listed one by one, which costs. A count that differs over two beats is a reason; a leg that
 * was found to differ is looked at once more. `known` is the difference of legs that are none of ours.
 */
export function mustLook(
  { surplus: before, suspects }: Suspicion,
  surplus: number,
  known: number,
): boolean {
  if (suspects.size > 0) return true;
  return surplus !== 0 && surplus === before && surplus !== known;
}

/**
 * Events were lost when the same leg differs at two looks. One look tells nothing: where calls come and go, some leg is
 * always on the switch before its event is here, or here after it is gone there.
 */
export function judge(
  before: Suspicion,
  { surplus, odd = new Set() }: Beat,
): Suspicion & { lost: readonly string[] } {
  const lost = [...odd].filter((uuid) => before.suspects.has(uuid));
  return { surplus, suspects: lost.length > 0 ? new Set() : odd, lost };
}

/** What the log says of a call whose end was told to nobody: a caller who gave up, or a call of our own. */
export const leftUnwatched = {
  inbound: 'call ended unwatched: the caller left',
  outbound: 'call ended unwatched: we had dialled it',
} as const;
