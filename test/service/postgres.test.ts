import { spawn } from 'node:child_process';
import { mkdtempSync, promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql, type Kysely } from 'kysely';
import pg from 'pg';
import t from 'tap';
import { newId } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { until } from '../support/until.ts';
import { canConnect } from '../../src/db/index.ts';
import { isAlive, runToEnd } from '../../src/local/processes.ts';
import { startPostgres } from '../../src/local/postgres.ts';
import { createTestDatabase } from './../support/database.ts';

void t.test('the private Postgres', async (t) => {
  // Spaces and Chinese in the path, and a folder that only its owner may enter.
  const root = mkdtempSync(path.join(tmpdir(), 'lt-'));
  await fs.chmod(root, 0o700);
  const dataDir = path.join(root, '数据 目录');
  t.teardown(() => fs.rm(root, { recursive: true, force: true }));

  await t.test(
    'given an empty folder, when started, then it answers; stopped, it is gone',
    async (t) => {
      const postgres = await startPostgres({ dataDir, log: silentLog(), isDurable: false });
      t.equal(postgres.wasRunning, false);
      t.ok(await canConnect(postgres.url));
      await postgres.stop();
      t.notOk(await canConnect(postgres.url));
    },
  );

  await t.test(
    'given a starter that was killed with -9, then its database is taken over',
    async (t) => {
      const first = await startByVictim(dataDir);
      first.kill();
      const again = await startPostgres({ dataDir, log: silentLog(), isDurable: false });
      t.equal(again.wasRunning, true);
      t.ok(await canConnect(again.url));
      await again.stop();
      await again.stop();
    },
  );

  await t.test(
    'given a database process that was killed, then it runs again at the same address with what was written',
    async (t) => {
      const postgres = await startPostgres({ dataDir, log: silentLog(), isDurable: true });
      await query(postgres.url, 'CREATE TABLE kept AS SELECT 1');
      const pid = await postmaster(dataDir);
      process.kill(pid, 'SIGKILL');
      await until('the death of the database', () => !isAlive(pid));
      await until('the database to answer again', () => canConnect(postgres.url), {
        timeoutMs: 60_000,
      });
      t.not(await postmaster(dataDir), pid);
      await query(postgres.url, 'TABLE kept');
      await postgres.stop();
      t.notOk(await canConnect(postgres.url), 'and it is stopped like the first one');
    },
  );

  await t.test(
    'given a service that is not the last to use it, when it stops, then the database goes on',
    async (t) => {
      const first = await startPostgres({ dataDir, log: silentLog(), isDurable: false });
      const second = await startPostgres({ dataDir, log: silentLog(), isDurable: false });
      await second.stop(false);
      t.ok(await canConnect(first.url));
      await first.stop();
    },
  );

  await t.test(
    'given a start as root, then no other program that runs as nobody can read or signal the database',
    { skip: process.getuid?.() === 0 ? false : 'only root can start it as somebody else' },
    async (t) => {
      const postgres = await startPostgres({ dataDir, log: silentLog(), isDurable: false });
      const pid = await postmaster(dataDir);
      const home = path.join(dataDir, 'postgres');
      // A folder that nobody may enter would hide the answer.
      await fs.chmod(root, 0o755);
      const as = (script: string) =>
        runToEnd(
          [process.execPath, '-e', `process.setgid(65534); process.setuid(65534); ${script}`],
          {
            env: {},
            cwd: '/',
            limitMs: 20_000,
          },
        );
      for (const script of [
        `require('fs').readFileSync(${JSON.stringify(path.join(home, 'password'))})`,
        `require('fs').readdirSync(${JSON.stringify(path.join(home, 'cluster'))})`,
        `process.kill(${pid}, 0)`,
      ]) {
        const { code, output } = await as(script);
        t.not(code, 0, script);
        t.match(output, /EACCES|EPERM/);
      }
      await fs.chmod(root, 0o700);
      await postgres.stop();
    },
  );

  await t.test(
    'given data of another version, then the error names both and the way out',
    async (t) => {
      const file = path.join(dataDir, 'postgres/cluster/PG_VERSION');
      const version = await fs.readFile(file);
      await fs.writeFile(file, '9\n');
      await t.rejects(startPostgres({ dataDir, log: silentLog() }), {
        code: 'postgres.wrong_version',
        message: /Postgres 9.*move the folder away/,
      });
      await fs.writeFile(file, version);
    },
  );
});

