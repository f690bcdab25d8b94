import { parseVia } from './headers.ts';
import { headerOf, splitOutside, type SipRequest } from './message.ts';
import type { SipAddress } from '../user-agent.types.ts';

/**
 * The topmost Via with `received` where the request came from, and `rport` where it asks for the port
 * (RFC 3261 section 18.2.1, RFC 3581 section 4). What the sender wrote there is not believed.
 */
export function stampVia(request: SipRequest, { host, port }: SipAddress): SipRequest {
  let isFirst = true;
  const headers = request.headers.map(([name, value]): [string, string] => {
    if (name !== 'via' || !isFirst) return [name, value];
    isFirst = false;
    return [name, stamped(value, host, port)];
  });
  return { ...request, headers };
}

function stamped(value: string, host: string, port: number): string {
  const via = parseVia(value);
  const hasRport = via.params.has('rport');
  if (!hasRport && !via.params.has('received') && via.host === host) return value;
  const [front = '', ...params] = splitOutside(value, ';');
  const kept = params.filter((one) => {
    const name = (one.split('=')[0] ?? '').trim().toLowerCase();
    return name !== 'received' && name !== 'rport';
  });
  const own = [...(hasRport ? [`rport=${port}`] : []), `received=${host}`];
  return [front.trimEnd(), ...kept.map((one) => one.trim()), ...own].join(';');
}

/**
 * Where a response goes when its request came in a datagram, or on a connection that is over: to the source, and
 * there to the port of the source with `rport`, to the one that Via names without (RFC 3261 section 18.2.2,
 * RFC 3581 section 4). `maddr` is not obeyed: it would send our answers wherever a stranger says.
 */
export function responseAddress(request: SipRequest, source: SipAddress): SipAddress {
  const via = parseVia(headerOf(request.headers, 'via') ?? '');
  const isByPort = via.params.has('rport') && source.transport === 'udp';
  const standard = source.transport === 'tls' ? 5061 : 5060;
  return { ...source, port: isByPort ? source.port : via.port || standard };
}
