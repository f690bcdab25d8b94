/** One line of the table that `npm run bench` prints. */
export interface Figure {
  what: string;
  measured: string;
  limit: string;
  isMet: boolean;
  /** What else a reader needs to judge it. */
  notes: readonly string[];
}

export interface BenchOptions {
  /** Fewer calls and steps: to see that it runs, not to quote. */
  isQuick: boolean;
  tell: (what: string) => void;
}

export type Bench = (options: BenchOptions) => Promise<Figure | readonly Figure[]>;

/** Value at that share of the sorted values; 0 for none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
