import type { DiskLimits } from '../core/disk.ts';
import { isIP } from 'node:net';
import path from 'node:path';
import type { Language } from '../core/language.ts';
import { isLoopback } from '../core/addresses.ts';
import { AppError } from '../core/errors.ts';
import { hostNameOf } from '../core/host-names.ts';
import { guardVariables, readGuards, type GuardSettings } from './guards.ts';
import { diallingVariables, readDialling, type DiallingSettings } from './dialling.ts';
import {
  demoPhonesOf,
  demoTrunk,
  demoVariables,
  outsideCallsOf,
  type DemoPhones,
  type OutsideCalls,
} from './demo.ts';
import { readSip, sipVariables, type SipSettings } from './sip.ts';
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

export interface Trunk {
  name: string;
  address: { host: string; port: number; username?: string; password?: string } | undefined;
  /** Addresses and networks that it calls from, besides its own address. */
  sources: readonly string[];
}

export interface SwitchNode {
  name: string;
  host: string;
  port: number;
  password: string;
}

export interface TtsConfig {
  providers: readonly TtsProviderName[];
  http: { url: string; key: string | undefined; voice: string; model: string } | undefined;
  googleHost: string;
  sherpaDir: string | undefined;
  recordedDir: string | undefined;
}

export const ttsProviderNames = ['espeak', 'google', 'sherpa', 'http'] as const;
export type TtsProviderName = (typeof ttsProviderNames)[number];

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
  TTS_PROVIDERS: 'espeak',
  TTS_HTTP_URL: '',
  TTS_HTTP_KEY: '',
  TTS_HTTP_VOICE: 'alloy',
  TTS_HTTP_MODEL: 'tts-1',
  TTS_GOOGLE_HOST: 'https://translate.google.com',
  TTS_SHERPA_DIR: '',
  TTS_RECORDED_DIR: '',
  DRAIN_SEC: '10',
  DISK_LOW_MB: '2048',
  DISK_FULL_MB: '256',
  DEAD_MAN_SEC: '30',
} as const;

type Variable = keyof typeof variables;
type Environment = Readonly<Record<string, string | undefined>>;

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
  const read = new Reader(environment);
  const [trunks, nodes] = [read.trunks('TRUNKS'), read.nodes('ESL_URLS')];
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
      trustedProxies: read.networks('TRUSTED_PROXIES'),
      names: isDemo || isLoopback(read.text('HTTP_HOST')) ? read.names() : undefined,
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
    tts: read.tts(),
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
  read.finish(config);
  return deepFreeze(config);
}

function isPretty(format: string, isTerminal: boolean): boolean {
  return format === 'pretty' || (format === 'auto' && isTerminal);
}

