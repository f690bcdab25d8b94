import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import t from 'tap';
import { EventBus, type StoredEvent } from '../../src/core/messages/bus.ts';
import { silentLog } from '../../src/core/log.ts';
import { until } from '../support/until.ts';
import { emit, migrate, openPool, OutboxRelay, type Pool } from '../../src/db/index.ts';
import type { EventMap } from '../../src/events.ts';
import { startPostgres } from '../../src/local/postgres.ts';
import { createTestDatabase } from '../support/database.ts';

const at = new Date('2026-11-24T02:00:00Z');
const raise = (db: Pool, number: string) =>
  db.transaction().execute(async (trx) => {
    const payload = { workOrderId: number, number, kind: 'repair', callId: null };
    await emit(trx, 'workOrder.raised', payload, at);
  });
const numberOf = (event: StoredEvent) => (event.payload as { number: string }).number;

async function opened(url: string, deliver: (event: StoredEvent) => Promise<void>) {
  const relay = new OutboxRelay({ url, log: silentLog(), deliver });
  await relay.open();
  return relay;
}

void t.test('the event bus', async (t) => {
  const bus = new EventBus<EventMap>(silentLog());
  const heard: string[] = [];
  bus.on('workOrder.raised', () => {
    throw new Error('broken');
  });
  bus.on('workOrder.raised', () => Promise.reject(new Error('broken too')));
  const stop = bus.on('workOrder.raised', ({ number }, { id }) => {
    heard.push(`on ${number} ${id}`);
  });
  bus.watch('workOrder.raised', ({ number }) => void heard.push(`watch ${number}`));
  bus.on('call.ended', () => void heard.push('never'));
  const event = { id: 7, name: 'workOrder.raised', payload: { number: '261124-0001' }, at };
  await bus.deliver(event);
  t.same(heard, ['on 261124-0001 7'], 'one that throws silences no other');
  bus.tell(event);
  t.same(heard.at(-1), 'watch 261124-0001');
  stop();
  await bus.deliver(event);
  t.equal(heard.length, 2);
});

