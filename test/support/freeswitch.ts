import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from './until.ts';
import { EslConnection } from '../../src/cti/esl/connection.ts';
import { writeFreeswitchConf } from '../../scripts/freeswitch/write-conf.ts';
import { testPort } from './ports.ts';

/** A FreeSWITCH with the product's own configuration, in a folder of its own. */
export interface Freeswitch {
  readonly pid: number;
  readonly logFile: string;
  /** What its console said at the start, in one line. */
  readonly version: string;
  readonly sipPort: number;
  /** Settings of a service and of tests that use it. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export interface FreeswitchOptions {
  /** FREESWITCH_BIN by default. */
  program?: string;
  rtpTimeoutSec?: number;
  /** Changes the written configuration before the start. */
  change?: (conf: string) => void;
}

export async function startFreeswitch({
  program = process.env['FREESWITCH_BIN'] ?? 'freeswitch',
  rtpTimeoutSec = 5,
  change = () => undefined,
}: FreeswitchOptions = {}): Promise<Freeswitch> {
  const dir = mkdtempSync(path.join(tmpdir(), 'lingting-freeswitch-'));
  const ports = await Promise.all(Array.from({ length: 7 }, () => testPort()));
  const [agents = 0, ws = 0, trunk = 0, esl = 0, api = 0, carrier = 0, tls = 0] = ports;
  const conf = path.join(dir, 'conf');
  const { eslUrl, directorySecret } = writeFreeswitchConf({
    out: conf,
    data: path.join(dir, 'data'),
    hotlines: ['4000', '4100'],
    host: '127.0.0.1',
    publicHost: '127.0.0.1',
    agentPort: String(agents),
    wsPort: String(ws),
    tlsPort: String(tls),
    tlsCert: undefined,
    tlsKey: undefined,
    trunkPort: String(trunk),
    trunks: ['127.0.0.1/32'],
    phones: [],
    arePhonesBehindNat: false,
    eslHost: '127.0.0.1',
    eslPort: String(esl),
    services: [],
    api: `http://127.0.0.1:${api}`,
    // Away from the ports of the tests' own telephones: it does not look before it takes one.
    rtp: '30000-32766',
    rtpTimeout: String(rtpTimeoutSec),
    maxSessions: '1000',
    rate: '200',
    phoneRate: '100',
  });
  writeFileSync(path.join(conf, 'sip_profiles/external/trunk.xml'), gateway('trunk', carrier));
  // Back to itself: what it dials there is a call from outside, a fax for instance.
  writeFileSync(path.join(conf, 'sip_profiles/external/loop.xml'), gateway('loop', trunk));
  change(conf);
  const folders = ['log', 'db', 'run'].flatMap((name) => {
    mkdirSync(path.join(dir, name));
    return [`-${name}`, path.join(dir, name)];
  });
  const child = spawn(path.join(conf, 'start'), ['-np', '-nf', '-nc', ...folders], {
    stdio: 'ignore',
    env: { ...process.env, FREESWITCH_BIN: program },
  });
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const version = await ready(eslUrl, program);
    return {
      pid: child.pid ?? 0,
      logFile: path.join(dir, 'log/freeswitch.log'),
      version,
      sipPort: trunk,
      env: {
        FREESWITCH_ESL: eslUrl,
        FREESWITCH_SIP: String(trunk),
        FREESWITCH_AGENTS: String(agents),
        FREESWITCH_WS: String(ws),
        FREESWITCH_TLS: String(tls),
        FREESWITCH_API: String(api),
        FREESWITCH_CARRIER: String(carrier),
        FREESWITCH_LOGS: path.join(dir, 'log'),
        SWITCH_DIRECTORY_SECRET: directorySecret,
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function gateway(name: string, port: number): string {
  return `<include>
  <gateway name="${name}">
    <param name="proxy" value="127.0.0.1:${port}"/>
    <param name="realm" value="127.0.0.1"/>
    <param name="username" value="none"/>
    <param name="password" value="none"/>
    <param name="register" value="false"/>
    <param name="caller-id-in-from" value="true"/>
  </gateway>
</include>
`;
}

/** Waits for the event socket and the SIP profiles; what `version` says. */
async function ready(eslUrl: string, program: string): Promise<string> {
  const { port, password } = new URL(eslUrl);
  const address = { host: '127.0.0.1', port: Number(port), password };
  const limit = { timeoutMs: 60_000, everyMs: 200 };
  const connection = await until(
    `the event socket of ${program}`,
    () => EslConnection.open(address, () => undefined).catch(() => undefined),
    limit,
  );
  try {
    const isRunning = async () =>
      (await connection.api('sofia status')).match(/RUNNING/g)?.length === 3;
    await until('the SIP profiles', isRunning, limit);
    return (await connection.api('version')).trim();
  } finally {
    connection.close();
  }
}
