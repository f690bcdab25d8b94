/**
 * Runs test files, each in a process of its own: `npm test`, or `npm test -- unit call/hotline test/unit/rtp.test.ts …`.
 * One Postgres serves all of them. `--seed=<n>` repeats an order; `--jobs=<n>` sets how many at once.
 * Says at the end how long each part took, then `N passed, N failed`; the exit code is 0 only when nothing failed.
 * A file has a TMPDIR of its own, and takes along what it started when it ends. With CI=true a program that tests
 * need and that is not installed is a failure; elsewhere they are left out and say so.
 */
import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { silentLog } from '../src/core/log.ts';
import { startPostgres } from '../src/local/postgres.ts';
import { endLeftovers } from './support/leftovers.ts';
import { isMeant } from './support/wanted.ts';
import { buildWeb, missingPrograms, serviceProgram } from './support/program.ts';

const root = path.dirname(import.meta.filename);
const suites = ['unit', 'service', 'call', 'switch-conformance', 'browser'] as const;
/** Run when they are named: they take minutes. */
const longSuites = ['trouble'] as const;
const fileLimitMs = 420_000;
/** A file that failed and has told nothing for so long, longer than any wait in a test, is at its end. */
const failedAndSilentMs = 75_000;

interface Result {
  file: string;
  passed: number;
  failed: number;
  output: string;
  seconds: number;
}

const options = process.argv.slice(2).filter((one) => one.startsWith('--'));
const wanted = process.argv.slice(2).filter((one) => !one.startsWith('--'));
const seed = Number(option('seed') ?? Date.now() % 100_000);
const jobs = Number(option('jobs') ?? 3);
const began = Date.now();
/** Where tsx keeps it, in the folder for temporary files of whoever starts it. */
const tsxCache = path.join(tmpdir(), `tsx-${process.geteuid?.() ?? userInfo().username}`);

function option(name: string): string | undefined {
  return options.find((one) => one.startsWith(`--${name}=`))?.split('=')[1];
}

function testFiles(): string[] {
  return [...suites, ...(wanted.length > 0 ? longSuites : [])]
    .flatMap((suite) => {
      try {
        return readdirSync(path.join(root, suite)).map((name) => path.join(root, suite, name));
      } catch {
        return [];
      }
    })
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => wanted.length === 0 || wanted.some((one) => isMeant(nameOf(file), one)));
}

function nameOf(file: string): string {
  return path.relative(root, file);
}

