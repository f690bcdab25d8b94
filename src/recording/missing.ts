/** Less than this is what starting, stopping and a switch's buffers take, and no loss. */
const toleranceMs = 5000;

export interface RecordedSpan {
  startedAt: Date;
  /** When the recording was to end: the end of the call, or of the step. */
  endedAt: Date;
  /** Of the sound in the file, in milliseconds. */
  durationMs: number;
}

/**
 * Milliseconds that a recording lacks at its end; undefined when it is whole. Silence and masked parts are in the
 * file as silence, so that its length is the time that it covers.
 */
export function missingMs({ startedAt, endedAt, durationMs }: RecordedSpan): number | undefined {
  const missing = endedAt.getTime() - startedAt.getTime() - durationMs;
  return missing > toleranceMs ? missing : undefined;
}
