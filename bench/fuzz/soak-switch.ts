import { spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, switchProgram } from '../../src/core/program.ts';
import { until } from '../../src/core/concurrency/wait.ts';
import { cleanEnvironment, isAlive, stopProcess } from '../../src/local/processes.ts';
import { defaultSipLimits, type SipLimits } from '../../src/switch/sip/index.ts';
import type { SwitchConfig } from '../../src/switch/index.ts';
import { memoryOf, rssOf, type Memory } from './soak-memory.ts';

/** What one address may do when the code behind the limits is to be reached. */
export const raised: SipLimits = {
  ...defaultSipLimits,
  callsPerSecond: 100_000,
  trunkCallsPerSecond: 100_000,
  liveCalls: 1000,
  unconfirmedCalls: 1000,
  connections: 2000,
  messagesPerSecond: 1_000_000,
  transactions: 1_000_000,
};

export interface SoakSwitch {
  readonly pid: number;
  readonly sipPort: number;
  readonly eslPort: number;
  readonly wsPort: number;
  readonly password: string;
  readonly dir: string;
  readonly isRunning: boolean;
  /** Megabytes. */
  rss(): number;
  memory(): Promise<Memory>;
  /** Lines of its log that are errors, since it was last asked. */
  errors(): string[];
  stop(): Promise<void>;
}

/** The embedded switch as `npm start` runs it: a process of its own, with its log in a file. */
export async function startSoakSwitch(limits: SipLimits): Promise<SoakSwitch> {
  const dir = mkdtempSync(path.join(tmpdir(), 'lingting-soak-'));
  const password = 'a-soaked-password';
  const from = 20_000 + 2 * Math.floor(Math.random() * 1000);
  const config: SwitchConfig = {
    sip: { host: '127.0.0.1', port: 0, domain: '127.0.0.1' },
    ws: { host: '127.0.0.1', port: 0 },
    limits,
    esl: { host: '127.0.0.1', port: 0, password },
    rtp: { host: '127.0.0.1', from, to: from + 5998, timeoutSec: 30 },
    hotlines: ['4000'],
    users: [],
    gateways: {},
    trunks: { here: { from: ['127.0.0.1'] } },
    maxSessions: 1000,
    readyFile: path.join(dir, 'ready.json'),
  };
  const file = path.join(dir, 'switch.json');
  writeFileSync(file, JSON.stringify(config));
  const log = path.join(dir, 'switch.log');
  const out = openSync(log, 'a');
  const options = { cwd: dir, env: cleanEnvironment(), stdio: ['ignore', out, out] as const };
  const program = switchProgram.map((one) =>
    one === 'tsx' ? path.join(root, 'node_modules/tsx/dist/loader.mjs') : one,
  );
  const child: ChildProcess = spawn(
    process.execPath,
    ['--inspect-port=0', ...program, '--config', file],
    {
      ...options,
      stdio: [...options.stdio],
    },
  );
  closeSync(out);
  // A machine that is busy with other things starts it late.
  const ready = await until('the switch to start', () => readyOf(config.readyFile), {
    timeoutMs: 300_000,
  }).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  const errors = errorsOf(log);
  return {
    ...{ ...ready, password, dir },
    get isRunning() {
      return child.exitCode === null && isAlive(ready.pid);
    },
    rss: () => rssOf(ready.pid),
    memory: () => memoryOf(ready.pid, log),
    errors,
    async stop() {
      await stopProcess(ready.pid, { signal: 'SIGTERM', limitMs: 20_000, lastSignal: 'SIGKILL' });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

interface Ready {
  pid: number;
  sipPort: number;
  eslPort: number;
  wsPort: number;
}

function readyOf(file: string): Ready | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Ready;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

const longestLine = 2000;
/** Up to warnings, and what Node says when its memory is asked for. */
const expected = /^\{"level":[1-4]0,|^Debugger |^For help, see: https:\/\/nodejs\.org/;

/** Reads what the log has grown by: lines of level error and above, and those that are none of the log. */
function errorsOf(log: string): () => string[] {
  let at = 0;
  let rest = '';
  return () => {
    const file = openSync(log, 'r');
    const found: string[] = [];
    const size = statSync(log).size;
    while (at < size) {
      const bytes = Buffer.alloc(Math.min(1_000_000, size - at));
      at += readSync(file, bytes, 0, bytes.length, at);
      const lines = (rest + bytes.toString()).split('\n');
      rest = lines.pop() ?? '';
      found.push(...lines.filter((line) => line.trim() !== '' && !expected.test(line)));
    }
    closeSync(file);
    return found.map((line) => line.slice(0, longestLine));
  };
}
