import { answerTo, parseSdp, offerFor } from '../rtp/index.ts';
import type { InboundSession } from '../sip/index.ts';
import { sipStatusOf } from './causes.ts';
import { Channel } from './channel.ts';
import { attachSession, localMedia, openMedia, setRemote } from './leg-media.ts';
import type { Switchboard } from './switchboard.ts';

/** A channel for a new INVITE; undefined when its description was refused. */
export function attachInbound(board: Switchboard, session: InboundSession): Channel | undefined {
  const sdp = session.remoteSdp;
  try {
    if (sdp !== undefined) parseSdp(sdp);
  } catch {
    session.hangup({ status: 488, reason: 'Not Acceptable Here', q850: 88 });
    return undefined;
  }
  const channel = new Channel(
    {
      direction: 'inbound',
      name: `sofia/internal/${session.from.user}@${hostOf(session)}`,
      presenceId: `${session.from.user}@${session.from.host}`,
      profile: {
        username: session.authenticatedUser ?? session.from.user,
        callerName: session.from.displayName || session.from.user,
        callerNumber: session.from.user,
        networkAddress: session.remoteAddress.host,
        destination: session.requestUri.user,
        context: 'default',
      },
    },
    board.context,
  );
  channel.session = session;
  channel.state = 'CS_NEW';
  channel.publish('CHANNEL_STATE');
  setVariables(channel, session);
  attachSession(board, channel, session);
  channel.onRingReady = () => {
    session.ring();
    channel.times.progress = Date.now();
    channel.publish('CHANNEL_PROGRESS');
  };
  let answer = '';
  channel.onPreAnswer = async () => {
    await openMedia(board, channel);
    if (channel.isGone) return;
    answer = describe(board, channel, session.remoteSdp);
    channel.markEarly();
  };
  channel.onAnswer = () => {
    session.answer(answer);
    channel.markAnswered();
    return Promise.resolve();
  };
  channel.onHangup = (cause) => {
    session.hangup({
      q850: Number(channel.variables.get('hangup_cause_q850') ?? 16),
      ...(channel.times.answered > 0 ? {} : { status: sipStatusOf(cause) }),
    });
  };
  return channel;
}

function describe(board: Switchboard, channel: Channel, sdp: string | undefined): string {
  if (sdp === undefined) return offerFor(localMedia(board, channel));
  setRemote(channel, sdp);
  return answerTo(parseSdp(sdp), localMedia(board, channel));
}

function hostOf(session: InboundSession): string {
  const { host, port } = session.from;
  return port === undefined ? host : `${host}:${port}`;
}

function setVariables(channel: Channel, session: InboundSession): void {
  const { from, to, requestUri, remoteAddress } = session;
  const entries: readonly (readonly [string, string])[] = [
    ['sip_from_user', from.user],
    ['sip_from_uri', `${from.user}@${hostOf(session)}`],
    ['sip_from_host', from.host],
    ['sip_from_display', from.displayName],
    ['channel_name', channel.name],
    ['sip_call_id', session.sipCallId],
    ['sip_network_ip', remoteAddress.host],
    ['sip_network_port', String(remoteAddress.port)],
    ['sip_received_ip', remoteAddress.host],
    ['sip_received_port', String(remoteAddress.port)],
    ['sip_via_protocol', remoteAddress.transport],
    ['sofia_profile_name', 'internal'],
    ['sip_req_user', requestUri.user],
    ['sip_req_host', requestUri.host],
    ['sip_to_user', to.user],
    ['sip_to_host', to.host],
    ['sip_user_agent', session.header('User-Agent') ?? ''],
    ['presence_id', channel.presenceId],
    ['start_epoch', String(Math.floor(Date.now() / 1000))],
    ...(session.authenticatedUser === undefined
      ? []
      : ([
          ['sip_authorized', 'true'],
          ['sip_auth_username', session.authenticatedUser],
          ['user_name', session.authenticatedUser],
        ] as const)),
  ];
  for (const [name, value] of entries) channel.setVariable(name, value);
}
