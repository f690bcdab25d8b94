import type { OutsideCalls } from '../contract/codes.ts';
import type { DiskLimits } from '../local/disk.ts';
import type { Language } from '../core/language.ts';
import { isLoopback } from '../core/addresses.ts';
import { AppError } from '../core/errors.ts';
import { guardVariables, readGuards, type GuardSettings } from './guards.ts';
import { diallingVariables, readDialling, type DiallingSettings } from './dialling.ts';
import { demoPhonesOf, demoTrunk, demoVariables, outsideCallsOf, type DemoPhones } from './demo.ts';
import { readSip, sipVariables, type SipSettings } from './sip.ts';
import { readNames, readNetworks } from './http.ts';
import { Reader, type Environment } from './reader.ts';
import { readNodes, readTrunks, type SwitchNode, type Trunk } from './switches.ts';
import { readTts, ttsVariables, type TtsConfig } from './tts.ts';
import { messagingVariables, readMessaging, type MessagingSettings } from './messaging.ts';

/**
 * Every setting, read once from the environment, checked and frozen. The only reader of
 * `process.env`. Each variable is described in docs/settings.md (a test keeps the two together).
 */
export interface Config {
  http: {
    host: string;
    port: number;
    trustedProxies: readonly string[];
    /** In a demo, or on loopback: names of ours besides those of this machine. Otherwise any name will do. */
    names: readonly string[] | undefined;
  };
  /** The embedded switch's own sockets; unused when `nodes` names other switches. */
  sip: { host: string; port: number } & SipSettings;
  /** SIP over WebSocket, for browsers; `url` is what they are told, where a proxy is in between. */
  ws: { host: string; port: number; url: string | undefined };
  esl: { host: string; port: number };
  rtp: { host: string; from: number; to: number; timeoutMs: number; unheardMs: number };
  /** FreeSWITCH nodes to drive instead of the embedded switch. */
  nodes: readonly SwitchNode[];
  dataDir: string;
  databaseUrl: string | undefined;
  databasePoolSize: number;
  redisUrl: string | undefined;
  isDemo: boolean;
  demoPassword: string | undefined;
  /** `open`: anybody on this machine may call as anybody. */
  demoPhones: DemoPhones;
  /** Whether the first start of a demo makes six weeks of calls and orders up. */
  isDemoHistoryWanted: boolean;
  log: { level: string; isPretty: boolean; isPiiHidden: boolean };
  tts: TtsConfig;
  /** Calls that all campaigns together start in a second. */
  callsPerSecond: number;
  paymentUrl: string;
  dutyNumber: string;
  /** What carries texts and mails; a channel without settings is not there. */
  messaging: MessagingSettings;
  /** Which numbers outside may be dialled, how often, at what cost. */
  dialling: DiallingSettings;
  guards: GuardSettings;
  /** Carriers, the preferred one first; an address only for the embedded switch. */
  trunks: readonly Trunk[];
  outsideCalls: OutsideCalls;
  /** What a FreeSWITCH shows when it asks who may register; made at the first start otherwise. */
  directorySecret: string | undefined;
  /** Base64 of 32 bytes that seal secrets in the database; made at the first start otherwise. */
  secretsKey: string | undefined;
  drainMs: number;
  /** When supervisors are told that the disk of the data folder runs full. */
  disk: DiskLimits;
  /** How long callers wait for a service that is dead. */
  deadManSec: number;
}

/** All variables with their defaults; docs/settings.md explains them. */
export const variables = {
  HTTP_HOST: '127.0.0.1',
  HTTP_PORT: '8080',
  HTTP_NAMES: '',
  TRUSTED_PROXIES: 'loopback',
  SIP_HOST: '127.0.0.1',
  SIP_PORT: '5060',
  SIP_WS_PORT: '5066',
  SIP_WS_URL: '',
  ...sipVariables,
  ESL_PORT: '8021',
  ESL_URLS: '',
  RTP_PORTS: '20000-29999',
  RTP_TIMEOUT_SEC: '30',
  RTP_UNHEARD_SEC: '5',
  DATA_DIR: './data',
  DATABASE_URL: '',
  DATABASE_POOL_SIZE: '12',
  REDIS_URL: '',
  DEMO: 'true',
  DEMO_PASSWORD: '',
  ...demoVariables,
  CALLS_PER_SECOND: '30',
  PAYMENT_URL: '',
  DUTY_NUMBER: '021-5555-0119',
  ...messagingVariables,
  ...diallingVariables,
  ...guardVariables,
  TRUNKS: '',
  SWITCH_DIRECTORY_SECRET: '',
  SECRETS_KEY: '',
  LOG_LEVEL: 'info',
  LOG_FORMAT: 'auto',
  LOG_PII: 'true',
  ...ttsVariables,
  DRAIN_SEC: '10',
  DISK_LOW_MB: '2048',
  DISK_FULL_MB: '256',
  DEAD_MAN_SEC: '30',
} as const;

