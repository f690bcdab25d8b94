import { isIP, isIPv4, isIPv6 } from 'node:net';

/** Whether only this machine can reach what listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/**
 * What counts as one source: an IPv4 address, also inside an IPv6 one, or an IPv6 network of 64 bits, however
 * it is written: whoever has one address of such a network has all of them.
 */
export function sourceOf(host: string): string {
  if (isIPv4(host) || !isIPv6(host)) return host;
  const groups = groupsOf(host);
  const [high = 0, low = 0] = groups.slice(6);
  if (groups.slice(0, 5).every((one) => one === 0) && groups[5] === 0xffff) {
    return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  }
  const network = groups.slice(0, 4).map((one) => one.toString(16));
  return `${network.join(':')}::/64`;
}

/** The eight groups of an IPv6 address. */
function groupsOf(host: string): number[] {
  const [front = [], back = []] = (host.split('%')[0] ?? '').split('::').map(numbersOf);
  const gap = Math.max(0, 8 - front.length - back.length);
  return [...front, ...Array<number>(gap).fill(0), ...back];
}

function numbersOf(groups: string): number[] {
  if (groups === '') return [];
  return groups.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}
