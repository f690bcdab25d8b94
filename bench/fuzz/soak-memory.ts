import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { until } from '../../src/core/concurrency/wait.ts';

/** Megabytes of a process. */
export interface Memory {
  /** As it was found. */
  rss: number;
  /** The same when the collector has run. */
  collected: number;
  /** What is in use of it: objects and buffers. */
  live: number;
}

interface Usage {
  heapUsed: number;
  external: number;
}

/**
 * Node's collector leaves garbage where it is while the machine has room, so that the resident size tells little of
 * what is kept. Any Node process opens its inspector on SIGUSR1, and collects when that asks it to.
 */
export async function memoryOf(pid: number, log: string): Promise<Memory> {
  const rss = rssOf(pid);
  const before = inspectorIn(log);
  if (before === undefined) process.kill(pid, 'SIGUSR1');
  const url = await until('the inspector of the switch', () => inspectorIn(log), {
    timeoutMs: 30_000,
  });
  const socket = new WebSocket(url);
  await once(socket, 'open');
  let asked = 0;
  const ask = async (method: string, params: object = {}): Promise<unknown> => {
    const id = (asked += 1);
    socket.send(JSON.stringify({ id, method, params }));
    for (;;) {
      const [data] = (await once(socket, 'message')) as [Buffer];
      const answer = JSON.parse(data.toString()) as { id?: number; result?: unknown };
      if (answer.id === id) return answer.result;
    }
  };
  await ask('HeapProfiler.enable');
  // What is let go in finalizers goes with the second.
  for (let turn = 0; turn < 2; turn += 1) await ask('HeapProfiler.collectGarbage');
  const expression = 'JSON.stringify(process.memoryUsage())';
  const answer = (await ask('Runtime.evaluate', { expression })) as { result: { value: string } };
  socket.close();
  const { heapUsed, external } = JSON.parse(answer.result.value) as Usage;
  return { rss, collected: rssOf(pid), live: (heapUsed + external) / 1024 / 1024 };
}

export function rssOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

function inspectorIn(log: string): string | undefined {
  return /^Debugger listening on (ws:\S+)$/m.exec(readFileSync(log, 'utf8'))?.[1];
}
