import type { RelayState } from '../contract/codes.ts';
import { setTimeout as delay } from 'node:timers/promises';
import type { StoredEvent } from '../core/messages/bus.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { DatabaseLink } from './link.ts';
import { ignore } from '../core/ignore.ts';

export interface RelayOptions {
  url: string;
  log: Log;
  /** Tells events that are about to be delivered to whoever only watches; may fail. */
  announce?(events: readonly StoredEvent[]): Promise<void>;
  /** Resolves when the event has been told; what it throws is logged, and the event counts as told. */
  deliver(event: StoredEvent): Promise<void>;
}

/** Any number, the same in every version: one relay a database. */
const lock = 74_120_002;
const batch = 100;
const retryMs = 1000;
/**
 * What happens meanwhile is told with it. Statements are what an event costs, and a centre that takes
 * fifteen calls a second has thirty events: each alone would be a third of our processor time.
 */
const lingerMs = 100;

/**
 * Tells the events of the outbox, in order and at least once. One relay of all processes leads, by
 * an advisory lock of its session; the others wait in the database and take over when it is gone.
 * Nothing polls: every transaction that writes an event notifies at its commit. They are told in
 * batches; a crash repeats at most the batch in hand.
 */
export class OutboxRelay {
  readonly #options: RelayOptions;
  readonly #link: DatabaseLink;
  #isLeading = false;
  #isClosing = false;
  #isDirty = false;
  #draining: Promise<void> | undefined;
  #backend = 0;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#link = new DatabaseLink({ url: options.url, name: 'lingting relay', log: options.log });
  }

  get state(): RelayState {
    if (!this.#link.isUp) return 'down';
    return this.#isLeading ? 'leading' : 'standby';
  }

  async open(): Promise<void> {
    await this.#link.listen('lingting_outbox', () => this.#wake());
    this.#link.onUp(() => void this.#lead());
    await this.#link.open();
  }

  /** Finishes the event in hand; the others are told by the next leader. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#draining;
    if (this.state === 'standby') await this.#stopWaiting();
    await this.#link.close();
  }

  /** Waits for the lock, perhaps for days, and tells what has gathered. */
  async #lead(): Promise<void> {
    this.#isLeading = false;
    try {
      // Losing a mark in a crash only repeats an event, and saves a disk write for each.
      await this.#link.query('SET synchronous_commit = off');
      // One who waits for the lock is noticed when its process is gone.
      await ignore(
        this.#link.query(`SET client_connection_check_interval = '5s'`),
        'not every system can; a dead waiter is noticed later',
      );
      const [row] = await this.#link.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      this.#backend = row?.pid ?? 0;
      await this.#link.query('SELECT pg_advisory_lock($1)', [lock]);
    } catch (error) {
      // A lost connection leads here too; the next connect begins afresh.
      if (!this.#isClosing) {
        this.#options.log.warn({ reason: messageOf(error) }, 'outbox relay not ready');
      }
      return;
    }
    this.#isLeading = true;
    this.#options.log.info('outbox relay leading');
    this.#wake();
  }

  #wake(): void {
    this.#isDirty = true;
    if (this.#isClosing || !this.#isLeading || this.#draining !== undefined) return;
    this.#draining = this.#drain().finally(() => {
      this.#draining = undefined;
      if (this.#isDirty) this.#wake();
    });
  }

  async #drain(): Promise<void> {
    while (this.#isDirty && !this.#isClosing) {
      await delay(lingerMs);
      if (this.#mayNot()) return;
      this.#isDirty = false;
      try {
        for (let events = await this.#next(); events.length > 0;) {
          await this.#tell(events);
          // A batch that was not full was the rest; who wrote since has woken us.
          events = events.length < batch || this.#mayNot() ? [] : await this.#next();
        }
      } catch (error) {
        if (this.#mayNot() || !this.#link.isUp) return;
        this.#options.log.error({ err: error }, 'events could not be told; trying again');
        setTimeout(() => this.#wake(), retryMs);
        return;
      }
    }
  }

  #mayNot(): boolean {
    return this.#isClosing || !this.#isLeading;
  }

  /** On the session that holds the lock: a leader that lost it can neither read nor mark. */
  #next(): Promise<StoredEvent[]> {
    return this.#link
      .query<{ id: string; name: string; payload: unknown; at: Date }>(
        `SELECT id, name, payload, at FROM outbox WHERE published_at IS NULL
         ORDER BY id LIMIT ${batch}`,
      )
      .then((rows) => rows.map((row) => ({ ...row, id: Number(row.id) })));
  }

  async #tell(events: readonly StoredEvent[]): Promise<void> {
    const options = this.#options;
    const { log } = options;
    await options.announce?.(events).catch((error: unknown) => {
      log.warn({ reason: messageOf(error), events: events.length }, 'screens not notified');
    });
    const told: number[] = [];
    for (const event of events) {
      if (this.#mayNot()) break;
      await options.deliver(event).catch((error: unknown) => {
        log.error({ err: error, event: event.name }, 'event not published');
      });
      told.push(event.id);
    }
    // The session may have changed meanwhile; a new one marks only what it tells as the leader.
    if (!this.#isLeading) return;
    await this.#link.query('UPDATE outbox SET published_at = now() WHERE id = ANY($1)', [told]);
  }

  /** A session that waits for a lock does not hear that its client says good-bye. */
  async #stopWaiting(): Promise<void> {
    const { url, log } = this.#options;
    const other = new DatabaseLink({ url, name: 'lingting relay', log });
    await other.open();
    await ignore(
      other.query('SELECT pg_cancel_backend($1)', [this.#backend]),
      'the statement ended by itself',
    );
    await other.close();
  }
}
