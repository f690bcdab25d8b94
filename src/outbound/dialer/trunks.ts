/** A way out: a gateway of the switch, with what the carrier allows on it. */
export interface Trunk {
  id: string;
  /** Name of the gateway in the switch's configuration. */
  gateway: string;
  /** Lower first; the same priority shares the load. */
  priority: number;
  maxLines: number;
  linesInUse: number;
  /** Prefixes of numbers that may be dialled here; empty for all. Keeps toll fraud out. */
  prefixes: readonly string[];
  /** Until then it is left alone after failures of the carrier. */
  restingUntil: Date | null;
  isEnabled: boolean;
  /** Shown to the called person when the site has no number of its own on this trunk. */
  callerId: string;
  /** By estate id. */
  callerIds: Readonly<Record<string, string>>;
}

export interface TrunkChoice {
  trunkId: string;
  gateway: string;
  callerId: string;
}

export type NoTrunk = 'no_trunk' | 'prefix_forbidden' | 'all_resting' | 'lines_full';

/** The trunk for a number, after those in `tried` have failed; or why there is none. */
export function pickTrunk(
  trunks: readonly Trunk[],
  call: { number: string; estateId: string | null; now: Date; tried?: readonly string[] },
): TrunkChoice | NoTrunk {
  const { number, estateId, now, tried = [] } = call;
  const enabled = trunks.filter((one) => one.isEnabled && !tried.includes(one.id));
  if (enabled.length === 0) return 'no_trunk';
  const fitting = enabled.filter(
    ({ prefixes }) => prefixes.length === 0 || prefixes.some((prefix) => number.startsWith(prefix)),
  );
  if (fitting.length === 0) return 'prefix_forbidden';
  const awake = fitting.filter(({ restingUntil }) => restingUntil === null || restingUntil <= now);
  if (awake.length === 0) return 'all_resting';
  const open = awake.filter(({ linesInUse, maxLines }) => linesInUse < maxLines);
  const [best] = [...open].sort((a, b) => a.priority - b.priority || loadOf(a) - loadOf(b));
  if (best === undefined) return 'lines_full';
  const callerId = (estateId === null ? undefined : best.callerIds[estateId]) ?? best.callerId;
  return { trunkId: best.id, gateway: best.gateway, callerId };
}

/** Failures in a row after which a trunk rests, and for how long: 10 s, 20 s … 5 min. */
export function restAfter(failuresInRow: number): number {
  if (failuresInRow < 3) return 0;
  return Math.min(300_000, 10_000 * 2 ** Math.min(10, failuresInRow - 3));
}

function loadOf({ linesInUse, maxLines }: Trunk): number {
  return linesInUse / Math.max(1, maxLines);
}
