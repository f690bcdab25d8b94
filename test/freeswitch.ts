/**
 * Runs call, trouble and conformance tests on a real FreeSWITCH with the product's own configuration:
 * `npm run test:freeswitch`, or `npm run test:freeswitch -- call/hotline …`. FREESWITCH_BIN names the
 * program (`freeswitch`); a configuration, a log and a database of its own are made for the run.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startFreeswitch } from './support/freeswitch.ts';

const args = process.argv.slice(2);
const isNamed = args.some((one) => !one.startsWith('--'));
const suites = isNamed ? [] : ['call', 'switch-conformance', 'trouble'];

const freeswitch = await startFreeswitch({ change: logAll });
process.stdout.write(`${freeswitch.version}\n`);
const code = await runTests();
if (code !== 0 && existsSync(freeswitch.logFile)) {
  const kept = path.join(tmpdir(), 'lingting-freeswitch.log');
  cpSync(freeswitch.logFile, kept);
  process.stdout.write(`the log of FreeSWITCH is in ${kept}\n`);
}
await freeswitch.stop();
process.exit(code);

/** FREESWITCH_LOG=1 keeps every line of its log. */
function logAll(conf: string): void {
  if (process.env['FREESWITCH_LOG'] === undefined) return;
  for (const [name, from, to] of [
    ['switch', 'name="loglevel" value="warning"', 'name="loglevel" value="debug"'],
    ['logfile', 'value="warning,err,crit,alert"', 'value="all"'],
  ] as const) {
    const file = path.join(conf, `autoload_configs/${name}.conf.xml`);
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
  }
}

function runTests(): Promise<number> {
  const program = path.join(import.meta.dirname, 'run.ts');
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', program, '--jobs=1', ...suites, ...args],
    { stdio: 'inherit', env: { ...process.env, ...freeswitch.env } },
  );
  return new Promise((resolve) => child.on('close', (status) => resolve(status ?? 1)));
}
