import { BlockList, isIP } from 'node:net';
import { isOurHost } from '../../../core/host-names.ts';

/** From which pages browsers may connect, and which proxies tell where a browser really is. */
export interface OriginRules {
  /** `https://hotline.example.com`, hosts alone, or `*` for any; pages of the same host always may. */
  allowed: readonly string[];
  /** Names under which pages reach us besides those of this machine; left out, any name will do. */
  hosts?: readonly string[] | undefined;
}

/**
 * Whether a WebSocket may be opened by a page of that origin. A client without an Origin header is no browser
 * (RFC 6455 section 10.2). Ports may differ: the page comes from the service, the socket from the switch.
 */
export function isOriginAllowed(
  origin: string | undefined,
  host: string | undefined,
  { allowed, hosts }: OriginRules,
): boolean {
  if (origin === undefined || allowed.includes('*')) return true;
  const page = hostOf(origin);
  if (page === undefined) return false;
  if (hosts !== undefined && !isOurHost(host ?? '', hosts)) return false;
  const own = host === undefined ? undefined : hostOf(`http://${host}`);
  if (own !== undefined && (page === own || (isThisMachine(page) && isThisMachine(own)))) {
    return true;
  }
  return allowed.some((one) => hostOf(one.includes('://') ? one : `http://${one}`) === page);
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname.toLowerCase() : undefined;
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}

const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

/** Addresses, networks in CIDR notation, and the three names of TRUSTED_PROXIES. */
export function networkList(texts: readonly string[]): (host: string) => boolean {
  const list = new BlockList();
  for (const text of texts.flatMap((one) => named[one] ?? [one])) {
    const [address = '', bits] = text.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(address) === 0) continue;
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (host) => isIP(host) !== 0 && list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

/** The client as trusted proxies tell it: the last address that is not a trusted proxy's. */
export function clientOf(
  remote: string,
  forwardedFor: string | undefined,
  isProxy: (host: string) => boolean,
): string {
  let client = remote;
  const hops = (forwardedFor ?? '').split(',').map((one) => one.trim());
  while (isProxy(client)) {
    const next = hops.pop();
    if (next === undefined || isIP(next) === 0) break;
    client = next;
  }
  return client;
}
