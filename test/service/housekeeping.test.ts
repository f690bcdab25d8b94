import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import t from 'tap';
import { Jobs } from '../../src/core/jobs/jobs.ts';
import { silentLog } from '../../src/core/log.ts';
import { SteadyClient } from '../../src/db/index.ts';
import { until } from '../support/until.ts';
import { handleJobs } from '../../src/app/job-handlers.ts';
import { jobDefinitions } from '../../src/jobs.ts';
import { seedDemoStaff } from '../../src/organisation/index.ts';
import { createTestDatabase } from '../support/database.ts';

const now = new Date();
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3600_000);

void t.test('housekeeping', async (t) => {
  const database = await createTestDatabase();
  const { db, url } = database;
  const log = silentLog();
  const jobs = new Jobs(jobDefinitions, {
    store: { kind: 'postgres', url, Client: SteadyClient },
    log,
  });
  handleJobs(jobs, { db, clock: { now: () => now }, log });
  await jobs.start();
  t.teardown(async () => {
    await jobs.close();
    await database.drop();
  });
  await seedDemoStaff(db, 'a-test-password');
  const staff = await db.selectFrom('staff').select('id').executeTakeFirstOrThrow();

  await t.test('given events in no month of their own, then they move to it', async (t) => {
    const { rows } = await sql<{ name: string }>`
      select relid::regclass::text as name from pg_partition_tree('call_event')
      where isleaf order by 1`.execute(db);
    t.equal(rows.length, 4, 'this month, two more, and the rest');
    const [month] = rows.map((row) => row.name).filter((name) => /\d$/.test(name));
    const before = await partitionOf('before');
    await sql.raw(`DROP TABLE ${month ?? ''}`).execute(db);
    t.equal(await partitionOf('while it is missing'), 'call_event_default');
    await jobs.add('callEvents.makePartitions', {});
    await until(
      'the partition',
      async () =>
        (
          await sql`
      select 1 from call_event_default`.execute(db)
        ).rows.length === 0,
    );
    const kept = await sql<{ place: string }>`
      select tableoid::regclass::text as place from call_event`.execute(db);
    t.same(
      kept.rows.map((row) => row.place),
      [before],
    );
    t.equal(await partitionOf('afterwards'), before);
  });

  async function partitionOf(kind: string): Promise<string> {
    const callId = randomUUID();
    await db
      .insertInto('callEvent')
      .values({ callId, seq: 1, at: now, kind, data: '{}' })
      .execute();
    const { rows } = await sql<{ place: string }>`
      select tableoid::regclass::text as place from call_event
      where call_id = ${callId}`.execute(db);
    return rows[0]?.place ?? '';
  }

  await t.test('given what is old and what is not, then only the old goes', async (t) => {
    const session = (id: string, expiresAt: Date) => ({
      id,
      staffId: staff.id,
      tokenHash: id,
      expiresAt,
      userAgent: 'test',
      address: '127.0.0.1',
    });
    const [over, valid] = [randomUUID(), randomUUID()];
    await db
      .insertInto('staffSession')
      .values([session(over, hoursAgo(1)), session(valid, hoursAgo(-1))])
      .execute();
    const answer = (key: string, createdAt: Date) => ({
      staffId: staff.id,
      key,
      requestHash: '',
      createdAt,
    });
    await db
      .insertInto('idempotencyKey')
      .values([answer('old', hoursAgo(49)), answer('young', hoursAgo(47))])
      .execute();
    const event = (name: string, publishedAt: Date | null) => ({
      name,
      payload: '{}',
      at: hoursAgo(200),
      publishedAt,
    });
    await db
      .insertInto('outbox')
      .values([
        event('told long ago', hoursAgo(7 * 24 + 1)),
        event('told lately', hoursAgo(1)),
        event('not told', null),
      ])
      .execute();
    await db
      .insertInto('message')
      .values([
        { payload: 'old', createdAt: hoursAgo(1) },
        { payload: 'new', createdAt: now },
      ])
      .execute();
    await jobs.add('sessions.removeExpired', {});
    await jobs.add('idempotencyKeys.removeOld', {});
    for (const days of [100, 80]) {
      await db
        .insertInto('outsideCall')
        .values({
          ...{ id: randomUUID(), at: hoursAgo(days * 24), purpose: 'agent', number: '10010' },
          ...{ staffId: null, callId: null, refusal: null },
        })
        .execute();
    }
    await jobs.add('outbox.removePublished', {});
    await jobs.add('messages.removeOld', {});
    const left = async () => ({
      sessions: await db.selectFrom('staffSession').select('id').execute(),
      keys: await db.selectFrom('idempotencyKey').select('key').execute(),
      events: await db.selectFrom('outbox').select('name').orderBy('id').execute(),
      messages: await db.selectFrom('message').select('payload').execute(),
      outside: await db.selectFrom('outsideCall').select('at').execute(),
    });
    await until('all four jobs', async () => {
      const { sessions, keys, events, messages, outside } = await left();
      return (
        sessions.length === 1 &&
        keys.length === 1 &&
        events.length === 2 &&
        messages.length === 1 &&
        outside.length === 1
      );
    });
    t.same(await left(), {
      sessions: [{ id: valid }],
      keys: [{ key: 'young' }],
      events: [{ name: 'told lately' }, { name: 'not told' }],
      messages: [{ payload: 'new' }],
      outside: [{ at: hoursAgo(80 * 24) }],
    });
    t.equal((await jobs.state()).failed, 0);
  });
});
