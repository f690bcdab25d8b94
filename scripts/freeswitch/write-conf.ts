import { randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { toneSource } from '../../src/switch/rtp/index.ts';
import { wavOf } from '../../src/tts/wav.ts';
import { firewallRules } from './firewall.ts';

export interface FreeswitchConf {
  out: string;
  data: string;
  hotlines: readonly string[];
  host: string;
  publicHost: string;
  agentPort: string;
  wsPort: string;
  /** SIP over TLS of desk telephones. */
  tlsPort: string;
  /** PEM files of its certificate, with those in between, and its key; without, FreeSWITCH makes its own. */
  tlsCert: string | undefined;
  tlsKey: string | undefined;
  trunkPort: string;
  trunks: readonly string[];
  /** Networks of desk telephones and browsers, for the firewall; anybody when empty. */
  phones: readonly string[];
  /** Desk telephones stand behind a router that translates addresses: their sound is taken from where it comes. */
  arePhonesBehindNat: boolean;
  eslHost: string;
  eslPort: string;
  services: readonly string[];
  api: string;
  /** `20000-29999` */
  rtp: string;
  rtpTimeout: string;
  /** Calls at a time, of trunks and agents together. */
  maxSessions: string;
  /** New calls a second of trunks. */
  rate: string;
  /** SIP requests a second at the agents' port, of whoever. */
  phoneRate: string;
}

export interface Written {
  eslUrl: string;
  directorySecret: string;
}

/** FreeSWITCH keeps the session of an INVITE without a password for so long: 500 times 20 ms. */
const unansweredSec = 10;
/** Its limit of requests looks back over a second: until it takes hold, twice as many have got in. */
const unlimitedSec = 3;

const source = fileURLToPath(new URL('../../freeswitch-conf/', import.meta.url));

/**
 * Copies `freeswitch-conf` and writes `local.xml` beside it. Throws an `Error` that names the option
 * and the fix. Secrets of an earlier run are kept, so that a switch that runs still lets the service in.
 */
export function writeFreeswitchConf(options: FreeswitchConf): Written {
  const data = path.resolve(options.data);
  check(options, data);
  const out = path.resolve(options.out);
  const local = path.join(out, 'local.xml');
  const earlier = existsSync(local) ? readFileSync(local, 'utf8') : '';
  const password = earlierValue(earlier, 'lt_esl_password') ?? secret();
  const directorySecret =
    earlierValue(earlier, 'lt_directory_credentials')?.split(':')[1] ?? secret();
  mkdirSync(out, { recursive: true, mode: 0o750 });
  cpSync(source, out, { recursive: true });
  writeFileSync(local, localXml(options, data, { password, directorySecret }), { mode: 0o640 });
  mkdirSync(path.join(out, 'acl'), { recursive: true });
  for (const name of ['services', 'trunks'] as const) {
    const nodes = options[name].map((one) => `  <node type="allow" cidr="${one}"/>\n`);
    writeFileSync(path.join(out, 'acl', `${name}.xml`), `<include>\n${nodes.join('')}</include>\n`);
  }
  writeCertificate(options, path.join(out, 'tls'));
  const start = path.join(out, 'start');
  writeFileSync(start, startScript, { mode: 0o750 });
  chmodSync(start, 0o750);
  writeFileSync(path.join(out, 'firewall.nft'), firewallRules(options));
  for (const folder of ['sounds', 'recordings/unattended', 'faxes/in', 'faxes/out', 'music']) {
    mkdirSync(path.join(data, folder), { recursive: true, mode: 0o770 });
  }
  writeMusic(path.join(data, 'music'));
  return {
    eslUrl: `esl://:${password}@${options.eslHost}:${options.eslPort}`,
    directorySecret,
  };
}

/** FreeSWITCH wants the key and the certificate in one file, and whom it believes in another. */
function writeCertificate({ tlsCert, tlsKey }: FreeswitchConf, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  if (tlsCert === undefined || tlsKey === undefined) return;
  const [cert, key] = [readFileSync(tlsCert, 'utf8'), readFileSync(tlsKey, 'utf8')];
  if (!cert.includes('BEGIN CERTIFICATE')) throw new Error(`--tls-cert: no PEM in ${tlsCert}`);
  if (!key.includes('PRIVATE KEY')) throw new Error(`--tls-key: no PEM key in ${tlsKey}`);
  writeFileSync(path.join(folder, 'agent.pem'), `${key.trim()}\n${cert.trim()}\n`, { mode: 0o640 });
  writeFileSync(path.join(folder, 'cafile.pem'), `${cert.trim()}\n`, { mode: 0o640 });
}

/**
 * FreeSWITCH writes its whole configuration, passwords and all, into its folder of logs, for everybody to
 * read. Recordings stay readable for the group, which the service shares.
 */
const startScript = `#!/bin/sh
# Starts FreeSWITCH with this configuration; further options are passed on: ./start -np -nf -nc -log <folder>
umask 027
exec "\${FREESWITCH_BIN:-freeswitch}" -nonat -conf "$(cd "$(dirname "$0")" && pwd)" "$@"
`;

function secret(): string {
  return randomBytes(24).toString('base64url');
}

function earlierValue(xml: string, name: string): string | undefined {
  return new RegExp(`data="${name}=([^"]+)"`).exec(xml)?.[1];
}

function localXml(
  options: FreeswitchConf,
  data: string,
  { password, directorySecret }: { password: string; directorySecret: string },
): string {
  const [first = '', last = ''] = options.rtp.split('-');
  const values: readonly (readonly [string, string])[] = [
    ['lt_event_socket', 'mod_event_socket'],
    ['lt_esl_password', password],
    ['lt_directory_credentials', `switch:${directorySecret}`],
    ['lt_directory_url', `${options.api.replace(/\/$/, '')}/api/v1/switch/directory`],
    ['lt_host', options.host],
    ['lt_public_host', options.publicHost],
    ['lt_agent_port', options.agentPort],
    ['lt_ws_port', options.wsPort],
    ['lt_tls_port', options.tlsPort],
    ['lt_tls_dir', path.join(path.resolve(options.out), 'tls')],
    ['lt_trunk_port', options.trunkPort],
    ['lt_esl_host', options.eslHost],
    ['lt_esl_port', options.eslPort],
    ['lt_rtp_first', first],
    ['lt_rtp_last', last],
    ['lt_rtp_timeout', options.rtpTimeout],
    ...sessionLimits(options),
    ['lt_phones_fixed_rtp', String(!options.arePhonesBehindNat)],
    ['lt_hotlines', options.hotlines.length === 0 ? 'none' : options.hotlines.join('|')],
    ['lt_sounds', path.join(data, 'sounds')],
    ['lt_prompts', path.join(data, 'prompts')],
    ['lt_recordings', path.join(data, 'recordings')],
    ['lt_faxes', path.join(data, 'faxes')],
    ['lt_music', path.join(data, 'music')],
  ];
  return [
    '<include>',
    '  <!-- Written by npm run freeswitch-conf; holds secrets. Write it anew rather than edit it. -->',
    ...values.map(([name, value]) => `  <X-PRE-PROCESS cmd="set" data="${name}=${value}"/>`),
    '</include>',
    '',
  ].join('\n');
}

/** What gets in at the agents' port without a password comes on top: those of the trunks are theirs. */
function sessionLimits({
  maxSessions,
  rate,
  phoneRate,
}: FreeswitchConf): readonly (readonly [string, string])[] {
  const plain = Number(phoneRate);
  const secure = Math.ceil(plain / 4);
  return [
    ['lt_max_sessions', String(Number(maxSessions) + unansweredSec * (plain + secure))],
    ['lt_sessions_per_second', String(Number(rate) + unlimitedSec * (plain + secure))],
    ['lt_phone_requests', phoneRate],
    ['lt_tls_requests', String(secure)],
  ];
}

function check(options: FreeswitchConf, data: string): void {
  const port = (name: string, value: string) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < 1 || number > 65_535) {
      throw new Error(`--${name} is "${value}" but must be a port from 1 to 65535`);
    }
  };
  port('agents', options.agentPort);
  port('ws', options.wsPort);
  port('tls-port', options.tlsPort);
  if ((options.tlsCert === undefined) !== (options.tlsKey === undefined)) {
    throw new Error('--tls-cert and --tls-key belong together');
  }
  port('trunk-port', options.trunkPort);
  port('esl-port', options.eslPort);
  for (const [name, value] of [
    ['host', options.host],
    ['public', options.publicHost],
    ['esl-host', options.eslHost],
  ] as const) {
    if (isIP(value) === 0) throw new Error(`--${name} is "${value}" but must be an IP address`);
  }
  for (const one of options.hotlines) {
    if (!/^\d{2,20}$/.test(one)) throw new Error(`--hotlines: "${one}" is no number of digits`);
  }
  for (const [name, networks] of [
    ['trunks', options.trunks],
    ['services', options.services],
    ['phones', options.phones],
  ] as const) {
    for (const one of networks) {
      const [address = '', bits = '', more] = one.split('/');
      const most = isIP(address) === 6 ? 128 : 32;
      const isBits = /^\d{1,3}$/.test(bits) && Number(bits) <= most;
      if (isIP(address) === 0 || !isBits || more !== undefined) {
        throw new Error(`--${name}: "${one}" must look like 203.0.113.0/24`);
      }
    }
  }
  const range = /^(\d+)-(\d+)$/.exec(options.rtp);
  if (range === null || Number(range[1]) < 1024 || Number(range[2]) - Number(range[1]) < 100) {
    throw new Error('--rtp must be a range of at least a hundred ports such as 20000-29999');
  }
  for (const [name, value] of [
    ['rtp-timeout', options.rtpTimeout],
    ['max-sessions', options.maxSessions],
    ['rate', options.rate],
    ['phone-rate', options.phoneRate],
  ] as const) {
    if (!/^[1-9]\d{0,5}$/.test(value)) throw new Error(`--${name} must be a whole number`);
  }
  if (!URL.canParse(options.api)) {
    throw new Error('--api must be an address such as http://127.0.0.1:8080');
  }
  // They stand in XML attributes, in arguments of applications and in variables of the dialplan.
  if (/["'<>&$!|\\\r\n]/.test(data)) {
    throw new Error('--data: the path must not hold any of " \' < > & $ ! | \\');
  }
}

/** The embedded switch's waiting tune as a file, so that both play the same. */
function writeMusic(folder: string): void {
  const file = path.join(folder, 'waiting.wav');
  if (existsSync(file)) return;
  const tune = toneSource(
    'v=-18;%(350,50,523);%(350,50,659);%(350,50,784);%(700,100,659);%(350,50,587);%(700,1500,523)',
  );
  const samples: number[] = [];
  for (let frame = tune?.next(); frame !== undefined; frame = tune?.next()) samples.push(...frame);
  writeFileSync(file, wavOf(Int16Array.from(samples)));
}
