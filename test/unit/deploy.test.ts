import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import t from 'tap';
import { parse } from 'yaml';
import { firewallRules } from '../../scripts/freeswitch/firewall.ts';
import { writeFreeswitchConf, type FreeswitchConf } from '../../scripts/freeswitch/write-conf.ts';

const root = path.join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface Compose {
  services: Record<
    string,
    { healthcheck?: object; volumes?: string[]; secrets?: string[]; environment?: object }
  >;
  volumes: Record<string, unknown>;
  secrets: Record<string, unknown>;
}

void t.test('given docker-compose.yml, then it obeys the Compose Specification', (t) => {
  // The linter's package brings the specification's own schema.
  const file = path.join(
    path.dirname(createRequire(import.meta.url).resolve('dclint/package.json')),
    'schemas/compose.schema.json',
  );
  const { $schema: _, ...schema } = JSON.parse(readFileSync(file, 'utf8')) as Record<
    string,
    unknown
  >;
  const compose = parse(read('docker-compose.yml')) as Compose;
  const ajv = new Ajv({ strict: false, allErrors: true });
  formats.default(ajv);
  const check = ajv.compile(schema);
  check(compose);
  t.same(check.errors ?? [], []);
  check({ services: { one: { image: 1, helthcheck: {} } } });
  t.ok((check.errors ?? []).length > 0, 'and a wrong one would be noticed');
  for (const [name, service] of Object.entries(compose.services)) {
    t.ok(service.healthcheck, `${name} has a health check`);
    for (const volume of service.volumes ?? []) {
      const [source = ''] = volume.split(':');
      t.ok(source.startsWith('./') || source in compose.volumes, `${name}: ${source} is declared`);
    }
    for (const secret of service.secrets ?? []) t.ok(secret in compose.secrets, secret);
  }
  t.notMatch(read('docker-compose.yml'), /password: \w|ClueCon/i, 'no password in it');
  t.end();
});

const plainConf = (out: string): FreeswitchConf => ({
  out: path.join(out, 'conf'),
  data: path.join(out, 'data'),
  hotlines: ['4000', '4100'],
  host: '127.0.0.1',
  publicHost: '127.0.0.1',
  agentPort: '5060',
  wsPort: '5066',
  tlsPort: '5061',
  tlsCert: undefined,
  tlsKey: undefined,
  trunkPort: '5080',
  trunks: ['203.0.113.0/24'],
  phones: [],
  arePhonesBehindNat: false,
  eslHost: '127.0.0.1',
  eslPort: '8021',
  services: [],
  api: 'http://127.0.0.1:8080',
  rtp: '20000-29999',
  rtpTimeout: '30',
  maxSessions: '1000',
  rate: '120',
  phoneRate: '100',
});

void t.test('given the command, then FreeSWITCH gets a configuration of its own', (t) => {
  const out = mkdtempSync(path.join(tmpdir(), 'lingting-conf-'));
  t.teardown(() => rmSync(out, { recursive: true, force: true }));
  const options = plainConf(out);
  const first = writeFreeswitchConf(options);
  const local = path.join(options.out, 'local.xml');
  t.equal(statSync(local).mode & 0o007, 0, 'others cannot read the secrets');
  t.match(readFileSync(local, 'utf8'), 'lt_hotlines=4000|4100');
  t.match(readFileSync(path.join(options.out, 'acl/trunks.xml'), 'utf8'), '203.0.113.0/24');
  t.same(writeFreeswitchConf(options), first, 'secrets stay when it is written anew');
  const other = writeFreeswitchConf({ ...options, out: path.join(out, 'other') });
  t.not(other.eslUrl, first.eslUrl, 'every installation has its own');
  for (const change of [
    { trunks: ['everybody'] },
    { hotlines: ['4000)|(.*'] },
    { host: 'localhost' },
    { rtp: '80-90' },
    { eslPort: '0' },
    { data: '/tmp/a"b' },
    { phones: ['10.0.0.0/33'] },
    { phoneRate: '0' },
    { tlsPort: 'x' },
    { tlsCert: '/nowhere.pem' },
  ]) {
    t.throws(() => writeFreeswitchConf({ ...options, ...change }), /--(\w|-)+/);
  }
  t.end();
});

void t.test('given the command, then a firewall and a start come with it', (t) => {
  const out = mkdtempSync(path.join(tmpdir(), 'lingting-conf-'));
  t.teardown(() => rmSync(out, { recursive: true, force: true }));
  writeFreeswitchConf({ ...plainConf(out), phones: ['10.0.0.0/8'] });
  const start = path.join(out, 'conf/start');
  t.equal(statSync(start).mode & 0o777, 0o750);
  t.match(readFileSync(start, 'utf8'), /^umask 027$/m, 'nobody else reads what it writes');
  const local = readFileSync(path.join(out, 'conf/local.xml'), 'utf8');
  t.match(local, 'lt_max_sessions=2250', 'a thousand calls, and strangers beside them');
  t.match(local, 'lt_sessions_per_second=495');
  t.match(local, 'lt_phones_fixed_rtp=true');
  const rules = readFileSync(path.join(out, 'conf/firewall.nft'), 'utf8');
  t.match(rules, 'th dport 5080 ip saddr != @trunks drop');
  t.match(rules, 'th dport { 5060, 5066, 5061 } ip saddr != @phones drop');
  t.match(rules, 'tcp dport 8021 ip saddr != @services drop');
  t.match(rules, 'elements = { 203.0.113.0/24 };');
  t.notMatch(firewallRules({ ...plainConf(out) }), /@phones drop/, 'from anywhere when not named');
  t.match(firewallRules({ ...plainConf(out), host: '2001:db8::1' }), 'ip6 saddr != @trunks');
  t.end();
});

void t.test('given freeswitch-conf, then it is safe by itself', (t) => {
  const all = readdirSync(path.join(root, 'freeswitch-conf'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.xml'))
    .map((name) => read(path.join('freeswitch-conf', name)));
  const text = all.join('\n');
  t.notMatch(text, /ClueCon|value="1234"|default_password/, 'no well-known password');
  t.equal(text.match(/name="auth-messages" value="true"/g)?.length, 2, 'MESSAGE is challenged');
  t.match(text, /name="accept-blind-reg" value="false"/);
  t.match(text, /name="apply-inbound-acl" value="trunks"/);
  t.match(text, /name="apply-inbound-acl" value="service"/);
  t.notMatch(text, /mod_(lua|python3|v8|perl|system)|name="system"/, 'nothing that runs programs');
  t.notMatch(text, /load module="mod_loopback"/, 'no dial string runs an application');
  for (const name of ['disable_system_app_commands', 'disable_system_api_commands']) {
    t.match(text, `${name}=true`);
  }
  t.match(text, 'outbound_redirect_fatal=true');
  t.equal(text.match(/name="send-display-update" value="false"/g)?.length, 2);
  t.equal(text.match(/name="disable-rtp-auto-adjust"/g)?.length, 2);
  t.notMatch(read('freeswitch-conf/autoload_configs/acl.conf.xml'), /"trunks"[^]*127\.0\.0/);
  t.end();
});
