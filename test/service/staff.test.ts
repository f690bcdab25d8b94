import { spawn } from 'node:child_process';
import path from 'node:path';
import t from 'tap';
import { systemClock as clock } from '../../src/core/clock.ts';
import {
  createAdministrator,
  disableDemoStaff,
  letInDemoStaff,
  logIn,
  refuseExposedDemo,
  seedDemoStaff,
  shutOutDemoStaff,
} from '../../src/organisation/index.ts';
import { createSealer } from '../../src/core/seal.ts';
import { createTestDatabase } from '../support/database.ts';

void t.test('administrators and demo accounts', async (t) => {
  const sealer = createSealer(Buffer.alloc(32));
  const database = await createTestDatabase();
  const { db, url } = database;
  t.teardown(() => database.drop());
  const login = (username: string, password: string) =>
    logIn(db, clock, { username, password, userAgent: 'test', address: '127.0.0.1' }, sealer);

  await t.test('given an empty database, when made by the command, then they log in', async (t) => {
    const { code, output } = await admin(url, 'wang.min');
    t.equal(code, 0, output);
    const password = /shown this once\): (\S+)/.exec(output)?.[1] ?? '';
    t.match(await login('wang.min', password), { member: { role: 'admin' } });
    const row = await db.selectFrom('staff').selectAll().executeTakeFirstOrThrow();
    t.notMatch(row.passwordHash, password);
    const again = await admin(url, 'wang.min');
    t.match(again, { code: 1, output: /already/ });
    t.match(await admin(url, 'Wang Min'), { code: 1, output: /username must begin/ });
    t.match(await admin(url), { code: 2, output: /usage/ });
  });

  await t.test('given a weak password, then it is refused', async (t) => {
    await t.rejects(createAdministrator(db, clock, { username: 'li', password: 'short' }), {
      code: 'staff.weak_password',
    });
  });

  await t.test('given demo accounts, then only this machine may reach them', async (t) => {
    await refuseExposedDemo(db, '0.0.0.0');
    await seedDemoStaff(db, 'a-test-password');
    const session = await login('agent1', 'a-test-password');
    for (const host of ['0.0.0.0', '::', '192.168.1.5', '127.evil.example']) {
      await t.rejects(refuseExposedDemo(db, host), { code: 'demo.exposed', message: /HTTP_HOST/ });
    }
    for (const host of ['127.0.0.1', '::1', 'localhost']) await refuseExposedDemo(db, host);
    t.ok(session.token);
    t.equal((await login('office', 'a-test-password')).member.role, 'office', 'the office has one');
    t.equal(await shutOutDemoStaff(db), 9, 'a start with DEMO=false');
    await t.rejects(login('agent1', 'a-test-password'), { code: 'session.wrong_credentials' });
    t.equal(await shutOutDemoStaff(db), 0, 'another such start');
    await letInDemoStaff(db);
    t.ok((await login('agent1', 'a-test-password')).token, 'a demo again');
    await shutOutDemoStaff(db);
    await disableDemoStaff(db);
    await letInDemoStaff(db);
    await t.rejects(
      login('agent1', 'a-test-password'),
      { code: 'session.wrong_credentials' },
      'shut out for good',
    );
    await refuseExposedDemo(db, '0.0.0.0');
    await t.rejects(login('agent1', 'a-test-password'), { code: 'session.wrong_credentials' });
    const sessions = await db.selectFrom('staffSession').selectAll().execute();
    t.equal(sessions.length, 1, 'the demo sessions are over, the real one is not');
  });
});

void t.test(
  'wrong passwords from many addresses of one IPv6 network are counted together',
  async (t) => {
    const sealer = createSealer(Buffer.alloc(32));
    const database = await createTestDatabase();
    const { db } = database;
    t.teardown(() => database.drop());
    const tryFrom = (address: string, username = 'wang') =>
      logIn(db, clock, { username, password: 'wrong', userAgent: 'test', address }, sealer);
    for (let at = 1; at <= 5; at += 1) {
      await t.rejects(tryFrom(`2001:db8:1:2::${at}`), { code: 'session.wrong_credentials' });
    }
    await t.rejects(tryFrom('2001:db8:1:2::6'), { code: 'session.locked' });
    await t.rejects(tryFrom('2001:db8:1:3::1'), { code: 'session.wrong_credentials' });
    for (let at = 1; at <= 5; at += 1) {
      const address = at % 2 === 0 ? '192.0.2.1' : '::ffff:192.0.2.1';
      await t.rejects(tryFrom(address, 'li'), { code: 'session.wrong_credentials' });
    }
    await t.rejects(tryFrom('192.0.2.1', 'li'), { code: 'session.locked' });
  },
);

/** Without a terminal, so that the password is generated. */
function admin(url: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const program = path.join(import.meta.dirname, '../../scripts/admin.ts');
  const child = spawn(process.execPath, ['--import=tsx', program, ...args], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, output }));
  });
}
