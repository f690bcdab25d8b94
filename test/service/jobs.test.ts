import { sql } from 'kysely';
import { Type } from 'typebox';
import t, { type Test } from 'tap';
import { Jobs, idText, type JobDefinitions, type JobsStore } from '../../src/core/jobs/jobs.ts';
import { silentLog } from '../../src/core/log.ts';
import { SteadyClient } from '../../src/db/index.ts';
import { until } from '../support/until.ts';
import { createTestDatabase } from '../support/database.ts';
import { startRedis } from '../support/redis.ts';

const definitions = {
  'order.remind': {
    payload: Type.Object({ orderId: idText() }, { additionalProperties: false }),
    attempts: 3,
    backoffMs: 20,
    limitMs: 5000,
  },
  'order.stuck': {
    payload: Type.Object({ count: Type.Integer() }),
    attempts: 1,
    backoffMs: 20,
    limitMs: 100,
  },
  'letter.send': {
    payload: Type.Object({ letterId: idText() }, { additionalProperties: false }),
    attempts: 1,
    backoffMs: 20,
    limitMs: 60_000,
    lane: 'letters',
  },
} as const satisfies JobDefinitions;

const open = (store: JobsStore) =>
  new Jobs(definitions, { store, log: silentLog(), concurrency: { letters: 2 } });
type Opened = ReturnType<typeof open>;

void t.test('jobs on Postgres', async (t) => {
  const database = await createTestDatabase();
  t.teardown(() => database.drop());
  await suite(t, { kind: 'postgres', url: database.url, Client: SteadyClient }, async () => {
    const { rows } = await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(database.db);
    if (rows.length === 0) throw new Error('there was no connection to cut');
  });
});

void t.test('jobs on Redis', async (t) => {
  const redis = await startRedis();
  if (typeof redis === 'string') {
    t.pass(`left out: ${redis}`);
    return;
  }
  t.teardown(() => redis.stop());
  await suite(t, { kind: 'redis', url: redis.url }, () => redis.restart());
});

void t.test('a definition with more than ids is refused', (t) => {
  const personal = { payload: Type.Object({ name: Type.String() }) };
  const loose = { 'owner.call': { ...personal, attempts: 1, backoffMs: 1, limitMs: 1 } };
  const store = {
    kind: 'postgres',
    url: 'postgres://127.0.0.1:1/none',
    Client: SteadyClient,
  } as const;
  t.throws(() => new Jobs(loose, { store, log: silentLog() }), {
    code: 'jobs.bad_payload',
    message: /owner\.call.*name may only be an id/,
  });
  t.end();
});

