/**
 * Writes a ready configuration for FreeSWITCH: `npm run freeswitch-conf -- --out /etc/freeswitch`.
 * Repeatable: secrets that are there stay, everything else is written anew.
 */
import { parseArgs } from 'node:util';
import { writeFreeswitchConf } from './freeswitch/write-conf.ts';

const usage = `npm run freeswitch-conf -- --out <folder> [options]
  --data <folder>        the service's data folder, which the switch shares (./data)
  --hotlines <numbers>   comma list, answered until the service says otherwise (4000,4100)
  --host <address>       SIP and RTP listen here (127.0.0.1)
  --public <address>     what the far end is told, behind a fixed mapping (as --host)
  --agents <port>        SIP of desk phones (5060)
  --ws <port>            SIP over WebSocket of browsers (5066)
  --tls-port <port>      SIP over TLS of desk phones (5061)
  --tls-cert <file>      its certificate, PEM with those in between; without, FreeSWITCH makes its own
  --tls-key <file>       the key of that
  --trunk-port <port>    SIP of trunks (5080)
  --trunks <networks>    comma list of carriers' networks, e.g. 203.0.113.0/24; nobody else calls in
  --phones <networks>    comma list of the networks of desk phones and browsers, for the firewall (any)
  --nat-phones           desk phones stand behind a router that translates addresses
  --esl-host <address>   event socket (127.0.0.1)
  --esl-port <port>      event socket (8021)
  --services <networks>  comma list of machines with the service, beside this one
  --api <url>            the service's API (http://127.0.0.1:8080)
  --rtp <first-last>     audio ports (20000-29999)
  --rtp-timeout <sec>    a caller who sends nothing for so long is gone (30)
  --max-sessions <n>     calls at a time (1000)
  --rate <n>             new calls a second of trunks (120)
  --phone-rate <n>       SIP requests a second at the port of desk phones and browsers (100)
`;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    data: { type: 'string', default: './data' },
    hotlines: { type: 'string', default: '4000,4100' },
    host: { type: 'string', default: '127.0.0.1' },
    public: { type: 'string' },
    agents: { type: 'string', default: '5060' },
    ws: { type: 'string', default: '5066' },
    'tls-port': { type: 'string', default: '5061' },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'trunk-port': { type: 'string', default: '5080' },
    trunks: { type: 'string', default: '' },
    phones: { type: 'string', default: '' },
    'nat-phones': { type: 'boolean', default: false },
    'esl-host': { type: 'string', default: '127.0.0.1' },
    'esl-port': { type: 'string', default: '8021' },
    services: { type: 'string', default: '' },
    api: { type: 'string', default: 'http://127.0.0.1:8080' },
    rtp: { type: 'string', default: '20000-29999' },
    'rtp-timeout': { type: 'string', default: '30' },
    'max-sessions': { type: 'string', default: '1000' },
    rate: { type: 'string', default: '120' },
    'phone-rate': { type: 'string', default: '100' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || values.out === undefined) {
  process.stdout.write(usage);
  process.exit(values.help ? 0 : 1);
}

try {
  const { eslUrl, directorySecret } = writeFreeswitchConf({
    out: values.out,
    data: values.data,
    hotlines: list(values.hotlines),
    host: values.host,
    publicHost: values.public ?? values.host,
    agentPort: values.agents,
    wsPort: values.ws,
    tlsPort: values['tls-port'],
    tlsCert: values['tls-cert'],
    tlsKey: values['tls-key'],
    trunkPort: values['trunk-port'],
    trunks: list(values.trunks),
    phones: list(values.phones),
    arePhonesBehindNat: values['nat-phones'],
    eslHost: values['esl-host'],
    eslPort: values['esl-port'],
    services: list(values.services),
    api: values.api,
    rtp: values.rtp,
    rtpTimeout: values['rtp-timeout'],
    maxSessions: values['max-sessions'],
    rate: values.rate,
    phoneRate: values['phone-rate'],
  });
  process.stdout.write(
    `The configuration is in ${values.out}; start the switch with: ${values.out}/start\n` +
      `The firewall's rules for its ports: nft -f ${values.out}/firewall.nft\n` +
      (values.trunks === '' ? 'No --trunks: every call from outside is refused.\n' : '') +
      'Settings of the service (secret, keep them where others cannot read):\n' +
      `  ESL_URLS=${eslUrl}\n  SWITCH_DIRECTORY_SECRET=${directorySecret}\n`,
  );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function list(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