void t.test('the outbox relay', async (t) => {
  const database = await createTestDatabase();
  const { db, url } = database;
  t.teardown(() => database.drop());

  await t.test('given events before and after the start, then all are told in order', async (t) => {
    await raise(db, '1');
    await raise(db, '2');
    const told: string[] = [];
    const relay = await opened(url, (event) => {
      told.push(numberOf(event));
      return Promise.resolve();
    });
    await until('those of before', () => told.length === 2);
    t.equal(relay.state, 'leading');
    await raise(db, '3');
    await until('the third', () => told.length === 3);
    t.same(told, ['1', '2', '3']);
    await until('all marked', async () => (await waiting(db)) === 0);
    await relay.close();
    t.equal(relay.state, 'down');
  });

  await t.test('given a rolled back transaction, then its event is never told', async (t) => {
    const told: string[] = [];
    const relay = await opened(url, (event) => {
      told.push(numberOf(event));
      return Promise.resolve();
    });
    await db
      .transaction()
      .execute(async (trx) => {
        const payload = { workOrderId: 'x', number: 'undone', kind: 'repair', callId: null };
        await emit(trx, 'workOrder.raised', payload, at);
        throw new Error('undone');
      })
      .catch(() => undefined);
    await raise(db, 'done');
    await until('the one that stands', () => told.length > 0);
    t.same(told, ['done']);
    await relay.close();
  });

  await t.test('given many writers at once, then each event is told once', async (t) => {
    const told: string[] = [];
    const relay = await opened(url, (event) => {
      told.push(numberOf(event));
      return Promise.resolve();
    });
    const numbers = Array.from({ length: 300 }, (_, index) => `many-${index}`);
    await Promise.all(numbers.map((number) => raise(db, number)));
    await until('all', () => told.length >= 300);
    await relay.close();
    t.same([...told].sort(), [...numbers].sort());
  });

  await t.test('given two relays, then one leads, and the other takes over', async (t) => {
    const told: string[] = [];
    const deliver = (who: string) => (event: StoredEvent) => {
      told.push(`${who} ${numberOf(event)}`);
      return Promise.resolve();
    };
    const first = await opened(url, deliver('first'));
    await until('the first to lead', () => first.state === 'leading');
    const second = await opened(url, deliver('second'));
    const third = await opened(url, deliver('third'));
    await raise(db, 'a');
    await until('a', () => told.length === 1);
    t.equal(second.state, 'standby');
    await third.close();
    await first.close();
    await until('the second to lead', () => second.state === 'leading');
    await raise(db, 'b');
    await until('b', () => told.length === 2);
    t.same(told, ['first a', 'second b']);
    await second.close();
  });

  await t.test('given a delivery that throws, then the next event is told', async (t) => {
    const told: string[] = [];
    const relay = await opened(url, (event) => {
      told.push(numberOf(event));
      return told.length === 1 ? Promise.reject(new Error('broken')) : Promise.resolve();
    });
    await raise(db, 'x');
    await raise(db, 'y');
    await until('both', () => told.length === 2);
    t.same(told, ['x', 'y']);
    await relay.close();
  });

  await t.test('given kill -9 while an event is told, then it is told again', async (t) => {
    await raise(db, 'again');
    const script = `
      const { OutboxRelay } = await import('./src/db/index.ts');
      const { silentLog } = await import('./src/core/log.ts');
      const deliver = (event) => {
        console.log('told ' + event.payload.number);
        return new Promise(() => {});
      };
      await new OutboxRelay({ url: ${JSON.stringify(url)}, log: silentLog(), deliver }).open();`;
    const victim = spawn(process.execPath, ['--import=tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    victim.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await until('the victim to tell it', () => output.includes('told again'), {
      timeoutMs: 60_000,
    });
    const told: string[] = [];
    const heir = await opened(url, (event) => {
      told.push(numberOf(event));
      return Promise.resolve();
    });
    t.equal(heir.state, 'standby');
    victim.kill('SIGKILL');
    await until('the heir to tell it', () => told.length === 1, { timeoutMs: 60_000 });
    t.same(told, ['again']);
    await heir.close();
  });
});

void t.test('given a restart of the database, then the relay goes on', async (t) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'lingting-outbox-'));
  const log = silentLog();
  let postgres = await startPostgres({ dataDir, log, isDurable: false });
  const port = Number(new URL(postgres.url).port);
  t.teardown(async () => {
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const proxy = await followPort(port);
  t.teardown(() => proxy.close());
  const url = postgres.url.replace(`:${port}/`, `:${proxy.port}/`);
  const db = openPool({ url, max: 2, log });
  await migrate(db);
  const told: string[] = [];
  const relay = await opened(url, (event) => {
    told.push(numberOf(event));
    return Promise.resolve();
  });
  await raise(db, 'before');
  await until('the first', () => told.length === 1);
  await postgres.stop();
  await until('the loss to be seen', () => relay.state === 'down');
  postgres = await startPostgres({ dataDir, log, isDurable: false });
  proxy.target = Number(new URL(postgres.url).port);
  await until('the relay to lead again', () => relay.state === 'leading', { timeoutMs: 60_000 });
  await raise(db, 'after');
  await until('the second', () => told.includes('after'));
  t.equal(told.at(-1), 'after');
  await relay.close();
  await db.destroy();
});

async function waiting(db: Pool): Promise<number> {
  const { count } = await db
    .selectFrom('outbox')
    .where('publishedAt', 'is', null)
    .select((of) => of.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** A database comes back on another port: this stands for the address that stays. */
async function followPort(target: number) {
  const { createServer, connect } = await import('node:net');
  const self = { target, port: 0, close: (): void => undefined };
  const server = createServer((client) => {
    const upstream = connect(self.target, '127.0.0.1');
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    client.on('error', end).on('close', end);
    upstream.on('error', end).on('close', end);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  self.port = typeof address === 'object' && address !== null ? address.port : 0;
  self.close = () => void server.close();
  return self;
}
