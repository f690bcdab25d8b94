import type { SdpKind } from '../rtp/index.ts';
import type { OutboundInvite, SipAddress } from '../sip/index.ts';
import { causeOf, isCause, type Cause } from '../channel/causes.ts';
import type { DialTarget } from './dial-string.ts';
import type { Board } from '../channel/board.types.ts';
import { testTelephone } from './test-trunk.ts';
import { ignore } from '../../core/ignore.ts';

export interface Reachable {
  uri: string;
  /** Who was dialled, when `uri` is where one of their telephones is. */
  to?: string;
  /** Nobody is there: it rings until the caller gives up. */
  isUnattended?: boolean;
  label: string;
  user: string;
  /** Registered here, by somebody who proved who they are. */
  isOwnPhone?: boolean;
  flow?: OutboundInvite['flow'];
  credentials?: OutboundInvite['credentials'];
  variables: ReadonlyMap<string, string>;
}

export type Target = Reachable | { cause: Cause };

/** Where an endpoint is now: a registered user's phones, an address, a gateway. */
export async function resolveTarget(board: Board, target: DialTarget): Promise<readonly Target[]> {
  const { endpoint, variables } = target;
  const [kind, ...rest] = endpoint.split('/');
  const path = rest.join('/');
  switch (kind) {
    case 'user': {
      const [user = ''] = path.split('@');
      const contacts = board.agent.contactsOf(user);
      if (contacts.length === 0) {
        const known = await ignore(board.directory.find(user), 'no directory, no such user');
        return [{ cause: known === undefined ? 'SUBSCRIBER_ABSENT' : 'USER_NOT_REGISTERED' }];
      }
      return contacts.map((contact) => ({
        uri: contact.uri,
        flow: contact.flow,
        isOwnPhone: true,
        user,
        label: `sofia/internal/${contact.uri.replace(/^sips?:/, '').split(';')[0] ?? user}`,
        variables,
      }));
    }
    case 'sofia':
      return [sofiaTarget(board, rest, variables)];
    case 'error':
      return [{ cause: isCause(path) ? path : causeOf(path) }];
    default:
      return [{ cause: 'CHAN_NOT_IMPLEMENTED' }];
  }
}

function sofiaTarget(
  board: Board,
  [profile, ...rest]: readonly string[],
  variables: ReadonlyMap<string, string>,
): Reachable | { cause: Cause } {
  if (profile === 'gateway') {
    const [name = '', ...number] = rest;
    if (name === board.numbering.testTrunk) {
      return { ...testTelephone(board, number.join('/')), variables };
    }
    const gateway = board.numbering.gateways.get(name);
    if (gateway === undefined) return { cause: 'INVALID_GATEWAY' };
    const user = number.join('/');
    const { username, password } = gateway;
    return {
      uri: `sip:${user}@${gateway.host}:${gateway.port}`,
      label: `sofia/external/${user}`,
      user,
      variables,
      ...(username === undefined || password === undefined
        ? {}
        : { credentials: { username, password } }),
    };
  }
  const address = rest.join('/');
  if (address === '') return { cause: 'DESTINATION_OUT_OF_ORDER' };
  const user = address.split('@')[0] ?? address;
  return { uri: `sip:${address}`, label: `sofia/internal/${address}`, user, variables };
}

/** Browsers take nothing but encrypted audio, and come by WebSocket alone. */
export function mediaFor(target: Reachable): { kind: SdpKind; transport: SipAddress['transport'] } {
  const transport = target.flow?.transport ?? 'udp';
  const isBrowser = transport === 'ws' || target.variables.get('media_webrtc') === 'true';
  return { kind: isBrowser ? 'webrtc' : 'plain', transport };
}
