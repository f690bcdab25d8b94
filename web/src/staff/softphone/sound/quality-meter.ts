import type { RTCSession } from 'jssip/lib/RTCSession';
import { qualityBetween, type Counters } from './quality.ts';
import { readCounters } from './read-counters.ts';

const everyMs = 2000;

/** Measures how well the two sides hear each other while a session talks. */
export class QualityMeter {
  #session: RTCSession | undefined;
  #counters: Counters | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #show: (quality: ReturnType<typeof qualityBetween>) => void;

  constructor(show: (quality: ReturnType<typeof qualityBetween>) => void) {
    this.#show = show;
  }

  start(session: RTCSession): void {
    this.#session = session;
    this.#timer = setInterval(() => void this.#measure(session), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#session = undefined;
    this.#counters = undefined;
  }

  async #measure(session: RTCSession): Promise<void> {
    const { connection } = session as { connection?: RTCPeerConnection };
    if (!connection || this.#session !== session) return;
    const now = await readCounters(connection).catch(() => undefined);
    if (now === undefined || this.#session !== session) return;
    if (this.#counters !== undefined) this.#show(qualityBetween(this.#counters, now));
    this.#counters = now;
  }
}
