import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from './until.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { testPort } from './ports.ts';
import { serviceProgram } from './program.ts';

/** The product as its operator runs it: the real program, a real database, a real switch. */
export interface Service {
  readonly database: TestDatabase;
  readonly httpPort: number;
  readonly sipPort: number;
  /** SIP over WebSocket. */
  readonly wsPort: number;
  readonly dataDir: string;
  readonly output: string;
  readonly pid: number;
  api(
    path: string,
    options?: { token?: string; method?: string; body?: unknown; range?: string },
  ): Promise<Response>;
  token(username?: string): Promise<string>;
  /** kill -9 and a new start; the switch and its calls live on. */
  kill(): Promise<void>;
  /** An orderly end, as by Ctrl-C. */
  end(): Promise<void>;
  /** With other settings, if any are given. */
  start(changed?: Readonly<Record<string, string>>): Promise<void>;
  /** A second service on the same database, data folder and switch: somebody's mistake, or a standby. */
  twin(): Promise<Service>;
  stop(): Promise<void>;
  /** What the embedded switch has logged. */
  switchLog(): string;
  /** To be closed when the service stops, whether or not the test got that far. */
  readonly callers: Set<{ close(): Promise<void> }>;
}

export const password = 'a-test-password';
const freeswitch = process.env['FREESWITCH_ESL'];

export async function startService(
  extra: Record<string, string> = {},
  /** For a switch that the test started itself and that ESL_URLS names. */
  other: { sipPort?: number; mayStandBy?: boolean; twinOf?: Service; dataDir?: string } = {},
): Promise<Service> {
  const { twinOf } = other;
  const program = serviceProgram();
  const database = twinOf?.database ?? (await createTestDatabase());
  const dataDir =
    twinOf?.dataDir ?? other.dataDir ?? mkdtempSync(path.join(tmpdir(), '聆听 test '));
  const shared = process.env['TEST_PROMPTS_DIR'];
  if (shared !== undefined && twinOf === undefined) {
    mkdirSync(shared, { recursive: true });
    symlinkSync(shared, path.join(dataDir, 'prompts'));
  }
  // A FreeSWITCH asks the directory at one address; a second service beside the first has its own.
  const fixedApi = other.mayStandBy === true ? undefined : process.env['FREESWITCH_API'];
  const [httpPort, sipPort, wsPort, eslPort] = await Promise.all([
    fixedApi === undefined ? testPort() : Number(fixedApi),
    testPort(),
    freeswitch === undefined ? testPort() : Number(process.env['FREESWITCH_WS']),
    testPort(),
  ]);
  const firstRtp = 20_000 + 2 * Math.floor(Math.random() * 4000);
  const env = {
    ...process.env,
    HTTP_PORT: String(httpPort),
    SIP_PORT: String(sipPort),
    SIP_WS_PORT: String(wsPort),
    ESL_PORT: String(eslPort),
    RTP_PORTS: `${firstRtp}-${firstRtp + 1998}`,
    RTP_TIMEOUT_SEC: '5',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    DEMO_PASSWORD: password,
    DRAIN_SEC: '0',
    // Tests name their carriers; one that wants the demo's own trunk asks for it.
    DEMO_TRUNK: 'false',
    // They count what they make themselves.
    DEMO_HISTORY: 'false',
    // They call from this machine, also where they name a carrier.
    DEMO_PHONES: 'true',
    // On a loaded machine a service needs long to start anew; tests of the apology set their own.
    DEAD_MAN_SEC: '90',
    LOG_FORMAT: 'json',
    // The same tests on a real FreeSWITCH: its event socket, and below its SIP port.
    ...(freeswitch === undefined ? {} : { ESL_URLS: freeswitch }),
    ...extra,
  };
  let child: ChildProcess | undefined;
  let output = '';
  const tokens = new Map<string, Promise<string>>();
  const base = `http://127.0.0.1:${httpPort}/api/v1`;
  const api: Service['api'] = (where, { token, method = 'GET', body, range } = {}) =>
    fetch(base + where, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(range === undefined ? {} : { range }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const logIn = async (username: string) => {
    const reply = await api('/session', { method: 'POST', body: { username, password } });
    if (!reply.ok) throw new Error(`log-in of ${username}: ${await reply.text()}`);
    return ((await reply.json()) as { token: string }).token;
  };
  const end = async (signal: NodeJS.Signals) => {
    const ending = child;
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) return;
    const closed = new Promise((resolve) => ending.once('exit', resolve));
    ending.kill(signal);
    await closed;
  };
  const start = async (changed: Readonly<Record<string, string>> = {}) => {
    const started = spawn(process.execPath, program, {
      env: { ...env, ...changed },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const log = process.env['TEST_SERVICE_LOG'];
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
      if (log !== undefined) appendFileSync(log, chunk);
    };
    started.stdout.on('data', keep);
    started.stderr.on('data', keep);
    await until(
      'the service to be healthy',
      async () => {
        if (started.exitCode !== null) throw new Error(`the service ended:\n${output}`);
        return api('/health').then(
          (reply) => reply.status === 200 || other.mayStandBy === true,
          () => false,
        );
      },
      { timeoutMs: 120_000, everyMs: 50 },
    ).catch(async (error: unknown) => {
      // A service that nobody will stop would keep the whole test waiting.
      await end('SIGKILL');
      throw error;
    });
  };
  await start();
  const callers: Service['callers'] = new Set();
  const self: Service = {
    database,
    httpPort,
    wsPort,
    callers,
    sipPort:
      other.sipPort ??
      (freeswitch === undefined ? sipPort : Number(process.env['FREESWITCH_SIP'] ?? 5060)),
    dataDir,
    get output() {
      return output;
    },
    get pid() {
      return child?.pid ?? 0;
    },
    api,
    token(username = 'admin') {
      // One log-in each, also of many who ask at once: the API allows only so many a minute.
      const known = tokens.get(username) ?? logIn(username);
      tokens.set(username, known);
      return known;
    },
    kill: () => end('SIGKILL'),
    end: () => end('SIGTERM'),
    start,
    twin() {
      return startService(extra, { ...other, mayStandBy: true, twinOf: self });
    },
    switchLog: () => readFileSync(path.join(dataDir, 'switch', 'switch.log'), 'utf8'),
    async stop() {
      await Promise.all([...callers].map((one) => one.close()));
      await end('SIGTERM');
      if (twinOf !== undefined) return;
      await killSwitch(dataDir);
      await database.drop();
      if (other.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return self;
}

/** A service that was killed leaves its switch behind; the test does not. */
function killSwitch(dataDir: string): Promise<void> {
  try {
    const text = readFileSync(path.join(dataDir, 'switch', 'ready.json'), 'utf8');
    process.kill((JSON.parse(text) as { pid: number }).pid, 'SIGKILL');
  } catch {
    // It has ended with the service.
  }
  return Promise.resolve();
}
