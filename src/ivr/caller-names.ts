import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Call } from '../cti/index.ts';
import type { Pool } from '../db/index.ts';
import { knownNumber, onlyPeopleOf } from '../property/index.ts';

/** Callers of so long are looked up in one question: each alone costs as much as all of them. */
const togetherMs = 300;

/** Writes whoever alone uses a caller's number in the call's row, however the call ends. */
export class CallerNames {
  readonly #db: Pool;
  readonly #log: Log;
  #waiting: Call[] = [];

  constructor(db: Pool, log: Log) {
    this.#db = db;
    this.#log = log;
  }

  /** Within a second or so; never throws. */
  note(call: Call): void {
    if (knownNumber(call) === '') return;
    this.#waiting.push(call);
    if (this.#waiting.length === 1) setTimeout(() => void this.#lookUp(), togetherMs);
  }

  async #lookUp(): Promise<void> {
    const calls = this.#waiting;
    this.#waiting = [];
    try {
      const people = await onlyPeopleOf(this.#db, calls.map(knownNumber));
      for (const call of calls) {
        const personId = people.get(knownNumber(call));
        if (personId !== undefined) void call.update({ personId });
      }
    } catch (error) {
      this.#log.warn({ reason: messageOf(error), calls: calls.length }, 'caller lookup failed');
    }
  }
}
