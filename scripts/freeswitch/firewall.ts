import { isIP } from 'node:net';

export interface FirewallPorts {
  /** The switch's own address; rules are written for its family. */
  host: string;
  agentPort: string;
  wsPort: string;
  tlsPort: string;
  trunkPort: string;
  eslPort: string;
  trunks: readonly string[];
  services: readonly string[];
  /** Networks of desk telephones and browsers; anybody when empty. */
  phones: readonly string[];
}

/** A telephone that starts anew sends a handful of requests; a stranger's flood, hundreds a second. */
const requestsPerSecond = 30;
const requestsAtOnce = 60;
/** A transfer by the telephone's own key. Each brings a NOTIFY to where the request says, whoever sent it. */
const refersPerSecond = 2;
const connectionsPerSecond = 10;
const connectionsAtOnce = 40;
const connectionsPerSource = 200;

/**
 * Rules of nftables for the ports of the switch, and for no others. FreeSWITCH looks at a source only after it has
 * made a session for it; here a packet is dropped before.
 */
export function firewallRules(options: FirewallPorts): string {
  const { agentPort, wsPort, tlsPort, trunkPort, eslPort } = options;
  const tcpPorts = `{ ${agentPort}, ${wsPort}, ${tlsPort} }`;
  const family = isIP(options.host) === 6 ? 'ip6' : 'ip';
  const type = family === 'ip6' ? 'ipv6_addr' : 'ipv4_addr';
  const from = (set: string) => `${family} saddr @${set}`;
  const limited = (set: string, rule: string) => `update @${set} { ${family} saddr ${rule} } drop`;
  const networks = (name: string, list: readonly string[]) => {
    const own = list.filter((one) => isIP(one.split('/')[0] ?? '') === (family === 'ip6' ? 6 : 4));
    const elements = own.length === 0 ? '' : ` elements = { ${own.join(', ')} };`;
    return `  set ${name} { type ${type}; flags interval; auto-merge;${elements} }`;
  };
  const sources = (name: string) =>
    `  set ${name} { type ${type}; size 65535; flags dynamic, timeout; timeout 1m; }`;
  const onlyPhones =
    options.phones.length === 0
      ? []
      : [`meta l4proto { tcp, udp } th dport ${tcpPorts} ${drop(from('phones'))}`];
  const rules = [
    'iif "lo" accept',
    '# Carriers call from their networks; nobody else reaches this port, but with answers to what we asked.',
    `meta l4proto { tcp, udp } th dport ${trunkPort} ct state established accept`,
    `meta l4proto { tcp, udp } th dport ${trunkPort} ${drop(from('trunks'))}`,
    '# The event socket commands the switch.',
    `tcp dport ${eslPort} ${drop(from('services'))}`,
    '# Desk telephones and browsers.',
    ...onlyPhones,
    `udp dport ${agentPort} @th,64,40 0x5245464552 ${limited('refers', `limit rate over ${refersPerSecond}/second burst 5 packets`)} comment "REFER"`,
    `udp dport ${agentPort} ${limited('requests', `limit rate over ${requestsPerSecond}/second burst ${requestsAtOnce} packets`)}`,
    `tcp dport ${tcpPorts} ct state new ${limited('connections', `limit rate over ${connectionsPerSecond}/second burst ${connectionsAtOnce} packets`)}`,
    `tcp dport ${tcpPorts} ct state new add @open { ${family} saddr ct count over ${connectionsPerSource} } drop`,
  ];
  return [
    '#!/usr/sbin/nft -f',
    '# Written by npm run freeswitch-conf, see docs/deploy.md; write it anew rather than edit it.',
    'table inet lingting_switch',
    'delete table inet lingting_switch',
    'table inet lingting_switch {',
    networks('trunks', options.trunks),
    networks('services', options.services),
    networks('phones', options.phones),
    sources('refers'),
    sources('requests'),
    sources('connections'),
    `  set open { type ${type}; size 65535; flags dynamic; }`,
    '  chain input {',
    '    type filter hook input priority filter; policy accept;',
    ...rules.map((rule) => `    ${rule}`),
    '  }',
    '}',
    '',
  ].join('\n');
}

function drop(source: string): string {
  return `${source.replace(' saddr @', ' saddr != @')} drop`;
}
