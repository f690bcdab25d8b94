import t, { type Test } from 'tap';
import { silentLog } from '../../src/core/log.ts';
import type { Messages } from '../../src/core/messages/messages.ts';
import { openRedisMessages } from '../../src/core/messages/redis-messages.ts';
import { until } from '../support/until.ts';
import { DatabaseLink, openPostgresMessages } from '../../src/db/index.ts';
import { createTestDatabase } from '../support/database.ts';
import { startRedis } from '../support/redis.ts';

void t.test('messages on Postgres', async (t) => {
  const database = await createTestDatabase();
  const links: DatabaseLink[] = [];
  t.teardown(async () => {
    await Promise.all(links.map((link) => link.close()));
    await database.drop();
  });
  const open = async () => {
    const link = new DatabaseLink({ url: database.url, name: 'lingting test', log: silentLog() });
    links.push(link);
    await link.open();
    return openPostgresMessages(database.db, link, silentLog());
  };
  await suite(t, open, async () => {
    const other = new DatabaseLink({ url: database.url, name: 'killer', log: silentLog() });
    await other.open();
    await other.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'lingting test' AND datname = current_database()`,
    );
    await other.close();
  });
  const { count } = await database.db
    .selectFrom('message')
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  t.equal(count, 1, 'only the long message took the way through the table');
});

void t.test('messages on Redis', async (t) => {
  const redis = await startRedis();
  if (typeof redis === 'string') {
    t.pass(`left out: ${redis}`);
    return;
  }
  const opened: Messages[] = [];
  t.teardown(async () => {
    await Promise.all(opened.map((one) => one.close()));
    await redis.stop();
  });
  const open = async () => {
    const messages = await openRedisMessages(redis.url, silentLog());
    opened.push(messages);
    return messages;
  };
  await suite(t, open, () => redis.restart());
});

async function suite(t: Test, open: () => Promise<Messages>, interrupt: () => Promise<void>) {
  const [one, other] = [await open(), await open()];

  await t.test('given two processes, then both hear, in order, and nobody else does', async (t) => {
    const heard: Record<string, unknown[]> = { one: [], other: [], elsewhere: [] };
    await one.subscribe('orders', (payload) => void heard['one']?.push(payload));
    await other.subscribe('orders', (payload) => void heard['other']?.push(payload));
    await other.subscribe('calls', (payload) => void heard['elsewhere']?.push(payload));
    const sent = Array.from({ length: 200 }, (_, index) => ({ index, name: '报修 “水”' }));
    await Promise.all(sent.map((payload) => one.publish('orders', payload)));
    await until('both to hear all', () => heard['one']?.length === 200);
    await until('both to hear all', () => heard['other']?.length === 200);
    t.same(heard['one'], sent);
    t.same(heard['other'], sent);
    t.same(heard['elsewhere'], []);
  });

  await t.test('given a payload of 100 kB, then it arrives whole and in its place', async (t) => {
    const heard: unknown[] = [];
    await other.subscribe('long', (payload) => void heard.push(payload));
    const long = '楼'.repeat(34_000);
    await Promise.all([1, long, 2].map((payload) => one.publish('long', payload)));
    await until('all three', () => heard.length === 3);
    t.same(heard, [1, long, 2]);
  });

  await t.test('given a handler that throws, then the others hear all the same', async (t) => {
    const heard: unknown[] = [];
    await one.subscribe('risky', () => {
      throw new Error('broken');
    });
    await one.subscribe('risky', () => Promise.reject(new Error('broken too')));
    await one.subscribe('risky', (payload) => void heard.push(payload));
    await one.publish('risky', 1);
    await one.publish('risky', 2);
    await until('both', () => heard.length === 2);
    t.same(heard, [1, 2]);
  });

  await t.test('given an end of listening, then nothing more is heard', async (t) => {
    const heard: unknown[] = [];
    const kept: unknown[] = [];
    const stop = await one.subscribe('short', (payload) => void heard.push(payload));
    await other.subscribe('short', (payload) => void kept.push(payload));
    await one.publish('short', 1);
    await until('the first', () => heard.length === 1 && kept.length === 1);
    await stop();
    await one.publish('short', 2);
    await until('the second, by the other', () => kept.length === 2);
    t.same(heard, [1]);
  });

  await t.test('given a topic that is none, then it is refused', async (t) => {
    for (const topic of ['', 'a b', 'x'.repeat(51), '"; DROP TABLE outbox; --']) {
      await t.rejects(one.publish(topic, 1), { code: 'messages.bad_topic' });
    }
  });

  await t.test('given a lost connection, then it comes back and the gap is told', async (t) => {
    const heard: unknown[] = [];
    let gaps = 0;
    await other.subscribe('later', (payload) => void heard.push(payload));
    other.onGap(() => (gaps += 1));
    t.ok(other.isUp);
    await interrupt();
    await until('the gap to be told', () => gaps === 1);
    await until('both to be up', () => one.isUp && other.isUp);
    await one.publish('later', 'again');
    await until('the message after the gap', () => heard.length === 1);
    t.same(heard, ['again']);
  });
}
