/**
 * `npm run admin -- <username>` makes an administrator; the password is asked for, or generated and
 * shown once. `npm run admin -- --disable-demo` shuts out the demo accounts.
 */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { loadConfig } from '../src/config.ts';
import { systemClock } from '../src/core/clock.ts';
import { AppError, messageOf } from '../src/core/errors.ts';
import { createLog } from '../src/core/log.ts';
import { migrate, openPool } from '../src/db/index.ts';
import { startPostgres } from '../src/local/postgres.ts';
import { shutOutTestPhones } from '../src/agents/phones/test-phones.ts';
import { createAdministrator, disableDemoStaff } from '../src/staff/index.ts';

const tell = (what: string): void => void process.stdout.write(`${what}\n`);
const [wish] = process.argv.slice(2);
if (wish === undefined || (wish.startsWith('-') && wish !== '--disable-demo')) {
  process.stderr.write(
    '用法 / usage: npm run admin -- <username>\n              npm run admin -- --disable-demo\n',
  );
  process.exit(2);
}

const config = loadConfig();
const log = createLog({ ...config.log, level: 'warn' });
const postgres =
  config.databaseUrl === undefined
    ? await startPostgres({ dataDir: config.dataDir, log })
    : undefined;
const db = openPool({ url: config.databaseUrl ?? postgres?.url ?? '', max: 2, log });
try {
  await migrate(db);
  if (wish === '--disable-demo') {
    const count = await disableDemoStaff(db);
    await shutOutTestPhones(db, systemClock);
    tell(`已停用 ${count} 个演示账号 / ${count} demo accounts are shut out`);
  } else {
    const asked = await askPassword();
    const password = asked === '' ? randomBytes(12).toString('base64url') : asked;
    await createAdministrator(db, systemClock, { username: wish, password });
    tell(`管理员 ${wish} 已创建 / the administrator ${wish} is made`);
    if (asked === '') {
      tell(`密码（仅显示这一次） / password (shown this once): ${password}`);
    }
  }
} catch (error) {
  process.stderr.write(`${error instanceof AppError ? messageOf(error) : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await db.destroy();
  // One that a running service uses stays.
  if (postgres?.wasRunning === false) await postgres.stop();
}

/** Without echo; empty, and without a terminal, one is generated. */
async function askPassword(): Promise<string> {
  if (!process.stdin.isTTY) return '';
  process.stdout.write('密码（回车则自动生成） / password (Enter: generate one): ');
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: mute, terminal: true });
  const answer = await new Promise<string>((resolve) => reader.question('', resolve));
  reader.close();
  tell('');
  return answer;
}
