import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog } from '../../src/core/log.ts';
import { serveDirectory } from './directory.ts';
import { until } from './until.ts';
import { EslConnection, type EslAddress, type EslEvent } from '../../src/cti/esl/connection.ts';
import { openSwitch, type SwitchConfig } from '../../src/switch/index.ts';
import { wavOf } from '../../src/tts/wav.ts';

/**
 * The switch under test: our own, or the FreeSWITCH that FREESWITCH_ESL and FREESWITCH_SIP name.
 * Nothing in a test may depend on which it is.
 */
export interface TestSwitch {
  readonly sipPort: number;
  /** SIP over WebSocket. */
  readonly wsPort: number;
  /** SIP over TLS; on the embedded switch where its settings name a certificate. */
  readonly tlsPort: number;
  /** Of agents' telephones over UDP and TCP. */
  readonly phonePort: number;
  readonly address: EslAddress;
  readonly esl: EslConnection;
  /** Ends it with all its calls, and starts it again at the same place. */
  restart(): Promise<void>;
  /** Everything heard so far, oldest first. */
  readonly events: EslEvent[];
  /** A folder that the switch may read and write. */
  readonly dir: string;
  /** A tone as a file. */
  tone(name: string, hz: number, ms: number): string;
  /** The first event of that name about that leg, already heard or still to come. */
  event(name: string, uuid: string, holds?: (event: EslEvent) => boolean): Promise<EslEvent>;
  /** Queues an application and waits until it has run. */
  run(uuid: string, application: string, argument?: string): Promise<EslEvent>;
  /** Queues an application without waiting. */
  queue(uuid: string, application: string, argument?: string): Promise<string>;
  /** A background job's result. */
  job(command: string): Promise<string>;
  /** Names of the events about that leg, in order. */
  namesOf(uuid: string): string[];
  close(): Promise<void>;
}

export const isFreeswitch = process.env['FREESWITCH_ESL'] !== undefined;

export const watched = [
  'CHANNEL_CREATE',
  'CHANNEL_PARK',
  'CHANNEL_UNPARK',
  'CHANNEL_ANSWER',
  'CHANNEL_PROGRESS',
  'CHANNEL_PROGRESS_MEDIA',
  'CHANNEL_EXECUTE_COMPLETE',
  'CHANNEL_BRIDGE',
  'CHANNEL_UNBRIDGE',
  'CHANNEL_HOLD',
  'CHANNEL_UNHOLD',
  'CHANNEL_HANGUP',
  'CHANNEL_HANGUP_COMPLETE',
  'CHANNEL_DESTROY',
  'DTMF',
  'PLAYBACK_START',
  'PLAYBACK_STOP',
  'RECORD_START',
  'RECORD_STOP',
  'BACKGROUND_JOB',
] as const;

let marks = 0;

