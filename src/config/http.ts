import { isIP } from 'node:net';
import { hostNameOf } from '../core/host-names.ts';
import type { Reader } from './reader.ts';

type HttpReader = Pick<
  Reader<'TRUSTED_PROXIES' | 'HTTP_NAMES' | 'SIP_WS_URL'>,
  'optional' | 'url' | 'fault'
>;

/** Addresses, networks such as 10.0.0.0/8, and the names that Express gives to the private ones. */
export function readNetworks(read: HttpReader, name: 'TRUSTED_PROXIES'): string[] {
  const networks =
    read
      .optional(name)
      ?.split(',')
      .map((one) => one.trim()) ?? [];
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const isNumber = isIP(address) !== 0 && (bits === undefined || /^\d{1,3}$/.test(bits));
    if (isNumber || ['loopback', 'linklocal', 'uniquelocal'].includes(network)) continue;
    read.fault(name, `has "${network}"; use addresses, networks such as 10.0.0.0/8, or loopback`);
  }
  return networks;
}

/** Of HTTP_NAMES; pages come from the host of SIP_WS_URL, too (docs/deploy.md). */
export function readNames(read: HttpReader): string[] {
  const names = read.optional('HTTP_NAMES')?.split(',') ?? [];
  const url = read.url('SIP_WS_URL', ['ws:', 'wss:']);
  const found = names.map((one) => {
    const name = hostNameOf(one.trim());
    if (name === undefined) {
      read.fault('HTTP_NAMES', `has "${one.trim()}"; use names alone: hotline.example.com,…`);
    }
    return name ?? '';
  });
  return [...found, ...(url === undefined ? [] : [new URL(url).hostname])];
}