export class ConfigError extends AppError {
  constructor(faults: readonly string[]) {
    super({
      code: 'config.invalid',
      status: 500,
      message: `These settings need mending:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`,
      details: { faults },
    });
  }
}

/** Reads the process's environment; throws `ConfigError` naming every bad variable at once. */
export function loadConfig(): Config {
  return parseConfig(process.env, process.stdout.isTTY);
}

/** The pure part of `loadConfig`. */
export function parseConfig(environment: Environment, isTerminal: boolean): Config {
  const read = new Reader(environment, variables);
  const [trunks, nodes] = [readTrunks(read), readNodes(read)];
  const isDemo = read.boolean('DEMO');
  const demoPhones = demoPhonesOf(read.oneOf('DEMO_PHONES', ['auto', 'true', 'false']), {
    ...{ isDemo, trunks: trunks.length },
  });
  const outsideCalls = outsideCallsOf({
    ...{ demoPhones, isWanted: read.boolean('DEMO_TRUNK') },
    ...{ trunks: trunks.length, nodes: nodes.length },
  });
  const config: Config = {
    http: {
      host: read.text('HTTP_HOST'),
      port: read.port('HTTP_PORT'),
      trustedProxies: readNetworks(read, 'TRUSTED_PROXIES'),
      names: isDemo || isLoopback(read.text('HTTP_HOST')) ? readNames(read) : undefined,
    },
    sip: { host: read.text('SIP_HOST'), port: read.port('SIP_PORT'), ...readSip(read) },
    ws: {
      host: read.text('SIP_HOST'),
      port: read.port('SIP_WS_PORT'),
      url: read.url('SIP_WS_URL', ['ws:', 'wss:']),
    },
    esl: { host: '127.0.0.1', port: read.port('ESL_PORT') },
    rtp: {
      host: read.text('SIP_HOST'),
      ...read.portRange('RTP_PORTS'),
      timeoutMs: read.integer('RTP_TIMEOUT_SEC', 5, 3600) * 1000,
      unheardMs: read.integer('RTP_UNHEARD_SEC', 1, 60) * 1000,
    },
    nodes,
    dataDir: read.directory('DATA_DIR'),
    databaseUrl: read.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    databasePoolSize: read.integer('DATABASE_POOL_SIZE', 2, 200),
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:']),
    isDemo,
    demoPassword: read.optional('DEMO_PASSWORD'),
    demoPhones,
    isDemoHistoryWanted: isDemo && read.boolean('DEMO_HISTORY'),
    log: {
      level: read.oneOf('LOG_LEVEL', [
        'trace',
        'debug',
        'info',
        'warn',
        'error',
        'fatal',
        'silent',
      ]),
      isPretty: isPretty(read.oneOf('LOG_FORMAT', ['auto', 'pretty', 'json']), isTerminal),
      isPiiHidden: !read.boolean('LOG_PII'),
    },
    tts: readTts(read),
    callsPerSecond: read.integer('CALLS_PER_SECOND', 1, 1000),
    paymentUrl:
      read.url('PAYMENT_URL', ['http:', 'https:']) ??
      `http://127.0.0.1:${read.port('HTTP_PORT')}/pay/`,
    dutyNumber: read.text('DUTY_NUMBER'),
    messaging: readMessaging(read),
    dialling: readDialling(read),
    guards: readGuards(read),
    trunks: outsideCalls === 'test_telephones' ? [demoTrunk] : trunks,
    outsideCalls,
    directorySecret: read.optional('SWITCH_DIRECTORY_SECRET'),
    secretsKey: read.key('SECRETS_KEY'),
    drainMs: read.integer('DRAIN_SEC', 0, 600) * 1000,
    deadManSec: read.integer('DEAD_MAN_SEC', 15, 600),
    disk: {
      lowBytes: read.integer('DISK_LOW_MB', 0, 10_000_000) * 1024 * 1024,
      fullBytes: read.integer('DISK_FULL_MB', 0, 10_000_000) * 1024 * 1024,
    },
  };
  if (config.isDemo && !isLoopback(config.http.host)) {
    read.fault('HTTP_HOST', 'may only be loopback with demo accounts; set DEMO=false first');
  }
  if (read.faults.length > 0) throw new ConfigError(read.faults);
  return deepFreeze(config);
}

function isPretty(format: string, isTerminal: boolean): boolean {
  return format === 'pretty' || (format === 'auto' && isTerminal);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

/** English where the terminal says so, Chinese otherwise. POSIX: `LC_ALL` before `LC_MESSAGES` before `LANG`; `C` says nothing of a language. */
export function terminalLanguage(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Language {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  const locale = [LC_ALL, LC_MESSAGES, LANG].find((one) => one !== undefined && one !== '') ?? '';
  return locale.startsWith('en') ? 'en' : 'zh-CN';
}