class Reader {
  readonly #environment: Environment;
  readonly #faults: string[] = [];

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  optional(name: Variable): string | undefined {
    const value = (this.#environment[name] ?? variables[name]).trim();
    return value === '' ? undefined : value;
  }

  /** 256 bits in base64. */
  key(name: Variable): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && Buffer.from(value, 'base64').length !== 32) {
      this.fault(name, 'must be 32 random bytes in base64, such as openssl rand -base64 32 makes');
    }
    return value;
  }

  text(name: Variable): string {
    const value = this.optional(name);
    if (value === undefined) this.fault(name, 'must not be empty');
    return value ?? '';
  }

  integer(name: Variable, min: number, max: number): number {
    const value = this.text(name);
    const number = Number(value);
    if (!Number.isInteger(number) || number < min || number > max) {
      this.fault(name, `is "${value}" but must be a whole number from ${min} to ${max}`);
      return min;
    }
    return number;
  }

  port(name: Variable): number {
    return this.integer(name, 0, 65_535);
  }

  portRange(name: Variable): { from: number; to: number } {
    const match = /^(\d+)-(\d+)$/.exec(this.text(name));
    const [from, to] = [Number(match?.[1]), Number(match?.[2])];
    if (!match || from < 1024 || to > 65_535 || to - from < 1) {
      this.fault(name, 'must be a range of ports such as 20000-29999');
      return { from: 20_000, to: 29_999 };
    }
    return { from, to };
  }

  boolean(name: Variable): boolean {
    return (
      this.oneOf(name, ['true', 'false', '1', '0', 'yes', 'no']).match(/^(true|1|yes)$/) !== null
    );
  }

  oneOf(name: Variable, values: readonly string[]): string {
    const value = this.text(name).toLowerCase();
    if (!values.includes(value)) {
      this.fault(name, `is "${value}" but must be one of: ${values.join(', ')}`);
    }
    return value;
  }

  url(name: Variable, protocols: readonly string[]): string | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      this.fault(name, `must be an address that begins with ${protocols.join(' or ')}//`);
    }
    return value;
  }

  /** FreeSWITCH plays files by path in argument lists, so a path may not hold their separators. */
  directory(name: Variable): string {
    const value = path.resolve(this.text(name));
    if (/['!|=\r\n\\]/.test(value)) {
      this.fault(name, "must not contain ' ! | = \\ or a line break");
    }
    return value;
  }

  /** Addresses, networks such as 10.0.0.0/8, and the names that Express gives to the private ones. */
  networks(name: Variable): string[] {
    const networks =
      this.optional(name)
        ?.split(',')
        .map((one) => one.trim()) ?? [];
    for (const network of networks) {
      const [address = '', bits] = network.split('/');
      const isNumber = isIP(address) !== 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
      if (isNumber || ['loopback', 'linklocal', 'uniquelocal'].includes(network)) continue;
      this.fault(name, `has "${network}"; use addresses, networks such as 10.0.0.0/8, or loopback`);
    }
    return networks;
  }

  /** Of HTTP_NAMES; pages come from the host of SIP_WS_URL, too (docs/deploy.md). */
  names(): string[] {
    const names = this.optional('HTTP_NAMES')?.split(',') ?? [];
    const url = this.url('SIP_WS_URL', ['ws:', 'wss:']);
    const found = names.map((one) => {
      const name = hostNameOf(one.trim());
      if (name === undefined) {
        this.fault('HTTP_NAMES', `has "${one.trim()}"; use names alone: hotline.example.com,…`);
      }
      return name ?? '';
    });
    return [...found, ...(url === undefined ? [] : [new URL(url).hostname])];
  }

  nodes(name: Variable): SwitchNode[] {
    const value = this.optional(name);
    if (value === undefined) return [];
    return value.split(',').flatMap((text, index) => {
      const url = text.trim();
      if (!URL.canParse(url) || new URL(url).protocol !== 'esl:') {
        this.fault(name, 'must be a comma list like esl://:password@127.0.0.1:8021');
        return [];
      }
      const { hostname, port, password, username } = new URL(url);
      return [
        {
          name: username === '' ? `switch${index + 1}` : decodeURIComponent(username),
          host: hostname,
          port: port === '' ? 8021 : Number(port),
          password: decodeURIComponent(password),
        },
      ];
    });
  }

  trunks(name: Variable): Trunk[] {
    return (this.optional(name)?.split(',') ?? []).flatMap((text): Trunk[] => {
      const equals = text.indexOf('=');
      const label = (equals < 0 ? text : text.slice(0, equals)).trim();
      const rest = equals < 0 ? undefined : text.slice(equals + 1).trim();
      // A password may hold the separator of the addresses.
      const at = rest === undefined ? -1 : rest.lastIndexOf('@');
      const [where, ...sources] = rest?.slice(at + 1).split('|') ?? [];
      const login = at < 0 ? '' : (rest?.slice(0, at + 1) ?? '');
      const match = /^(?:([\w.-]+):([^@]*)@)?([\w.-]+)(?::(\d+))?$/.exec(login + (where ?? ''));
      if (!/^[\w-]+$/.test(label) || (rest !== undefined && match === null)) {
        this.fault(name, 'must be a comma list like carrier1=user:password@192.0.2.1:5060');
        return [];
      }
      for (const source of sources) {
        if (!isNetwork(source)) {
          this.fault(name, `has "${source}" behind |; use addresses and networks: |192.0.2.0/28`);
        }
      }
      if (match === null) return [{ name: label, address: undefined, sources: [] }];
      const [, username, password, host = '', port] = match;
      const account = username === undefined ? {} : { username, password: password ?? '' };
      return [{ name: label, address: { host, port: Number(port ?? 5060), ...account }, sources }];
    });
  }

  tts(): TtsConfig {
    const names = this.text('TTS_PROVIDERS')
      .split(',')
      .map((name) => name.trim());
    const providers = ttsProviderNames.filter((name) => names.includes(name));
    for (const name of names) {
      if (!ttsProviderNames.some((known) => known === name)) {
        this.fault('TTS_PROVIDERS', `knows no "${name}"; use ${ttsProviderNames.join(', ')}`);
      }
    }
    const url = this.url('TTS_HTTP_URL', ['http:', 'https:']);
    if (providers.includes('http') && url === undefined) {
      this.fault('TTS_HTTP_URL', 'must be set when TTS_PROVIDERS contains http');
    }
    const sherpaDir = this.optional('TTS_SHERPA_DIR');
    if (providers.includes('sherpa') && sherpaDir === undefined) {
      this.fault('TTS_SHERPA_DIR', 'must be set when TTS_PROVIDERS contains sherpa');
    }
    return {
      providers: names.filter((name): name is TtsProviderName =>
        providers.some((known) => known === name),
      ),
      http:
        url === undefined
          ? undefined
          : {
              url,
              key: this.optional('TTS_HTTP_KEY'),
              voice: this.text('TTS_HTTP_VOICE'),
              model: this.text('TTS_HTTP_MODEL'),
            },
      googleHost: this.text('TTS_GOOGLE_HOST'),
      sherpaDir,
      recordedDir: this.optional('TTS_RECORDED_DIR'),
    };
  }

  finish(config: Config): void {
    if (config.isDemo && !isLoopback(config.http.host)) {
      this.fault('HTTP_HOST', 'may only be loopback with demo accounts; set DEMO=false first');
    }
    if (this.#faults.length > 0) throw new ConfigError(this.#faults);
  }

  fault(name: Variable, text: string): void {
    this.#faults.push(`${name} ${text}`);
  }
}

/** An address or a network in CIDR notation. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32);
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
