import { addressOf, routeUri, type Dialog } from './dialog.ts';
import type { Flow } from '../transport/transport.types.ts';
import type { SipAddress } from '../user-agent.types.ts';

/** What is known of those who send requests. */
export interface Peers {
  isTrunk: (host: string) => boolean;
  /** That user is registered on that connection, or at that UDP address. */
  isUserOn: (username: string, flow: Flow) => boolean;
}

export interface DialogOwner {
  /** Users whose telephone is in the dialog; empty for a trunk and for strangers. */
  users: ReadonlySet<string>;
  /** We began the dialog. */
  isCaller: boolean;
}

/**
 * Whether a request that names the dialog is its far end's (RFC 3261 section 12.2.2). The tags must be those of the
 * dialog, and it must come from where the far end may be: what began on a protected connection goes on there, or on
 * another of the same kind on which the same user has logged in; what began in the clear, from the far end's address.
 */
export function isOfFarEnd(
  dialog: Dialog,
  owner: DialogOwner,
  { fromTag, flow, peers }: { fromTag: string; flow: Flow; peers: Peers },
): boolean {
  if (fromTag !== dialog.remoteTag) return false;
  const was = dialog.flow.address;
  const { address } = flow;
  if (flow.isReliable && flow === dialog.flow) return true;
  const isUsers = () => [...owner.users].some((username) => peers.isUserOn(username, flow));
  if (address.transport === 'ws' || isProtected(was)) {
    if (address.transport !== was.transport) return false;
    return isUsers() || isTrunks(was, owner, address, peers);
  }
  return isAt(dialog, address.host) || isUsers() || isTrunks(was, owner, address, peers);
}

function isProtected({ transport }: SipAddress): boolean {
  return transport === 'tls' || transport === 'ws';
}

/** A carrier has many addresses, and any of them may speak for its calls. */
function isTrunks(
  was: SipAddress,
  { users, isCaller }: DialogOwner,
  { transport, host }: SipAddress,
  peers: Peers,
): boolean {
  if (transport === 'ws' || users.size > 0) return false;
  return (isCaller || peers.isTrunk(was.host)) && peers.isTrunk(host);
}

/** At its source, its Contact or a proxy on the way; the port may change behind an address translator. */
function isAt({ flow, remoteTarget, routes }: Dialog, host: string): boolean {
  if (flow.address.host === host) return true;
  return [remoteTarget, ...routes.map(routeUri)].some((uri) => addressOf(uri)?.host === host);
}