async function suite(t: Test, store: JobsStore, interrupt: () => Promise<void>): Promise<void> {
  const running: Opened[] = [];
  const start = async (jobs: Opened) => {
    running.push(jobs);
    await jobs.start();
    return jobs;
  };
  t.teardown(() => Promise.all(running.map((one) => one.close())));

  await t.test('given a job without a handler, or with two, then it does not start', async (t) => {
    const jobs = open(store);
    jobs.handle('order.remind', () => Promise.resolve());
    t.throws(() => jobs.handle('order.remind', () => Promise.resolve()), {
      code: 'jobs.bad_handlers',
      details: { twice: ['order.remind'] },
    });
    await t.rejects(jobs.start(), {
      code: 'jobs.bad_handlers',
      details: { missing: ['order.stuck', 'letter.send'] },
    });
  });

  const reminded: { orderId: string; attempt: number }[] = [];
  let failures = 0;
  let wasAborted = false;
  let hold: Promise<void> = Promise.resolve();
  const jobs = open(store);
  jobs.handle('order.remind', async ({ orderId }, { attempt }) => {
    await hold;
    if (failures > 0) {
      failures -= 1;
      throw new Error('the gateway does not answer');
    }
    reminded.push({ orderId, attempt });
  });
  jobs.handle('order.stuck', (_payload, { signal }) => {
    signal.addEventListener('abort', () => (wasAborted = true));
    return new Promise(() => undefined);
  });
  let letters = 0;
  let answer = (): void => undefined;
  const carrier = new Promise<void>((resolve) => (answer = resolve));
  jobs.handle('letter.send', async () => {
    letters += 1;
    await carrier;
  });
  await start(jobs);

  await t.test('given a lane whose jobs all hang, then the others are done', async (t) => {
    for (let n = 0; n < 12; n += 1) await jobs.add('letter.send', { letterId: `l-${n}` });
    await until('two letters to hang', () => letters === 2);
    await jobs.add('order.remind', { orderId: 'meanwhile' });
    await until('the reminder', () => reminded.length > 0);
    t.equal(letters, 2, 'the letters still hang');
    await until('the others to be done', async () => {
      const { waiting, running: busy } = await jobs.state();
      return busy === 2 && waiting === 10;
    });
    answer();
    await until('the letters', async () => {
      const { waiting, running: busy } = await jobs.state();
      return letters === 12 && waiting === 0 && busy === 0;
    });
    reminded.length = 0;
  });

  await t.test('given a job, then it is done with its payload, once', async (t) => {
    await jobs.add('order.remind', { orderId: 'a-1' });
    await until('the reminder', () => reminded.length > 0);
    t.same(reminded, [{ orderId: 'a-1', attempt: 1 }]);
  });

  await t.test('given two failures, then the third try does it', async (t) => {
    reminded.length = 0;
    failures = 2;
    await jobs.add('order.remind', { orderId: 'a-2' });
    await until('the reminder', () => reminded.length > 0);
    t.same(reminded, [{ orderId: 'a-2', attempt: 3 }]);
    t.equal((await jobs.state()).failed, 0);
  });

  await t.test('given failures only, then the job is kept with its reason', async (t) => {
    failures = 3;
    await jobs.add('order.remind', { orderId: 'a-3' });
    await until('the failure', async () => (await jobs.state()).failed === 1);
    const [failed] = await jobs.failed(10);
    t.match(failed, {
      name: 'order.remind',
      payload: { orderId: 'a-3' },
      attempts: 3,
      reason: 'the gateway does not answer',
    });
  });

  await t.test('given a job that hangs, then it is aborted after its limit', async (t) => {
    await jobs.add('order.stuck', { count: 1 });
    await until('the second failure', async () => (await jobs.state()).failed === 2);
    t.ok(wasAborted);
    t.match((await jobs.failed(1))[0]?.reason, /longer than 100 ms/);
  });

  await t.test('given the same key twice, then the second is dropped', async (t) => {
    reminded.length = 0;
    let release = (): void => undefined;
    hold = new Promise((resolve) => (release = resolve));
    await jobs.add('order.remind', { orderId: 'b' }, { key: 'b' });
    await jobs.add('order.remind', { orderId: 'b' }, { key: 'b' });
    await jobs.add('order.remind', { orderId: 'c' }, { key: 'c' });
    release();
    await until('both', () => reminded.length === 2);
    await until('nothing waits', async () => {
      const { waiting, running: busy } = await jobs.state();
      return waiting === 0 && busy === 0;
    });
    t.same(reminded.map((one) => one.orderId).sort(), ['b', 'c']);
    await jobs.add('order.remind', { orderId: 'b' }, { key: 'b' });
    await until('a later one', () => reminded.length === 3);
  });

  await t.test('given a payload that does not fit, then it is not taken', async (t) => {
    await t.rejects(jobs.add('order.remind', { orderId: '王建国' }), { code: 'jobs.bad_payload' });
  });

  await t.test('given a store that went away and came back, then work goes on', async (t) => {
    reminded.length = 0;
    await interrupt();
    await until('a job to be taken', () =>
      jobs.add('order.remind', { orderId: 'after' }).then(
        () => true,
        () => false,
      ),
    );
    await until('the job to be done', () => reminded.length > 0, { timeoutMs: 60_000 });
    t.same(reminded[0]?.orderId, 'after');
  });

  await t.test('given a stop while a job runs, then it is finished first', async (t) => {
    reminded.length = 0;
    let release = (): void => undefined;
    hold = new Promise((resolve) => (release = resolve));
    await jobs.add('order.remind', { orderId: 'last' });
    await until('the job to begin', async () => (await jobs.state()).running === 1);
    const closed = jobs.close();
    release();
    await closed;
    await jobs.close();
    t.same(
      reminded.map((one) => one.orderId),
      ['last'],
    );
    await t.rejects(jobs.add('order.remind', { orderId: 'x' }), { code: 'jobs.not_started' });
  });

  await t.test('given a schedule, then it runs by itself; taken away, no more', async (t) => {
    const repeated = {
      'clock.ticked': {
        payload: Type.Object({}),
        attempts: 1,
        backoffMs: 1,
        limitMs: 1000,
        repeat: { pattern: '* * * * * *', timeZone: 'Asia/Shanghai' },
      },
    } as const satisfies JobDefinitions;
    const first = new Jobs(repeated, { store, log: silentLog() });
    let ticks = 0;
    first.handle('clock.ticked', () => {
      ticks += 1;
      return Promise.resolve();
    });
    await first.start();
    await until('two ticks', () => ticks >= 2);
    await first.close();
    const second = new Jobs({}, { store, log: silentLog() });
    await second.start();
    await until('the schedule to be gone', async () => (await second.state()).waiting === 0);
    await second.close();
    t.ok(ticks >= 2);
  });
}
