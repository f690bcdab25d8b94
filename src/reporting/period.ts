/** What is counted: from, up to but not with. */
export interface Period {
  from: Date;
  to: Date;
}

const monthMs = 30 * 24 * 3600_000;

/** As it is asked for; the last thirty days where nothing is said. */
export function periodOf(
  { from, to }: { from?: string | undefined; to?: string | undefined },
  now: Date,
): Period {
  return {
    from: from === undefined ? new Date(now.getTime() - monthMs) : new Date(from),
    to: to === undefined ? now : new Date(to),
  };
}