/** The same seed gives the same order. */
function shuffled<T>(items: readonly T[], from: number): T[] {
  let state = from + 1;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

function runFile(file: string, env: NodeJS.ProcessEnv): Promise<Result> {
  const began = Date.now();
  const name = path.relative(root, file).replaceAll(path.sep, '-').replace('.test.ts', '');
  const serviceLog = path.join(dataDir, `${name}.log`);
  const own = path.join(dataDir, `${name}.tmp`);
  mkdirSync(own);
  // What tsx has made of the sources serves every file, and the programs that it starts.
  mkdirSync(tsxCache, { recursive: true });
  symlinkSync(tsxCache, path.join(own, path.basename(tsxCache)));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      env: { ...env, TEST_SERVICE_LOG: serviceLog, TMPDIR: own },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let afterwards: NodeJS.Timeout | undefined;
    const stop = () => {
      output += `\nstopped after ${Math.round((Date.now() - began) / 1000)} s\n`;
      child.kill('SIGKILL');
      endLeftovers(own);
    };
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
      // A test that failed in the middle leaves telephones open, which hold the process.
      clearTimeout(afterwards);
      if (/^not ok/m.test(output)) afterwards = setTimeout(stop, failedAndSilentMs);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const timer = setTimeout(stop, fileLimitMs);
    child.on('close', (code) => {
      clearTimeout(timer);
      clearTimeout(afterwards);
      const left = endLeftovers(own);
      if (left > 0) {
        output += `\n${left} processes of this file were still running and were ended\n`;
      }
      rmSync(own, { recursive: true, force: true });
      // Each test of tap ends in a line with its time; assertions have none.
      const passed = [...output.matchAll(/^\s*ok \d+ - .* # time=/gm)].length;
      // A file may be for another switch, or need a program that is not there; it says so.
      const isLeftOut = /^ok \d+ - .* # SKIP/m.test(output);
      const failed = [...output.matchAll(/^\s*not ok \d+ - .* # time=/gm)].length;
      resolve({
        file: path.relative(root, file),
        passed,
        failed: failed === 0 && (code !== 0 || (passed === 0 && !isLeftOut)) ? 1 : failed,
        output: failed === 0 ? output : output + lastWords(serviceLog),
        seconds: (Date.now() - began) / 1000,
      });
    });
  });
}

/** What the service of a failed file said at last. */
function lastWords(serviceLog: string): string {
  if (!existsSync(serviceLog)) return '';
  const lines = readFileSync(serviceLog, 'utf8').split('\n').slice(-150);
  return `\nthe service said:\n${lines.join('\n')}`;
}

/** Once for all: two services that begin with an empty cache would each speak everything. */
function renderPrompts(): Promise<void> {
  const program = path.join(root, '../scripts/prompts.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, DATA_DIR: dataDir, PROMPTS_DIR: env.TEST_PROMPTS_DIR },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve) => child.on('close', () => resolve()));
}

const missing = missingPrograms();
if (process.env['CI'] === 'true' && missing.length > 0) {
  process.stdout.write(
    `not installed, and needed with CI=true: ${missing.join(', ')}\n0 passed, 1 failed\n`,
  );
  process.exit(1);
}
const strange = wanted.filter((one) => !testFiles().some((file) => isMeant(nameOf(file), one)));
if (strange.length > 0) {
  process.stdout.write(
    `no test file is called ${strange.join(', ')}; name a part or a file: unit, call/hotline, test/unit/rtp.test.ts\n0 passed, 1 failed\n`,
  );
  process.exit(1);
}
serviceProgram();
if (testFiles().some((file) => nameOf(file).startsWith('browser'))) buildWeb();
const dataDir = mkdtempSync(path.join(tmpdir(), 'lingting-tests-'));
const postgres =
  process.env['TEST_POSTGRES_URL'] === undefined
    ? await startPostgres({ dataDir, log: silentLog(), isDurable: false })
    : undefined;
const env = {
  ...process.env,
  TEST_POSTGRES_URL: process.env['TEST_POSTGRES_URL'] ?? postgres?.url,
  TEST_BUILT: 'true',
  TAP_TIMEOUT: String(fileLimitMs / 1000),
  TEST_PROMPTS_DIR: process.env['TEST_PROMPTS_DIR'] ?? path.join(dataDir, 'prompts'),
};
// Telephones and browsers need a processor each: two such files at once, beside them short ones.
const isHeavy = (file: string) => /^(call|browser)\b/.test(path.relative(root, file));
const maxHeavy = Math.max(1, jobs - 1);
// What takes long comes first, so that nothing long is left for one processor at the end.
const rank = (file: string) =>
  ['browser', 'call', 'trouble', 'switch-conformance', 'service', 'unit'].indexOf(
    path.relative(root, file).split(path.sep)[0] ?? '',
  );
const queue = shuffled(testFiles(), seed).sort((a, b) => rank(a) - rank(b));
if (queue.some((file) => !file.includes(`${path.sep}unit${path.sep}`))) await renderPrompts();
process.stdout.write(`${queue.length} test files, --seed=${seed}\n`);
const results: Result[] = [];
let heavy = 0;
function nextFile(): string | undefined {
  const fits = (file: string) => isHeavy(file) === heavy < maxHeavy;
  const at = queue.findIndex(fits);
  return queue.splice(Math.max(0, at), 1)[0];
}
async function worker(): Promise<void> {
  for (let file = nextFile(); file !== undefined; file = nextFile()) {
    if (isHeavy(file)) heavy += 1;
    const result = await runFile(file, env);
    if (isHeavy(file)) heavy -= 1;
    results.push(result);
    const mark = result.failed === 0 ? 'ok  ' : 'FAIL';
    process.stdout.write(
      `${mark} ${result.file}  ${result.passed} passed, ${result.failed} failed, ${result.seconds.toFixed(1)} s\n`,
    );
    if (result.failed > 0) process.stdout.write(`${result.output}\n`);
    else {
      for (const [, what = ''] of result.output.matchAll(/^\s*ok \d+ - (.* # SKIP.*)/gm)) {
        process.stdout.write(`     left out: ${what}\n`);
      }
    }
  }
}
await Promise.all(Array.from({ length: jobs }, worker));
await postgres?.stop();
rmSync(dataDir, { recursive: true, force: true });
const sum = (key: 'passed' | 'failed') => results.reduce((total, one) => total + one[key], 0);
for (const suite of [...suites, ...longSuites]) {
  const files = results.filter(({ file }) => file.startsWith(`${suite}${path.sep}`));
  const seconds = files.reduce((total, one) => total + one.seconds, 0);
  if (files.length === 0) continue;
  process.stdout.write(`${suite}: ${files.length} files, ${seconds.toFixed(0)} s\n`);
}
process.stdout.write(`all parts: ${((Date.now() - began) / 1000).toFixed(0)} s\n`);
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);
process.exit(sum('failed') === 0 && results.length > 0 ? 0 : 1);
