/** Less than this is what starting, stopping and a switch's buffers take, and no loss. */
const toleranceMs = 5000;

export interface RecordedFacts {
  /** When the row was written, before the switch was asked. */
  startedAt: Date;
  /** When the switch had said that it records; unknown of a service that died in that moment. */
  stoodAt: Date | undefined;
  /** When the recording was to end: the end of the call, or of the step. */
  endedAt: Date;
  /** Times in which nothing was to be recorded. Holds, waits for an agent and masked parts are none: they are in the file. */
  pauses?: readonly { from: Date; until: Date }[];
}

/** How long the sound in the file has to be, in milliseconds. */
export function expectedMs({ startedAt, stoodAt, endedAt, pauses = [] }: RecordedFacts): number {
  const from = (stoodAt ?? startedAt).getTime();
  const to = endedAt.getTime();
  // Pauses that overlap count once.
  let paused = 0;
  let seen = from;
  for (const pause of pauses.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const begin = Math.max(seen, pause.from.getTime());
    const end = Math.min(to, pause.until.getTime());
    paused += Math.max(0, end - begin);
    seen = Math.max(seen, end);
  }
  return Math.max(0, to - from - paused);
}

/** Milliseconds that a recording lacks; undefined when it is whole. */
export function missingMs(facts: RecordedFacts & { durationMs: number }): number | undefined {
  const missing = expectedMs(facts) - facts.durationMs;
  return missing > toleranceMs ? missing : undefined;
}