void t.test('migrations', async (t) => {
  const database = await createTestDatabase();
  const { db } = database;
  t.teardown(() => database.drop());
  const tables = await db.selectFrom('meta').selectAll().execute();
  t.same(tables, [], 'the tables are there and empty');

  await t.test(
    'numbers that were kept in several forms become one, and nothing is lost',
    async (t) => {
      const { up } = await import('../../migrations/0133_one_number.ts');
      const plain = db.withoutPlugins();
      const [person, call] = [newId(), newId()];
      const phones = [
        ['8613800000091', true, null],
        ['13800000091', false, new Date('2026-01-02T00:00:00Z')],
        ['861088886666', false, null],
        ['013900000092', false, null],
        ['1012345678', false, null],
        ['447700900123', false, null],
      ] as const;
      await sql`INSERT INTO person (id, name, name_pinyin, language, is_vip, notes)
      VALUES (${person}, '王', 'wang', 'zh-CN', false, '')`.execute(plain);
      await sql`ALTER TABLE person_phone DROP COLUMN extension`.execute(plain);
      for (const [number, isPrimary, at] of phones) {
        await sql`INSERT INTO person_phone
          (id, person_id, number, is_primary, verified_at, verified_how, verified_by)
        VALUES (${newId()}, ${person}, ${number}, ${isPrimary}, ${at},
          ${at === null ? null : 'in_person'}, ${at === null ? null : 'staff:a'})`.execute(plain);
      }
      await sql`INSERT INTO do_not_call (id, number, scope, source, reason, created_by, created_at)
      SELECT gen_random_uuid(), number, 'all', 'staff', '', 'a', now()
      FROM unnest(ARRAY['008613800000032', '01088886667', '17951013800000033', '12345']) AS number
    `.execute(plain);
      await sql`INSERT INTO call (id, direction, state, did, caller_number, switch_node, started_at)
      VALUES (${call}, 'inbound', 'ended', '4000', '+861088886666', 'a', now())`.execute(plain);
      await plain.transaction().execute((trx) => up(trx as unknown as Kysely<unknown>));
      t.same(
        await db
          .selectFrom('personPhone')
          .select(['number', 'isPrimary', 'verifiedHow', 'verifiedBy', 'extension'])
          .where('personId', '=', person)
          .orderBy('number')
          .execute(),
        [
          ['01088886666', false, null, null],
          ['1012345678', false, null, null],
          ['13800000091', true, 'in_person', 'staff:a'],
          ['13900000092', false, null, null],
          ['447700900123', false, null, null],
        ].map(([number, isPrimary, verifiedHow, verifiedBy]) => ({
          ...{ number, isPrimary, verifiedHow, verifiedBy, extension: null },
        })),
      );
      const blocked = await db.selectFrom('doNotCall').select('number').orderBy('number').execute();
      t.same(
        blocked.map((one) => one.number),
        ['01088886667', '12345', '13800000032', '13800000033'],
      );
      t.match(await db.selectFrom('call').select('callerNumber').executeTakeFirst(), {
        callerNumber: '01088886666',
      });
    },
  );
});

async function postmaster(dataDir: string): Promise<number> {
  const file = path.join(dataDir, 'postgres/cluster/postmaster.pid');
  return Number((await fs.readFile(file, 'utf8')).split('\n')[0]);
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

/** A process that starts the database and then only waits to be killed. */
async function startByVictim(dataDir: string): Promise<{ kill(): void }> {
  const script = `
    const { startPostgres } = await import('./src/local/postgres.ts');
    const { silentLog } = await import('./src/core/log.ts');
    await startPostgres({ dataDir: ${JSON.stringify(dataDir)}, log: silentLog(), isDurable: false });
    console.log('ready');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until('the victim to start the database', () => output.includes('ready'), {
    timeoutMs: 60_000,
  });
  return { kill: () => void child.kill('SIGKILL') };
}
