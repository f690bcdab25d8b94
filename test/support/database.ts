import { mkdtempSync, promises as fs } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { silentLog } from '../../src/core/log.ts';
import { createDatabase, migrate, openPool, type Pool } from '../../src/db/index.ts';
import { startPostgres } from '../../src/local/postgres.ts';

export interface TestDatabase {
  db: Pool;
  url: string;
  drop(): Promise<void>;
}

const template = 'lingting_template';
/** Any number: the lock that lets one process make the template. */
const templateLock = 74_120_001;

/** Of this process alone, when nobody started one for all. */
let own: Promise<string> | undefined;

/** A database of its own, cloned from a migrated template; see test/run.ts for the server. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const base = process.env['TEST_POSTGRES_URL'] ?? (await (own ??= startServer()));
  await makeTemplate(base);
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withLock(base, () => createDatabase(base, name, template));
  const url = withName(base, name);
  const db = openPool({ url, max: 8, log: silentLog() });
  return {
    db,
    url,
    drop: async () => {
      await db.destroy();
      await withClient(base, (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    },
  };
}

let stopOwn: (() => Promise<void>) | undefined;

async function startServer(): Promise<string> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'lingting-test-'));
  const postgres = await startPostgres({ dataDir, log: silentLog(), isDurable: false });
  stopOwn = async () => {
    stopOwn = undefined;
    await postgres.stop();
    await fs.rm(dataDir, { recursive: true, force: true });
  };
  process.once('beforeExit', () => void stopOwn?.());
  return postgres.url;
}

/** For programs that end by `process.exit`: it would leave the server behind. */
export async function stopTestServer(): Promise<void> {
  await stopOwn?.();
}

async function makeTemplate(base: string): Promise<void> {
  await withLock(base, async () => {
    await createDatabase(base, template);
    const db = openPool({ url: withName(base, template), max: 2, log: silentLog() });
    await migrate(db);
    await db.destroy();
  });
}

function withName(url: string, name: string): string {
  const copy = new URL(url);
  copy.pathname = `/${name}`;
  return copy.href;
}

/** Template and clones exclude each other: a template in use cannot be copied. */
async function withLock(url: string, task: () => Promise<void>): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [templateLock]);
    await task();
  });
}

async function withClient<T>(url: string, task: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await task(client);
  } finally {
    await client.end();
  }
}
