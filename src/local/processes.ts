import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { until } from '../core/concurrency/wait.ts';
import { ignoreMissing } from './files.ts';

/** Whether a process with this id runs; one that ended but was not yet collected does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // No /proc on this system, no file descriptor left, or the process ended in between: the signal has answered.
    return error instanceof Error;
  }
}

/** When a process began, in ticks since the machine started; undefined where the system does not tell. */
export function birthOf(pid: number): string | undefined {
  const stat = ignoreMissing(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name and may hold blanks and brackets.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** What a program of ours needs of the environment. Passwords and addresses of the service stay with it. */
export function cleanEnvironment(env = process.env): NodeJS.ProcessEnv {
  const needed = ['PATH', 'TZ', 'LANG', 'LC_ALL', 'TMPDIR', 'NODE_ENV', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(needed.flatMap((name) => (name in env ? [[name, env[name]]] : [])));
}

export interface StopOptions {
  signal: NodeJS.Signals;
  limitMs: number;
  lastSignal: NodeJS.Signals;
}

/** Asks a process to end, insists after the limit, and resolves when it is gone. */
export async function stopProcess(pid: number, options: StopOptions): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, options.signal);
  const gone = () => !isAlive(pid);
  const ended = await until(`process ${pid} to end`, gone, { timeoutMs: options.limitMs }).catch(
    () => false,
  );
  if (ended || !isAlive(pid)) return;
  process.kill(pid, options.lastSignal);
  await until(`process ${pid} to end`, gone, { timeoutMs: 10_000 });
}

export interface RunOptions {
  env: NodeJS.ProcessEnv;
  cwd: string;
  limitMs: number;
}

/** Runs a program to its end and gives what it printed; code -1 when it could not run at all. */
export function runToEnd(
  [program, ...args]: [string, ...string[]],
  { env, cwd, limitMs }: RunOptions,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, cwd, timeout: limitMs });
    let output = '';
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-20_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? -1, output }));
  });
}
