import { answerTo, offerFor, parseSdp, type LocalMedia } from '../rtp/index.ts';
import type { SipSession } from '../sip/index.ts';
import { causeOfQ850, causeOfSip } from './causes.ts';
import type { Channel } from './channel.ts';
import type { Switchboard } from './switchboard.ts';

/** Opens the leg's RTP session and ties keys and silence of the line to the channel. */
export async function openMedia(board: Switchboard, channel: Channel): Promise<void> {
  if (channel.media !== undefined) return;
  const media = await board.media.open();
  if (channel.isGone) {
    media.close();
    return;
  }
  channel.media = media;
  media.onDigit = (digit, durationMs) => channel.receiveDigit(digit, durationMs, 'RTP');
  media.onTimeout = () => {
    channel.log.info({ channel: channel.uuid }, 'no audio from the far end, the leg is given up');
    channel.hangup('MEDIA_TIMEOUT');
  };
  channel.variables.set('local_media_ip', board.host);
  channel.variables.set('local_media_port', String(media.localPort));
}

/** Our side of the description; each call of it is a new version. */
export function localMedia(board: Switchboard, channel: Channel): LocalMedia {
  channel.sdp.version += 1;
  return {
    host: board.host,
    port: channel.media?.localPort ?? 0,
    sessionId: channel.sdp.sessionId,
    version: channel.sdp.version,
  };
}

/** Takes the far end's description; throws `SdpError` when we cannot take part. */
export function setRemote(channel: Channel, sdp: string): void {
  const remote = parseSdp(sdp);
  channel.codec = remote.codec;
  channel.variables.set('switch_r_sdp', sdp);
  channel.variables.set('read_codec', remote.codec);
  channel.variables.set('write_codec', remote.codec);
  channel.variables.set('remote_media_ip', remote.host);
  channel.variables.set('remote_media_port', String(remote.port));
  channel.media?.setRemote(remote);
}

/** What both directions have in common once a dialog is there. */
export function attachSession(board: Switchboard, channel: Channel, session: SipSession): void {
  session.onInfo = (contentType, body) => {
    const digit = infoDigit(contentType, body);
    if (digit !== undefined) channel.receiveDigit(digit, 160, 'INFO');
  };
  session.onReoffer = (sdp) => {
    const remote = parseSdp(sdp);
    setRemote(channel, sdp);
    const isHeld = remote.direction === 'sendonly' || remote.direction === 'inactive';
    markHeld(board, channel, isHeld);
    return answerTo(remote, localMedia(board, channel));
  };
  session.onRefer = ({ target }) => {
    const extension = /^<?sips?:([^@;>]+)/.exec(target)?.[1];
    const mayTransfer = channel.direction === 'outbound' || channel.variables.has('sip_authorized');
    if (!mayTransfer || extension === undefined) return 403;
    // Blind transfer (RFC 3515): the other side goes to the target, this leg has done its part.
    const moved = channel.other;
    if (moved === undefined) return 403;
    board.transfer(moved, decodeURIComponent(extension), undefined);
    return 202;
  };
  session.onEnded = ({ by, status, q850 }) => {
    if (by === 'local') return;
    const cause = causeOfQ850(q850) ?? (by === 'network' ? 'RECOVERY_ON_TIMER_EXPIRE' : undefined);
    channel.variables.set('sip_hangup_disposition', 'recv_bye');
    if (!channel.isAnswered && channel.direction === 'inbound') {
      channel.hangup(cause ?? 'ORIGINATOR_CANCEL');
    } else channel.hangup(cause ?? causeOfSip(status));
  };
}

function markHeld(board: Switchboard, channel: Channel, isHeld: boolean): void {
  const wasHeld = channel.callState === 'HELD';
  if (isHeld === wasHeld) return;
  channel.setCallState(isHeld ? 'HELD' : 'ACTIVE');
  channel.publish(isHeld ? 'CHANNEL_HOLD' : 'CHANNEL_UNHOLD');
  board.playHoldMusic(channel, isHeld);
}

export async function offerHold(
  board: Switchboard,
  channel: Channel,
  isHeld: boolean,
): Promise<void> {
  const { session } = channel;
  if (session === undefined) return;
  const offer = offerFor(localMedia(board, channel), {
    direction: isHeld ? 'sendonly' : 'sendrecv',
    ...(channel.codec === undefined ? {} : { codec: channel.codec }),
  });
  setRemote(channel, await session.reoffer(offer));
}

/** `application/dtmf-relay` (Signal=5) and `application/dtmf` (5). */
function infoDigit(contentType: string, body: string): string | undefined {
  const type = contentType.toLowerCase().split(';')[0]?.trim();
  if (type === 'application/dtmf-relay') {
    return /^\s*signal\s*=\s*([0-9*#A-D])/im.exec(body)?.[1]?.toUpperCase();
  }
  if (type === 'application/dtmf') return /^\s*([0-9*#A-D])/i.exec(body)?.[1]?.toUpperCase();
  return undefined;
}
