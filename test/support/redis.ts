import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from './until.ts';
import { freePort } from '../../src/local/ports.ts';
import { connect } from 'node:net';

export interface TestRedis {
  url: string;
  /** Ends the server with what it holds, and begins again on the same port, that much later. */
  restart(awayMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Debian's redis-tools has the server too: it runs as one when it is called by that name. */
const program = '/usr/bin/redis-check-rdb';

/** A Redis of this test alone; a sentence that says why not when the machine has none. */
export async function startRedis(): Promise<TestRedis | string> {
  if (!existsSync(program)) return `${program} is missing; install redis-tools`;
  const dir = mkdtempSync(path.join(tmpdir(), 'lingting-redis-'));
  const port = await freePort();
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  args.push('--appendonly', 'yes', '--maxmemory-policy', 'noeviction');
  const start = async () => {
    const child = spawn(program, args, { argv0: 'redis-server', stdio: 'ignore' });
    await until('redis to answer', () => answers(port), { timeoutMs: 30_000 });
    return child;
  };
  let child = await start();
  const end = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    async restart(awayMs = 0) {
      await end();
      await delay(awayMs);
      child = await start();
    },
    async stop() {
      await end();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}
