import type { Negotiation, RemoteMedia, SdpKind } from '../rtp/index.ts';
import type { SipAddress, SipSession } from '../sip/index.ts';
import { causeOfQ850, causeOfSip } from '../channel/causes.ts';
import type { Channel } from '../channel/channel.ts';
import { infoKey } from './info-keys.ts';
import { markHeld } from './hold-state.ts';
import { plainNegotiation } from './negotiation.ts';
import { srtpFor } from './srtp-policy.ts';
import type { Board } from '../channel/board.types.ts';

/** Opens the leg's audio and ties keys and silence of the line to the channel. */
export async function openMedia(
  board: Board,
  channel: Channel,
  { kind, transport }: { kind: SdpKind; transport: SipAddress['transport'] },
): Promise<Negotiation> {
  if (channel.negotiation !== undefined) return channel.negotiation;
  const { media, negotiation } =
    kind === 'webrtc' ? await openBrowserMedia(board) : await openPlainMedia(board, transport);
  if (channel.isGone) {
    media.close();
    return negotiation;
  }
  channel.media = media;
  channel.negotiation = negotiation;
  media.onDigit = (digit, durationMs) => channel.keys.receive(digit, durationMs, 'RTP');
  media.onTimeout = () => {
    channel.log.info({ channel: channel.uuid }, 'no audio from the far end, the leg is given up');
    channel.hangup('MEDIA_TIMEOUT');
  };
  media.onFailed = () => {
    channel.log.error({ channel: channel.uuid }, 'audio of a leg failed, leg ended');
    channel.hangup('NORMAL_TEMPORARY_FAILURE');
  };
  channel.variables.set('local_media_ip', board.host);
  channel.variables.set('local_media_port', String(media.localPort));
  if (kind === 'webrtc') channel.variables.set('media_webrtc', 'true');
  return negotiation;
}

async function openPlainMedia(board: Board, transport: SipAddress['transport']) {
  const media = await board.media.open();
  const options = srtpFor(board.srtp, transport);
  return { media, negotiation: plainNegotiation(board.host, media.localPort, options) };
}

async function openBrowserMedia(board: Board) {
  const peer = await board.openPeer();
  return { media: board.media.attach(peer.wire), negotiation: peer };
}

/** Keeps what was agreed on. */
export function setRemote(channel: Channel, remote: RemoteMedia, sdp: string): void {
  channel.codec = remote.codec;
  channel.variables.set('switch_r_sdp', sdp);
  channel.variables.set('read_codec', remote.codec);
  channel.variables.set('write_codec', remote.codec);
  channel.variables.set('remote_media_ip', remote.host);
  channel.variables.set('remote_media_port', String(remote.port));
  if (remote.srtp === undefined) channel.variables.delete('rtp_secure_media_negotiated');
  else channel.variables.set('rtp_secure_media_negotiated', remote.srtp.suite);
  const signalHost = channel.session?.remoteAddress.host;
  channel.media?.setRemote({ ...remote, ...(signalHost === undefined ? {} : { signalHost }) });
}

/** What both directions have in common once a dialog is there. */
export function attachSession(board: Board, channel: Channel, session: SipSession): void {
  session.onInfo = (contentType, body) => {
    const key = infoKey(contentType, body);
    if (key !== undefined) channel.keys.receive(key.digit, key.durationMs, 'INFO');
  };
  session.onReoffer = async (offer) => {
    if (channel.negotiation === undefined) throw new Error('there is no audio yet');
    const { sdp, remote } = await channel.negotiation.answer(offer);
    setRemote(channel, remote, offer);
    markHeld(channel, isHold(remote));
    return sdp;
  };
  // What we want ourselves, whatever they asked for before (RFC 6337 section 5.1), in all our codecs.
  session.onOfferWanted = () => {
    if (channel.negotiation === undefined) throw new Error('there is no audio yet');
    return channel.negotiation.offer({ direction: channel.isHeldByUs ? 'sendonly' : 'sendrecv' });
  };
  session.onLateAnswer = async (answer) => {
    if (channel.negotiation === undefined) throw new Error('there is no audio yet');
    const remote = await channel.negotiation.accept(answer);
    setRemote(channel, remote, answer);
    if (channel.isAnswered) markHeld(channel, channel.isHeldByUs || isHold(remote));
  };
  session.onUnreachable = () => watchLost(channel, session);
  session.onRefer = (request) => board.refer(channel, request);
  session.onEnded = ({ by, status, q850 }) => {
    if (by === 'local') return;
    const cause = causeOfQ850(q850) ?? (by === 'network' ? 'RECOVERY_ON_TIMER_EXPIRE' : undefined);
    channel.variables.set('sip_hangup_disposition', 'recv_bye');
    if (!channel.isAnswered && channel.direction === 'inbound') {
      channel.hangup(cause ?? 'ORIGINATOR_CANCEL');
    } else channel.hangup(cause ?? causeOfSip(status));
  };
}

/** They only send, or nothing at all: we are on hold. */
function isHold({ direction }: RemoteMedia): boolean {
  return direction === 'sendonly' || direction === 'inactive';
}

/** How often a leg without a connection is looked at, and how long it may stay without. */
const lostCheckMs = 500;
const lostLimitMs = 30_000;
/** A closed page stops sending at once; one whose connection broke goes on. */
const lostSilenceMs = 2000;

/**
 * A browser's connection is over in mid-call. Its audio goes another way: while that flows the page
 * is alive and may come back; else it was closed or loaded anew, and the leg ends.
 */
function watchLost(channel: Channel, session: SipSession): void {
  if (!channel.isAnswered) {
    channel.hangup('ORIGINATOR_CANCEL');
    return;
  }
  const since = Date.now();
  const timer = setInterval(() => {
    if (channel.isGone || session.isReachable) {
      clearInterval(timer);
      return;
    }
    const isSilent = (channel.media?.silentMs ?? Infinity) > lostSilenceMs;
    if (!isSilent && Date.now() - since < lostLimitMs) return;
    clearInterval(timer);
    channel.log.info({ channel: channel.uuid }, 'browser gone, leg ended');
    channel.hangup(isSilent ? 'MEDIA_TIMEOUT' : 'RECOVERY_ON_TIMER_EXPIRE');
  }, lostCheckMs);
}
