import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Pool } from '../../db/index.ts';
import type { Recordings } from '../../recording/index.ts';
import { finaliseAttempt, type Ending } from './attempts.ts';

export interface AttemptEndingsParts {
  db: Pool;
  clock: Clock;
  log: Log;
  recordings: Pick<Recordings, 'unfinished' | 'finish'>;
  /** Asks for the next channel for a contact that nobody reached. */
  fallBack: (contactId: string) => Promise<void>;
  /** No more tries once the process is to end. */
  stopping: AbortSignal;
  complain: (error: unknown) => void;
}

/** What an attempt leaves when it is over: its result, the next channel, its recordings. */
export class AttemptEndings {
  readonly #parts: AttemptEndingsParts;

  constructor(parts: AttemptEndingsParts) {
    this.#parts = parts;
  }

  /** The result must not be lost when the database is away for a while. */
  async finalise(ending: Ending): Promise<void> {
    const { fallBack, stopping, complain } = this.#parts;
    for (let tries = 0; !stopping.aborted; tries += 1) {
      try {
        const finalised = await finaliseAttempt(this.#parts, ending);
        if (finalised?.needsFallback === true) await fallBack(finalised.contactId);
        if (finalised?.wasAnswered === true) await sealRecordings(this.#parts, finalised.callId);
        break;
      } catch (error) {
        complain(error);
        await delay(Math.min(5000, 200 * 2 ** tries));
      }
    }
  }
}

/** Recordings of a call that is over, also of one whose end nobody saw. Never throws. */
export async function sealRecordings(
  { recordings, log }: Pick<AttemptEndingsParts, 'recordings' | 'log'>,
  callId: string,
): Promise<void> {
  try {
    for (const { id, purpose } of await recordings.unfinished(callId)) {
      if (purpose === 'call') await recordings.finish(id);
    }
  } catch (error) {
    log.error({ reason: messageOf(error), callId }, 'recording not sealed');
  }
}
