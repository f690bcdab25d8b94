import { CamelCasePlugin, Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { newId } from '../core/ids.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { EventMap, EventName } from '../events.ts';
import type { Database } from './schema.ts';
import { SteadyClient } from './steady-client.ts';
import { ignore } from '../core/ignore.ts';

/** A pool or a transaction: repository functions take it first and use only it. */
export type Db = Kysely<Database> | Transaction<Database>;
export type Pool = Kysely<Database>;

export interface PoolOptions {
  url: string;
  max: number;
  log: Log;
}

type Parser = (text: string) => unknown;

const parsers = new Map<number, Parser>([
  [pg.types.builtins.DATE, (text) => text],
  [pg.types.builtins.INT8, Number],
]);

/** Opens a pool. `date` stays `YYYY-MM-DD` text and `bigint` becomes a number. */
export function openPool({ url, max, log }: PoolOptions): Pool {
  const types: pg.CustomTypesConfig = {
    getTypeParser: (oid: Parameters<typeof pg.types.getTypeParser>[0]): Parser =>
      parsers.get(oid) ?? (pg.types.getTypeParser(oid, 'text') as Parser),
  };
  const pool = new pg.Pool({
    Client: SteadyClient,
    connectionString: url,
    max,
    types,
    application_name: 'lingting',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
  });
  // The error carries its client along, with all that it knows: only the reason is logged.
  pool.on('error', (error) => {
    // Whoever stops in order has said good-bye to them already.
    if (!pool.ending) {
      log.warn({ reason: messageOf(error) }, 'idle database connection lost');
    }
  });
  return new Kysely<Database>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}

/** Runs `work` in the transaction at hand, or in a new one. */
export function within<T>(db: Db, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  return isTransaction(db) ? work(db) : db.transaction().execute(work);
}

function isTransaction(db: Db): db is Transaction<Database> {
  return db.isTransaction;
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
    .values(outboxRow(name, payload, at))
    .execute();
}

/** For statements that make an event true and tell of it in one. */
export function outboxRow<Name extends EventName>(name: Name, payload: EventMap[Name], at: Date) {
  return { name, payload: JSON.stringify(payload), at };
}

/** PostgreSQL error codes, appendix A: connection exceptions, shut-down, start-up, no slot free. */
const awayCodes = /^(08|57P0[1-3]|53300)/;
const awayErrnos = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT']);

/** Whether a statement failed because no server answered: the same one can succeed later. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Both texts are of pg, which gives these two no code.
  const isCut = /Connection terminated|timeout exceeded when trying to connect/i;
  return awayCodes.test(code) || awayErrnos.has(code) || isCut.test(error.message);
}

/** A name for this database and whatever works on it: letters, digits and `-`; stays for ever. */
export async function installationId(db: Db): Promise<string> {
  const key = 'installation';
  await db
    .insertInto('meta')
    .values({ key, value: newId() })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', key)
    .executeTakeFirstOrThrow();
  return row.value;
}

/** Whether a server answers there and lets us in. */
export async function canConnect(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  const asked = client.connect().then(() => client.query('SELECT 1'));
  const answer = await ignore(asked, 'no server answers there, or it does not let us in');
  await ignore(client.end(), 'it may never have connected');
  return answer !== undefined;
}

/** Whether the database answers a pool that is open. */
export function isAnswering(db: Db): Promise<boolean> {
  return sql`select 1`.execute(db).then(
    () => true,
    () => false,
  );
}

/** Creates the database unless it is there; `template` is copied when given. */
export async function createDatabase(url: string, name: string, template?: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (found.rowCount !== 0) return;
    const copy = template === undefined ? '' : ` TEMPLATE ${pg.escapeIdentifier(template)}`;
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}${copy}`);
  } finally {
    await client.end();
  }
}
