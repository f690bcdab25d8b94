import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { until } from '../core/wait.ts';

/** Whether a process with this id runs; one that ended but was not yet collected does not count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // No /proc on this system, or the process ended in between: the signal already answered.
    return true;
  }
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
