import { headerOf, type Header, type SipRequest, type SipResponse } from '../message/message.ts';
import { parseNameAddress, parseUri } from '../message/headers.ts';
import { networkList } from '../transport/origins.ts';
import type { Flow, Transports } from '../transport/transport.types.ts';
import type { SipAddress } from '../user-agent.types.ts';

/** What both sides agreed on (RFC 3261 section 12): who, in which order, by which way. */
export interface Dialog {
  callId: string;
  localTag: string;
  remoteTag: string;
  /** Whole header values, tags included. */
  localParty: string;
  remoteParty: string;
  remoteTarget: string;
  routes: readonly string[];
  localSequence: number;
  remoteSequence: number;
  /** Where the dialog came in or went out: the way back through NAT and connections. */
  flow: Flow;
}

export function dialogKey(callId: string, localTag: string): string {
  return `${callId} ${localTag}`;
}

/** Section 12.2.1.1, loose routing only; the caller adds Via. */
export function requestIn(
  dialog: Dialog,
  method: string,
  { headers = [], body = '' }: { headers?: readonly Header[]; body?: string } = {},
): SipRequest {
  if (method !== 'ACK' && method !== 'CANCEL') dialog.localSequence += 1;
  return {
    kind: 'request',
    method,
    uri: dialog.remoteTarget,
    headers: [
      ...dialog.routes.map((route): Header => ['route', route]),
      ['max-forwards', '70'],
      ['from', dialog.localParty],
      ['to', dialog.remoteParty],
      ['call-id', dialog.callId],
      ['cseq', `${dialog.localSequence} ${method}`],
      ...headers,
    ],
    body,
  };
}

/**
 * Where a request of the dialog goes: the first route, else the remote target when it is an IPv4
 * literal on UDP, else back along the flow. A contact's name is never looked up: browsers send
 * `xxx.invalid` and mean their connection (RFC 7118).
 */
export function flowOf(dialog: Dialog, transports: Transports): Flow {
  if (dialog.flow.isReliable && dialog.flow.isOpen) return dialog.flow;
  const next = dialog.routes[0];
  const address = addressOf(next === undefined ? dialog.remoteTarget : routeUri(next));
  if (
    next === undefined &&
    address !== undefined &&
    isBehindNat(address.host, dialog.flow.address)
  ) {
    return dialog.flow;
  }
  if (address === undefined || address.transport !== dialog.flow.address.transport) {
    return dialog.flow;
  }
  return transports.flowTo(address);
}

/**
 * A contact of a private network that is not where its peer's packets come from: between us is an address translator,
 * and only the source is reached (RFC 6314 section 4.1).
 */
export function isBehindNat(contact: string, source: { host: string }): boolean {
  return contact !== source.host && isPrivate(contact);
}

const isPrivate = networkList([
  'loopback',
  'linklocal',
  'uniquelocal',
  '100.64.0.0/10',
  '0.0.0.0/8',
]);

export function routeUri(route: string): string {
  return parseNameAddress(route).uri.text;
}

/** The address that a URI names without DNS; undefined for host names. */
export function addressOf(uriText: string): SipAddress | undefined {
  const uri = parseUri(uriText);
  const host = uri.host === 'localhost' ? '127.0.0.1' : uri.host;
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return undefined;
  const transport = uri.params.get('transport')?.toLowerCase() === 'tcp' ? 'tcp' : 'udp';
  return { transport, host, port: uri.port ?? 5060 };
}

/** The Contact of a request or response as the dialog's remote target; undefined when there is none. */
export function contactOf(message: SipRequest | SipResponse): string | undefined {
  const contact = headerOf(message.headers, 'contact');
  return contact === undefined || contact === '*' ? undefined : parseNameAddress(contact).uri.text;
}
