import { CamelCasePlugin, Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type { Log } from '../core/log.ts';
import type { EventMap, EventName } from '../events.ts';
import type { Database } from './schema.ts';

/** A pool or a transaction: repository functions take it first and use only it. */
export type Db = Kysely<Database> | Transaction<Database>;
export type Pool = Kysely<Database>;

export interface PoolOptions {
  url: string;
  max: number;
  log: Log;
}

/** Opens a pool. `date` stays `YYYY-MM-DD` text and `bigint` becomes a number. */
export function openPool({ url, max, log }: PoolOptions): Pool {
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid: pg.types.TypeId, format?: 'text' | 'binary') => {
      if (oid === pg.types.builtins.DATE) return (text: string) => text;
      if (oid === pg.types.builtins.INT8) return Number;
      return format === 'binary'
        ? pg.types.getTypeParser(oid, 'binary')
        : pg.types.getTypeParser(oid, 'text');
    },
  };
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types,
    application_name: 'lingting',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'));
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}

/** Writes an event to the outbox; call it inside the transaction that makes the event true. */
export async function emit<Name extends EventName>(
  db: Db,
  name: Name,
  payload: EventMap[Name],
  at: Date,
): Promise<void> {
  await db
    .insertInto('outbox')
    .values({ name, payload: JSON.stringify(payload), at })
    .execute();
}
