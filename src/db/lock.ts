import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Pool } from './database.ts';
import { pause } from '../core/concurrency/wait.ts';

/** Held by this process alone among all that use the database. */
export interface HeldLock {
  /** Aborted when the database dropped the connection, and the lock with it. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

export interface LockOptions {
  /** Gives up waiting; the promise then rejects with its reason. */
  signal: AbortSignal;
  /** Told once, when another process holds it. */
  onWait: () => void;
}

/** A standby asks so often: a caller's silence is at most this much longer. */
const askEveryMs = 500;
const lookEveryMs = 2000;

/**
 * Waits for a lock that belongs to a database connection: it is free at once when its process dies, by
 * whatever cause. Takes one connection of the pool, also while waiting. Not usable through a pooler that
 * shares connections between transactions.
 */
export function takeLock(
  db: Pool,
  name: string,
  { signal, onWait }: LockOptions,
): Promise<HeldLock> {
  return new Promise((resolve, reject) => {
    const lost = new AbortController();
    const left = new AbortController();
    const done = db
      .connection()
      .execute(async (connection) => {
        let isTold = false;
        for (;;) {
          signal.throwIfAborted();
          const { rows } = await sql<{ got: boolean }>`
            SELECT pg_try_advisory_lock(hashtextextended(${name}, 0)) AS got
          `.execute(connection);
          if (rows[0]?.got === true) break;
          if (!isTold) onWait();
          isTold = true;
          await delay(askEveryMs, undefined, { signal });
        }
        resolve({
          lost: lost.signal,
          release: async () => {
            left.abort();
            await done;
          },
        });
        while (!left.signal.aborted) {
          await pause(lookEveryMs, left.signal);
          if (!left.signal.aborted) await sql`SELECT 1`.execute(connection);
        }
        await sql`SELECT pg_advisory_unlock(hashtextextended(${name}, 0))`.execute(connection);
      })
      .catch((error: unknown) => {
        lost.abort();
        reject(error instanceof Error ? error : new Error(String(error)));
      });
  });
}
