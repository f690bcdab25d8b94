import type { UA } from 'jssip/lib/UA';
import type { PhoneAccount } from '../../../../src/contract/agents/agents.ts';

/** SIP over a WebSocket. Its code is fetched when somebody has a telephone in the browser, not before. */
export async function userAgent(account: PhoneAccount): Promise<UA> {
  const { default: JsSIP } = await import('jssip');
  const socket = new JsSIP.WebSocketInterface(account.wsUrl);
  // A proxy ends TLS: the switch hears plain WebSocket, and answers nobody who says otherwise.
  socket.via_transport = 'WS';
  return new JsSIP.UA({
    sockets: [socket],
    uri: account.uri,
    authorization_user: account.username,
    password: account.password,
    realm: account.realm,
    register: true,
    register_expires: 120,
    user_agent: 'Lingting',
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 8,
  });
}
