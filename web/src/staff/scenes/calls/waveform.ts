/** Peaks of a recording for drawing, one row of them a channel. Pure. */
export function peaksOf(channel: Float32Array, bars: number): number[] {
  const perBar = Math.max(1, Math.floor(channel.length / bars));
  return Array.from({ length: bars }, (_unused, bar) => {
    let peak = 0;
    const end = Math.min(channel.length, (bar + 1) * perBar);
    for (let at = bar * perBar; at < end; at += 1) {
      peak = Math.max(peak, Math.abs(channel[at] ?? 0));
    }
    // Speech is quiet most of the time: the root shows it.
    return Math.sqrt(peak);
  });
}