export async function startSwitch(change: Partial<SwitchConfig> = {}): Promise<TestSwitch> {
  const dir = mkdtempSync(path.join(tmpdir(), 'lingting-switch-'));
  const started = isFreeswitch
    ? await realSwitch(process.env['FREESWITCH_ESL'] ?? '', change)
    : await ownSwitch(dir, change);
  const { address, sipPort, wsPort, tlsPort, phonePort } = started;
  const events: EslEvent[] = [];
  const open = async () => {
    const connection = await EslConnection.open(address, (event) => events.push(event));
    await connection.subscribe(watched, []);
    return connection;
  };
  let esl = await open();
  const self: TestSwitch = {
    sipPort,
    wsPort,
    tlsPort,
    phonePort,
    address,
    get esl() {
      return esl;
    },
    async restart() {
      await started.restart(esl);
      esl.close();
      esl = await until('the switch to be back', () => open().catch(() => undefined), {
        timeoutMs: 60_000,
        everyMs: 200,
      });
    },
    events,
    dir,
    tone(name, hz, ms) {
      const samples = Int16Array.from({ length: ms * 8 }, (_, at) =>
        Math.round(8000 * Math.sin((2 * Math.PI * hz * at) / 8000)),
      );
      const file = path.join(dir, `${name}.wav`);
      writeFileSync(file, wavOf(samples));
      return file;
    },
    event: (name, uuid, holds = () => true) =>
      until(
        `${name} of ${uuid}; heard ${self.namesOf(uuid).join(' ')}`,
        () =>
          events.find(
            (one) => one['Event-Name'] === name && one['Unique-ID'] === uuid && holds(one),
          ),
        { timeoutMs: 20_000 },
      ),
    async run(uuid, application, argument = '') {
      const mark = await queued(esl, uuid, application, argument);
      return self.event(
        'CHANNEL_EXECUTE_COMPLETE',
        uuid,
        (one) => one['Application-UUID'] === mark,
      );
    },
    queue: (uuid, application, argument = '') => queued(esl, uuid, application, argument),
    async job(command) {
      const id = `job-${(marks += 1)}-${process.pid}`;
      await esl.background(command, id);
      const done = await until(
        `the end of ${command}`,
        () =>
          events.find((one) => one['Event-Name'] === 'BACKGROUND_JOB' && one['Job-UUID'] === id),
        { timeoutMs: 70_000 },
      );
      return (done['_body'] ?? '').trim();
    },
    namesOf: (uuid) =>
      events.filter((one) => one['Unique-ID'] === uuid).map((one) => one['Event-Name'] ?? ''),
    async close() {
      esl.close();
      await started.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return self;
}

async function queued(esl: EslConnection, uuid: string, application: string, argument: string) {
  const eventUuid = `step-${(marks += 1)}-${process.pid}`;
  await esl.sendMessage({ uuid, application, argument, eventUuid });
  return eventUuid;
}

async function realSwitch(url: string, { users }: Partial<SwitchConfig>) {
  const { hostname, port, password } = new URL(url);
  const api = Number(process.env['FREESWITCH_API'] ?? 0);
  const stopDirectory = users === undefined ? undefined : await serveDirectory(api, users);
  return {
    address: { host: hostname, port: Number(port), password },
    sipPort: Number(process.env['FREESWITCH_SIP'] ?? 5060),
    wsPort: Number(process.env['FREESWITCH_WS'] ?? 5066),
    tlsPort: Number(process.env['FREESWITCH_TLS'] ?? 5061),
    phonePort: Number(process.env['FREESWITCH_AGENTS'] ?? 5060),
    async restart(esl: EslConnection) {
      // The process runs itself anew.
      await esl.api('fsctl shutdown restart').catch(() => undefined);
      await until('the switch to end', () => esl.closed.aborted, { timeoutMs: 60_000 });
    },
    close: () => stopDirectory?.() ?? Promise.resolve(),
  };
}

async function ownSwitch(dir: string, change: Partial<SwitchConfig>) {
  const from = 20_000 + 2 * Math.floor(Math.random() * 4000);
  const config: SwitchConfig = {
    sip: { host: '127.0.0.1', port: 0, domain: '127.0.0.1' },
    ws: { host: '127.0.0.1', port: 0 },
    esl: { host: '127.0.0.1', port: 0, password: 'a-test-password' },
    rtp: { host: '127.0.0.1', from, to: from + 1998, timeoutSec: 5 },
    hotlines: ['4000', '4100'],
    users: [],
    gateways: {},
    trunks: { here: { from: ['127.0.0.1'] } },
    maxSessions: 500,
    readyFile: path.join(dir, 'ready.json'),
    ...change,
  };
  const options = { config, reread: () => config, onShutdown: () => undefined };
  let opened = await openSwitch(options, silentLog());
  // A restart opens the same ports.
  config.sip.port = opened.sipPort;
  config.esl.port = opened.eslPort;
  return {
    address: { host: '127.0.0.1', port: opened.eslPort, password: config.esl.password },
    sipPort: opened.sipPort,
    wsPort: opened.wsPort ?? 0,
    tlsPort: opened.tlsPort ?? 0,
    phonePort: opened.sipPort,
    async restart() {
      await opened.close();
      opened = await openSwitch(options, silentLog());
    },
    close: () => opened.close(),
  };
}
