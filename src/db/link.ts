import pg from 'pg';
import { backoffMs } from '../core/concurrency/backoff.ts';
import { AppError, messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { ignore } from '../core/ignore.ts';

export class DatabaseDownError extends AppError {
  constructor(cause?: unknown) {
    super({
      code: 'db.unavailable',
      status: 503,
      message: 'The database cannot be reached at the moment; try again.',
      retryable: true,
      cause,
    });
  }
}

/** A dead peer is noticed within seconds, not after the system's two hours. */
const keepAliveMs = 10_000;

/**
 * One connection of its own that lives as long as the process, for what a pool cannot do: LISTEN and
 * locks that belong to a session. It comes back by itself, and then listens again; what was
 * notified in between is lost, and `onUp` says so.
 */
export class DatabaseLink {
  readonly #options: { url: string; name: string; log: Log };
  readonly #channels = new Map<string, (payload: string) => void>();
  readonly #upHandlers: (() => void)[] = [];
  #client: pg.Client | undefined;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** @param options.name shown in pg_stat_activity. */
  constructor(options: { url: string; name: string; log: Log }) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#client !== undefined;
  }

  /** Connects; resolves after the first try, whether or not it succeeded. */
  async open(): Promise<void> {
    await this.#connect();
  }

  /** Called after every connect, when all channels are heard again. */
  onUp(handler: () => void): void {
    this.#upHandlers.push(handler);
  }

  /** One handler a channel. Resolves when it is heard, or will be with the next connect. */
  async listen(channel: string, handler: (payload: string) => void): Promise<void> {
    this.#channels.set(channel, handler);
    await this.#client?.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  }

  async unlisten(channel: string): Promise<void> {
    this.#channels.delete(channel);
    await this.#client?.query(`UNLISTEN ${pg.escapeIdentifier(channel)}`);
  }

  /** Throws `db.unavailable` while there is no connection. */
  async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    if (this.#client === undefined) throw new DatabaseDownError();
    const { rows } = await this.#client.query<Row>(text, values);
    return rows;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    if (client !== undefined) await ignore(client.end(), 'the connection was lost before');
  }

  async #connect(): Promise<void> {
    const { url, name, log } = this.#options;
    const client = new pg.Client({
      connectionString: url,
      application_name: name,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: keepAliveMs,
    });
    client.on('error', (error) => this.#lose(client, error));
    client.on('end', () => this.#lose(client, undefined));
    client.on('notification', ({ channel, payload }) => {
      this.#channels.get(channel)?.(payload ?? '');
    });
    try {
      await client.connect();
      for (const channel of this.#channels.keys()) {
        await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
      }
    } catch (error) {
      await ignore(client.end(), 'the connection was lost before');
      this.#retry(error);
      return;
    }
    if (this.#isClosed) {
      await ignore(client.end(), 'the connection was lost before');
      return;
    }
    if (this.#failures > 0) log.info({ link: name }, 'database connection restored');
    this.#failures = 0;
    this.#client = client;
    for (const handler of this.#upHandlers) handler();
  }

  #lose(client: pg.Client, error: Error | undefined): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    void ignore(client.end(), 'the connection was lost before');
    this.#retry(error);
  }

  #retry(error: unknown): void {
    if (this.#isClosed) return;
    const { name, log } = this.#options;
    if (this.#failures === 0) {
      log.warn({ link: name, reason: messageOf(error) }, 'database connection lost, trying again');
    }
    const delayMs = backoffMs(this.#failures, Math.random());
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(), delayMs);
  }
}
