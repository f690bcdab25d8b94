import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { QueueSettings } from '../../src/contract/agents/queues.ts';
import { newId } from '../../src/core/ids.ts';
import { tokenHash } from '../../src/organisation/accounts/accounts.ts';
import { startService, type Service } from '../../test/support/service.ts';
import { cpuMs } from '../cpu.ts';
import { until } from '../../src/core/concurrency/wait.ts';

export interface BenchAgent {
  staffId: string;
  /** Of their desk telephone, behind the trunk. */
  number: string;
  token: string;
}

/** A service with agents at desk telephones, each with an open screen. */
export interface BenchFloor {
  service: Service;
  agents: readonly BenchAgent[];
  queueId: string;
  /** Callers whom the records know, each with a home. */
  numbers: readonly string[];
  /** Frames that came to the agents' websockets. */
  readonly frames: number;
  setPresence(agent: BenchAgent, presence: 'available' | 'break'): Promise<void>;
  /** Seats, screens and queue again after a restart of the service. */
  openScreens(): Promise<void>;
  /** Resident memory of the service, in MB. */
  memoryMb(): number;
  close(): Promise<void>;
}

/** @param trunkPort where the agents' telephones are. */
export async function openFloor(options: {
  agents: number;
  trunkPort: number;
  queue: Partial<QueueSettings>;
  tell: (what: string) => void;
}): Promise<BenchFloor> {
  const service = await startService({
    ...{ TRUNKS: `trunk=127.0.0.1:${options.trunkPort}`, LOG_LEVEL: 'warn' },
    // The telephones of the bench send no audio; that they are there is told by SIP.
    RTP_TIMEOUT_SEC: '3600',
    // All callers and telephones of the bench have one address.
    ...{ SIP_TRUNK_CALLS_PER_SECOND: '2000', SIP_MESSAGES_PER_SECOND: '100000' },
    SIP_TRANSACTIONS: '50000',
  });
  const { db } = service.database;
  const model = await db
    .selectFrom('staff')
    .select('passwordHash')
    .where('username', '=', 'agent1')
    .executeTakeFirstOrThrow();
  const agents: BenchAgent[] = [];
  for (let at = 1; at <= options.agents; at += 1) {
    const name = `bench${String(at).padStart(3, '0')}`;
    const staffId = newId();
    await db
      .insertInto('staff')
      .values({ id: staffId, username: name, displayName: name, role: 'agent', ...model })
      .execute();
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(Date.now() + 86_400_000);
    await db
      .insertInto('staffSession')
      .values({
        ...{ id: newId(), staffId, tokenHash: tokenHash(token), expiresAt },
        ...{ userAgent: 'bench', address: '127.0.0.1' },
      })
      .execute();
    agents.push({ staffId, number: `8${String(at).padStart(3, '0')}`, token });
  }
  const ask = async (path: string, method: string, body: unknown, token: string) => {
    // The API takes twenty requests a second from one address.
    await delay(55);
    const reply = await service.api(path, { token, method, body });
    if (!reply.ok) throw new Error(`${method} ${path}: ${await reply.text()}`);
  };
  const admin = await service.token();
  const queues = (await (await service.api('/queues', { token: admin })).json()) as {
    items: { queueId: string; code: string }[];
  };
  const queueId = queues.items.find((one) => one.code === 'general')?.queueId ?? '';
  await ask(`/queues/${queueId}`, 'PATCH', options.queue, admin);
  const staffIds = agents.map((one) => one.staffId);
  await ask(`/queues/${queueId}/members`, 'PUT', { staffIds }, admin);
  options.tell(`${agents.length} agents sit down`);
  for (const { number, token } of agents) {
    await ask('/agents/me/session', 'POST', { phone: 'outside', number }, token);
  }
  const phones = await db
    .selectFrom('personPhone')
    .select('number')
    .orderBy('number')
    .limit(2000)
    .execute();
  let sockets: WebSocket[] = [];
  let frames = 0;
  const self: BenchFloor = {
    ...{ service, agents, queueId },
    numbers: phones.map((one) => one.number).filter((number) => /^1\d{10}$/.test(number)),
    get frames() {
      return frames;
    },
    setPresence: (agent, presence) =>
      ask(
        '/agents/me/presence',
        'PUT',
        presence === 'break' ? { presence, reason: 'training' } : { presence },
        agent.token,
      ),
    async openScreens() {
      for (const socket of sockets) socket.terminate();
      sockets = await Promise.all(
        agents.map(async ({ token }) => {
          const socket = new WebSocket(`ws://127.0.0.1:${service.httpPort}/api/v1/events`, {
            headers: { authorization: `Bearer ${token}` },
          });
          const beat = setInterval(() => socket.send('{"type":"beat"}'), 20_000);
          socket.on('close', () => clearInterval(beat));
          socket.on('error', () => undefined);
          await new Promise<void>((resolve) => {
            socket.on('message', () => {
              frames += 1;
              resolve();
            });
          });
          return socket;
        }),
      );
    },
    memoryMb() {
      const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
    },
    async close() {
      for (const socket of sockets) socket.terminate();
      await service.stop();
    },
  };
  await self.openScreens();
  options.tell('waiting for the announcements that are rendered after the start');
  await until('the service to rest', () => isIdle(service.pid), { timeoutMs: 180_000 });
  return self;
}

/** Whether it used less than 5 % of a core in a second. */
async function isIdle(pid: number): Promise<boolean> {
  const before = cpuMs(pid);
  await delay(1000);
  return cpuMs(pid) - before < 50;
}
