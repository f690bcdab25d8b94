import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { handleJobs } from '../../src/app/job-handlers.ts';
import { openBackbone, type Backbone } from '../../src/backbone.ts';
import type { MemoryBoard } from '../../src/agents/index.ts';
import { openApi } from '../../src/api/index.ts';
import type { ApiParts } from '../../src/api/api.types.ts';
import type { RealtimeLimits } from '../../src/api/realtime/hub.ts';
import type { ServerMessage } from '../../src/contract/agents/realtime.ts';
import { systemClock, type Clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Pool } from '../../src/db/index.ts';
import { until } from './until.ts';
import { seedDemo } from '../../src/property/index.ts';
import { seedDemoStaff } from '../../src/organisation/index.ts';
import { apiParts } from './api-parts.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export const apiPassword = 'a-test-password';

/** The API alone, with a real database and the demo's people, and no telephone behind it. */
export interface TestApi {
  readonly database: TestDatabase;
  readonly board: MemoryBoard;
  /** Open, but not started: a test that needs jobs or events told starts it. */
  readonly backbone: Backbone;
  readonly port: number;
  request(
    where: string,
    options?: { as?: string; token?: string; method?: string; body?: unknown; key?: string },
  ): Promise<{ status: number; body: never; headers: Headers }>;
  token(username: string): Promise<string>;
  /** Their session is over: they log in anew. */
  forget(username: string): void;
  staffId(username: string): Promise<string>;
  /** Listens to the events as that person. */
  listen(username: string, query?: string): Promise<Screen>;
  close(): Promise<void>;
}

/** A screen that is connected. */
export interface Screen {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[];
  readonly beats: number;
  readonly closeCode: number | undefined;
  /** The first message from now on or before that fits. */
  message<Type extends ServerMessage['type']>(
    type: Type,
    fits?: (message: Extract<ServerMessage, { type: Type }>) => boolean,
  ): Promise<Extract<ServerMessage, { type: Type }>>;
  close(): void;
}

export async function startApi({
  history,
  screens: limits,
  ...extra
}: { clock?: Clock; limits?: ApiParts['limits']; screens?: Partial<RealtimeLimits> } & {
  /** Writes what happened before this start. */
  history?: (db: Pool) => Promise<void>;
} = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const { db } = database;
  const log = silentLog();
  const clock = extra.clock ?? systemClock;
  const dir = mkdtempSync(path.join(tmpdir(), 'lingting-api-'));
  await seedDemo(db, clock.now());
  await seedDemoStaff(db, apiPassword);
  const backbone = await openBackbone({
    db,
    databaseUrl: database.url,
    redisUrl: undefined,
    log,
  });
  handleJobs(backbone.jobs, { db, clock, log });
  await history?.(db);
  const made = await apiParts({ db, clock, backbone, recordingsDir: dir });
  const { board, agents, parts, wings } = made;
  const api = await openApi({ ...parts, ...extra, screens: { ...parts.screens, limits } }, wings, {
    host: '127.0.0.1',
    port: 0,
    trustedProxies: ['loopback'],
    names: ['hotline.example.com'],
  });
  const tokens = new Map<string, string>();
  const screens = new Set<Screen>();
  const base = `127.0.0.1:${api.port}/api/v1`;
  const self: TestApi = {
    database,
    board,
    backbone,
    port: api.port,
    async request(where, { as, token, method = 'GET', body, key } = {}) {
      const bearer = token ?? (as === undefined ? undefined : await self.token(as));
      const reply = await fetch(`http://${base}${where}`, {
        method,
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await reply.text();
      return {
        status: reply.status,
        body: (text === '' ? {} : JSON.parse(text)) as never,
        headers: reply.headers,
      };
    },
    forget: (username) => void tokens.delete(username),
    async token(username) {
      const known = tokens.get(username);
      if (known !== undefined) return known;
      const { status, body } = await self.request('/session', {
        method: 'POST',
        body: { username, password: apiPassword },
      });
      if (status !== 201) throw new Error(`log-in of ${username}: ${JSON.stringify(body)}`);
      const { token } = body as { token: string };
      tokens.set(username, token);
      return token;
    },
    async staffId(username) {
      const row = await db
        .selectFrom('staff')
        .select('id')
        .where('username', '=', username)
        .executeTakeFirstOrThrow();
      return row.id;
    },
    async listen(username, query = '') {
      const token = await self.token(username);
      const socket = new WebSocket(`ws://${base}/events${query}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const screen = watch(socket);
      screens.add(screen);
      await new Promise((resolve, reject) => {
        socket.once('open', resolve);
        socket.once('error', reject);
      });
      return screen;
    },
    async close() {
      for (const screen of screens) screen.socket.terminate();
      await api.close();
      agents.stop();
      await backbone.close();
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return self;
}

function watch(socket: WebSocket): Screen {
  const messages: ServerMessage[] = [];
  let beats = 0;
  let closeCode: number | undefined;
  socket.on('message', (data: Buffer) => {
    const said = JSON.parse(data.toString()) as ServerMessage | { type: 'beat' };
    if (said.type === 'beat') beats += 1;
    else messages.push(said);
  });
  socket.on('close', (code) => {
    closeCode = code;
  });
  return {
    socket,
    messages,
    get beats() {
      return beats;
    },
    get closeCode() {
      return closeCode;
    },
    message: (type, fits = () => true) =>
      until(`a message ${type}; got ${messages.map((one) => one.type).join(' ')}`, () =>
        messages.find(
          (one): one is Extract<ServerMessage, { type: typeof type }> =>
            one.type === type && fits(one as Extract<ServerMessage, { type: typeof type }>),
        ),
      ),
    close: () => socket.close(),
  };
}
