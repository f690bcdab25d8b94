import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { AppError } from '../core/errors.ts';
import { parseJson } from '../core/json.ts';
import type { Log } from '../core/log.ts';
import { root, switchProgram } from '../core/program.ts';
import { until } from '../core/concurrency/wait.ts';
import { ignoreMissing } from './files.ts';
import { checkPort } from './ports.ts';
import { Keeper } from './keeper.ts';
import { cleanEnvironment, isAlive, stopProcess } from './processes.ts';

export interface LocalSwitchOptions {
  dataDir: string;
  sip: {
    host: string;
    port: number;
    tls: { port: number; certFile: string; keyFile: string } | undefined;
    srtp: 'off' | 'offered' | 'required';
    origins: readonly string[];
    maxSessions: number;
    /** What one address may do; see docs/settings.md. */
    limits: Readonly<Record<string, number>>;
    eventSocketLimits: Readonly<Record<string, number>>;
  };
  esl: { host: string; port: number };
  ws: { host: string; port: number; url: string | undefined };
  http: { trustedProxies: readonly string[]; names: readonly string[] | undefined };
  rtp: { host: string; from: number; to: number; timeoutMs: number; unheardMs: number };
  /** Where the switch asks who may register; see docs/protocol/directory.md. */
  directory?: { url: string; credentials?: string };
  hotlines: readonly string[];
  /** Those with an address become gateways. */
  trunks: readonly {
    name: string;
    address: { host: string; port: number; username?: string; password?: string } | undefined;
  }[];
  /** By a trunk's name: addresses and networks whose calls may come with anybody's number. */
  trunkSources: Readonly<Record<string, readonly string[]>>;
  /** The gateway behind which there are the demo's telephones and no carrier. */
  testTrunk: string | undefined;
  log: Log;
}

export interface LocalSwitch {
  readonly password: string;
  readonly eslPort: number;
  readonly sipPort: number;
  /** It was already running, with its calls. */
  readonly wasRunning: boolean;
  /** Ends it; one that another service uses too is left alone. */
  stop(isLast?: boolean): Promise<void>;
}

interface Ready {
  pid: number;
  sipPort: number;
  eslPort: number;
  wsPort?: number;
}

/**
 * Starts the embedded switch as a process that outlives us, or finds the one of our predecessor. One that dies
 * is started again at once, on the same ports; its calls are gone, which `cti` sees when it connects anew.
 */
export async function startSwitch(options: LocalSwitchOptions): Promise<LocalSwitch> {
  const { ready, password, wasRunning } = await findOrLaunch(options);
  const { sip, esl, ws } = options;
  const samePorts: LocalSwitchOptions = {
    ...options,
    sip: { ...sip, port: ready.sipPort },
    esl: { ...esl, port: ready.eslPort },
    ws: { ...ws, port: ready.wsPort ?? ws.port },
  };
  const keeper = new Keeper({
    name: 'switch',
    pid: ready.pid,
    start: async () => (await findOrLaunch(samePorts)).ready.pid,
    log: options.log,
  });
  return {
    password,
    sipPort: ready.sipPort,
    eslPort: ready.eslPort,
    wasRunning,
    async stop(isLast = true) {
      await keeper.stop();
      if (!isLast) return;
      await stopProcess(keeper.pid, { signal: 'SIGTERM', limitMs: 5000, lastSignal: 'SIGKILL' });
    },
  };
}

interface Found {
  ready: Ready;
  password: string;
  wasRunning: boolean;
}

async function findOrLaunch(options: LocalSwitchOptions): Promise<Found> {
  const folder = path.join(options.dataDir, 'switch');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const configFile = path.join(folder, 'switch.json');
  const readyFile = path.join(folder, 'ready.json');
  const before = readSettings(configFile);
  const password = passwordOf(before);
  const now = settings(options, password, readyFile);
  writeFileSync(configFile, JSON.stringify(now, null, 2), { mode: 0o600 });
  const running = readReady(readyFile);
  if (running !== undefined && (await answers(options.esl.host, running.eslPort))) {
    process.kill(running.pid, 'SIGHUP');
    const stale = staleSettings(before, now);
    if (stale.length > 0) options.log.warn({ settings: stale }, staleText);
    return { ready: running, password, wasRunning: true };
  }
  rmSync(readyFile, { force: true });
  await checkPorts(options);
  return { ready: await launch(folder, configFile, readyFile), password, wasRunning: false };
}

async function checkPorts(options: LocalSwitchOptions): Promise<void> {
  for (const one of listenedPorts(options)) await checkPort({ ...one, protocol: 'tcp' });
}

