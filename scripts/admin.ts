/**
 * `npm run admin -- <username>` makes an administrator; the password is asked for, or generated and
 * shown once. `npm run admin -- --disable-demo` shuts out the demo accounts, `--remove-demo-history` throws the calls,
 * orders and campaigns away that the demo made up, `--make-demo-history` makes them anew, up to yesterday.
 */
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { loadConfig } from '../src/config/config.ts';
import { systemClock } from '../src/core/clock.ts';
import { AppError, messageOf } from '../src/core/errors.ts';
import { createLog } from '../src/core/log.ts';
import { migrate, openPool } from '../src/db/index.ts';
import { removeDemoHistory, renewDemoHistory } from '../src/demo/index.ts';
import { startPostgres } from '../src/local/postgres.ts';
import { shutOutTestPhones } from '../src/agents/desk/phones/test-phones.ts';
import { createAdministrator, disableDemoStaff } from '../src/organisation/index.ts';

const tell = (what: string): void => void process.stdout.write(`${what}\n`);
const [wish] = process.argv.slice(2);
const options = ['--disable-demo', '--remove-demo-history', '--make-demo-history'] as const;
if (wish === undefined || (wish.startsWith('-') && !options.some((one) => one === wish))) {
  const forms = ['<username>', ...options].map((form) => `npm run admin -- ${form}`);
  process.stderr.write(`用法 / usage: ${forms.join('\n              ')}\n`);
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
  } else if (wish === '--remove-demo-history') {
    const { calls, orders, campaigns } = await removeDemoHistory(db);
    tell(`已清除演示数据：${calls} 个通话、${orders} 张工单、${campaigns} 个外呼任务`);
    tell(`demo data is gone: ${calls} calls, ${orders} work orders, ${campaigns} campaigns`);
  } else if (wish === '--make-demo-history') {
    const switchNode = config.nodes[0]?.name ?? 'embedded';
    const days = config.isDemo
      ? await renewDemoHistory(db, { now: systemClock.now(), switchNode })
      : undefined;
    tell(
      days === undefined
        ? '没有演示小区或演示账号，未生成演示数据 / there are no demo estates or accounts; nothing was made'
        : `演示数据已生成：${days.from} 至 ${days.to} / demo data made: ${days.from} to ${days.to}`,
    );
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
