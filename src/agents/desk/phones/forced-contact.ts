import { isIPv4 } from 'node:net';

/** The fields of mod_xml_curl's question that matter here; FreeSWITCH sends many more. */
export type DirectoryQuestion = Readonly<Record<string, string | undefined>>;

/** `none`: nobody registers, or the switch keeps the address of the request by itself, as the embedded one does. */
export type ForcedContact =
  { readonly kind: 'none' | 'refused' } | { readonly kind: 'contact'; readonly contact: string };

const transports = ['udp', 'tcp', 'tls', 'ws', 'wss'];

/**
 * The Contact that FreeSWITCH keeps for a telephone that registers: where its request came from, which its digest
 * has proved, and not where it says it is. FreeSWITCH puts what it keeps into a dial string, where `,[…]loopback/`
 * would begin another leg; and `fs_path`, `maddr` or the host itself would lead to a trunk.
 *
 * `refused` when FreeSWITCH tells of no address that can be dialled (IPv6 among
 * them: FreeSWITCH replaces the brackets in what it is given here).
 */
export function forcedContact(question: DirectoryQuestion, username: string): ForcedContact {
  if (question['sip_auth_method'] === undefined) return { kind: 'none' };
  const { ip = '', client_port: port = '', sip_via_protocol: transport = '' } = question;
  const isPort = /^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536;
  if (!isIPv4(ip) || !isPort || !transports.includes(transport)) return { kind: 'refused' };
  const claimed = question['sip_contact_user'] ?? '';
  // Telephones take calls to the user of their Contact alone; most write their name or a few random letters.
  const user = /^[\w.+-]{1,64}$/.test(claimed) ? claimed : username;
  const address = `${user}@${ip}:${port};transport=${transport}`;
  if (!transport.startsWith('ws')) return { kind: 'contact', contact: `<sip:${address}>` };
  const host = question['sip_contact_host'] ?? '';
  // A browser has no address; the name that it makes up (RFC 7118) leads nowhere without the route beside it.
  const named = /^[\w-]{1,63}\.invalid$/.test(host)
    ? `${user}@${host};transport=${transport}`
    : address;
  const route = `;fs_nat=yes;fs_path=${encodeURIComponent(`sip:${address}`)}`;
  return { kind: 'contact', contact: `<sip:${named}${route}>` };
}