/** Each where the switch listens: the event socket on loopback, wherever telephones come in. */
export function listenedPorts({
  sip,
  ws,
  esl,
}: {
  [part in 'sip' | 'ws' | 'esl']: { host: string; port: number };
}): { host: string; port: number; setting: string }[] {
  return [
    { host: sip.host, port: sip.port, setting: 'SIP_PORT' },
    { host: ws.host, port: ws.port, setting: 'SIP_WS_PORT' },
    { host: esl.host, port: esl.port, setting: 'ESL_PORT' },
  ];
}

async function launch(folder: string, configFile: string, readyFile: string): Promise<Ready> {
  const out = openSync(path.join(folder, 'switch.log'), 'a', 0o600);
  const child = spawn(process.execPath, [...switchProgram, '--config', configFile], {
    detached: true,
    stdio: ['ignore', out, out],
    cwd: root,
    env: cleanEnvironment(),
  });
  closeSync(out);
  child.unref();
  let hasEnded = false;
  child.on('exit', () => {
    hasEnded = true;
  });
  return until(
    'the embedded switch to start',
    () => {
      if (hasEnded) throw switchFailed(folder);
      return readReady(readyFile);
    },
    { timeoutMs: 30_000 },
  );
}

function settings(options: LocalSwitchOptions, password: string, readyFile: string) {
  const { sip, ws, esl, rtp, directory, hotlines, trunks, http } = options;
  const { limits, origins, tls, srtp, eventSocketLimits } = sip;
  const { host, port } = sip;
  return {
    sip: { host, port, domain: host },
    limits,
    ...(tls === undefined ? {} : { tls }),
    srtp,
    ws: {
      ...{ host: ws.host, port: ws.port, trustedProxies: http.trustedProxies },
      ...(http.names === undefined ? {} : { hosts: [...http.names, ws.host] }),
      origins: [...(ws.url === undefined ? [] : [new URL(ws.url).host]), ...origins],
    },
    esl: { ...esl, password, ...eventSocketLimits },
    ...(directory === undefined ? {} : { directory }),
    rtp: {
      host: rtp.host,
      from: rtp.from,
      to: rtp.to,
      timeoutSec: rtp.timeoutMs / 1000,
      unheardSec: rtp.unheardMs / 1000,
    },
    hotlines,
    users: [],
    gateways: Object.fromEntries(
      trunks.flatMap(({ name, address }) => (address === undefined ? [] : [[name, address]])),
    ),
    trunks: Object.fromEntries(
      Object.entries(options.trunkSources).map(([name, from]) => [name, { from }]),
    ),
    ...(options.testTrunk === undefined ? {} : { testTrunk: options.testTrunk }),
    maxSessions: sip.maxSessions,
    readyFile,
  };
}

const staleText = 'the switch runs on with settings of before; they count once it is started anew';

/** What a running switch reads again on SIGHUP. */
const liveSettings = ['hotlines', 'gateways', 'trunks', 'testTrunk', 'directory', 'users', 'ws'];

/** Names of the settings that a running switch has otherwise and cannot change. */
function staleSettings(before: Readonly<Record<string, unknown>>, now: object): string[] {
  const fixed = Object.entries(now).filter(([name]) => !liveSettings.includes(name));
  return fixed.flatMap(([name, value]) =>
    JSON.stringify(before[name]) === JSON.stringify(value) ? [] : [name],
  );
}

/** Kept over restarts, so that a switch that is still running lets us in. */
function passwordOf({ esl }: Readonly<Record<string, unknown>>): string {
  const { password } = (esl ?? {}) as { password?: string };
  return password ?? randomBytes(24).toString('base64url');
}

/** What the last service wrote; empty before the first, or when it was cut off in the middle. */
function readSettings(configFile: string): Record<string, unknown> {
  if (!existsSync(configFile)) return {};
  try {
    return JSON.parse(readFileSync(configFile, 'utf8')) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function readReady(file: string): Ready | undefined {
  if (!existsSync(file)) return undefined;
  const text = ignoreMissing(() => readFileSync(file, 'utf8')) ?? '';
  const ready = parseJson(text) as Ready | null | undefined;
  return ready != null && isAlive(ready.pid) ? ready : undefined;
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const done = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.setTimeout(2000, () => done(false));
    // One that lets nobody else in is there, too; whoever connects says so.
    const isSwitch = (text: string) => /auth\/request|text\/rude-rejection/.test(text);
    socket.once('data', (bytes: Buffer) => done(isSwitch(bytes.toString())));
    socket.once('error', () => done(false));
  });
}

function switchFailed(folder: string): AppError {
  return new AppError({
    code: 'switch.not_started',
    status: 500,
    message: `The embedded switch did not start; ${path.join(folder, 'switch.log')} says why.`,
  });
}
