/** How good a conversation sounds, from the browser's counters. Pure. */
export interface Counters {
  atMs: number;
  packetsReceived: number;
  packetsLost: number;
  jitterMs: number;
  roundTripMs: number | undefined;
}

export interface Quality {
  grade: 'good' | 'fair' | 'poor';
  lossPercent: number;
  jitterMs: number;
  roundTripMs: number | undefined;
  /** Nothing arrived since the last look. */
  isSilent: boolean;
}

/** Loss counts most; the limits are where G.711 without concealment is heard to suffer (G.113 I.3). */
export function qualityBetween(before: Counters, now: Counters): Quality {
  const received = now.packetsReceived - before.packetsReceived;
  const lost = Math.max(0, now.packetsLost - before.packetsLost);
  const total = received + lost;
  const lossPercent = total === 0 ? 0 : Math.round((lost / total) * 1000) / 10;
  const isSilent = received === 0;
  // As they are shown: a figure never says another thing than the grade.
  const jitterMs = Math.round(now.jitterMs);
  const roundTripMs = now.roundTripMs === undefined ? undefined : Math.round(now.roundTripMs);
  const isPoor = isSilent || lossPercent >= 5 || jitterMs >= 60 || (roundTripMs ?? 0) >= 500;
  const isFair = lossPercent >= 1.5 || jitterMs >= 30 || (roundTripMs ?? 0) >= 300;
  return {
    grade: isPoor ? 'poor' : isFair ? 'fair' : 'good',
    lossPercent,
    jitterMs,
    roundTripMs,
    isSilent,
  };
}
