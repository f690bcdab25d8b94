import { messageOf } from '../../core/errors.ts';
import { kindOf, parseSdp, SdpError, type SdpKind } from '../rtp/index.ts';
import type { InboundSession, SipAddress } from '../sip/index.ts';
import { identityOf, type CallerClaim } from './caller-identity.ts';
import { sipStatusOf } from '../channel/causes.ts';
import { hotlineOf } from './hotline-number.ts';
import { Channel } from '../channel/channel.ts';
import { parsePlain, type PlainOptions } from './negotiation.ts';
import { srtpFor } from './srtp-policy.ts';
import { attachSession, openMedia, setRemote } from './leg-media.ts';
import type { Board } from '../channel/board.types.ts';

/** A channel for a new INVITE; undefined when its description was refused. */
export function attachInbound(board: Board, session: InboundSession): Channel | undefined {
  // Nobody takes a call over from outside; telephones of ours ask with REFER (RFC 3891 section 3).
  if (session.header('replaces') !== undefined) {
    session.hangup({ status: 603 });
    return undefined;
  }
  const sdp = session.remoteSdp;
  const { transport } = session.remoteAddress;
  const kind = sdp === undefined ? 'plain' : kindOf(sdp);
  try {
    if (sdp !== undefined) checkOffer(sdp, kind, srtpFor(board.srtp, transport));
  } catch (error) {
    const status = error instanceof SdpError ? error.status : 488;
    board.log.info({ reason: messageOf(error), from: session.remoteAddress.host }, 'bad offer');
    session.hangup({ status, q850: 88, reason: messageOf(error) });
    return undefined;
  }
  const identity = identityOf(callerOf(session), board.numbering.trunks);
  const channel = new Channel(
    {
      direction: 'inbound',
      name: `sofia/internal/${session.from.user}@${hostOf(session)}`,
      presenceId: `${session.from.user}@${session.from.host}`,
      profile: {
        username: session.authenticatedUser ?? session.from.user,
        callerName: identity.name,
        callerNumber: identity.number,
        isNumberPrivate: identity.isPrivate,
        networkAddress: session.remoteAddress.host,
        destination: hotlineOf(session.requestUri.user, board.hotlines) ?? session.requestUri.user,
        context: session.authenticatedUser === undefined ? 'trunks' : 'agents',
      },
    },
    board.context,
  );
  channel.session = session;
  channel.isOwnPhone = session.authenticatedUser !== undefined;
  channel.state = 'CS_NEW';
  channel.publish('CHANNEL_STATE');
  setVariables(channel, session);
  if (identity.trunk !== undefined) channel.setVariable('lt_trunk', identity.trunk);
  attachSession(board, channel, session);
  session.onConfirmed = () => channel.media?.release();
  channel.onRingReady = () => {
    session.ring();
    channel.times.progress = Date.now();
    channel.publish('CHANNEL_PROGRESS');
  };
  let answer = '';
  let opening: Promise<void> | undefined;
  const open = async () => {
    try {
      answer = await describe(board, channel, session.remoteSdp, { kind, transport });
      if (!channel.isAnswering) session.ring(answer);
      channel.markEarly();
    } catch (error) {
      channel.log.warn({ channel: channel.uuid, reason: messageOf(error) }, 'no audio for a leg');
      channel.hangup('INCOMPATIBLE_DESTINATION');
    }
  };
  channel.onPreAnswer = () => (opening ??= open());
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

function checkOffer(sdp: string, kind: SdpKind, options: PlainOptions): void {
  if (kind === 'plain') parsePlain(sdp, options);
  else parseSdp(sdp, kind);
}

async function describe(
  board: Board,
  channel: Channel,
  offer: string | undefined,
  { kind, transport }: { kind: SdpKind; transport: SipAddress['transport'] },
): Promise<string> {
  const negotiation = await openMedia(board, channel, { kind, transport });
  // Until the caller has acknowledged or is heard, the description may name somebody else's address.
  if (kind === 'plain') channel.media?.holdBack();
  if (offer === undefined) return negotiation.offer();
  const { sdp, remote } = await negotiation.answer(offer);
  if (!channel.isGone) setRemote(channel, remote, offer);
  return sdp;
}

function callerOf(session: InboundSession): CallerClaim {
  const { authenticatedUser, userVariables, from, remoteAddress } = session;
  return {
    source: remoteAddress,
    user:
      authenticatedUser === undefined
        ? undefined
        : userVariables['effective_caller_id_number'] || authenticatedUser,
    number: from.user,
    name: from.displayName,
    asserted: session.headers('P-Asserted-Identity'),
    privacy: session.headers('Privacy'),
  };
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
          ...Object.entries(session.userVariables),
        ] as const)),
  ];
  for (const [name, value] of entries) channel.setVariable(name, value);
}
