import { connect } from './bridging.ts';
import type { Channel } from './channel.ts';
import type { Switchboard } from './switchboard.ts';

/** A phone asks us to transfer its partner (RFC 3515); the answer is a SIP status. */
export function onRefer(
  board: Switchboard,
  channel: Channel,
  { target, replaces }: { target: string; replaces: string | undefined },
): number {
  // Only phones of ours: a caller from outside must not send itself elsewhere.
  const mayTransfer = channel.direction === 'outbound' || channel.variables.has('sip_authorized');
  const { other } = channel;
  if (!mayTransfer || other === undefined) return 403;
  if (replaces !== undefined) return attended(board, channel, other, replaces);
  const extension = /^<?(?:sips?:)?([^@;>]+)/.exec(target)?.[1];
  if (extension === undefined) return 400;
  channel.variables.set('sip_refer_to', target);
  board.transfer(other, decodeURIComponent(extension), undefined);
  return 202;
}

/** Both partners of a phone with two calls are joined, and the phone is out of it (RFC 3891). */
function attended(board: Switchboard, first: Channel, partner: Channel, replaces: string): number {
  const callId = replaces.split(';')[0];
  const second = [...board.channels.values()].find(
    (one) => one !== first && !one.isGone && one.session?.sipCallId === callId,
  );
  const target = second?.other;
  if (second === undefined || target === undefined || target === partner) return 481;
  second.hangup('ATTENDED_TRANSFER');
  connect(board, partner, target);
  // After the answer and its NOTIFY, which need the dialog.
  setImmediate(() => first.hangup('ATTENDED_TRANSFER'));
  return 202;
}
