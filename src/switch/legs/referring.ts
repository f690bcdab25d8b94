import type { ReferAnswer, ReferRequest } from '../sip/index.ts';
import { connect } from '../channel/applications/bridging.ts';
import type { Channel } from '../channel/channel.ts';
import type { Board } from '../channel/board.types.ts';
import { ignore } from '../../core/ignore.ts';

/** A transfer that has not connected its partner to anybody by then has failed. */
const limitMs = 90_000;

/**
 * A phone asks us to transfer its partner (RFC 3515). What cannot be tried is refused at once; what came
 * of the rest is told when it is known.
 */
export async function onRefer(
  board: Board,
  channel: Channel,
  { target, replaces }: ReferRequest,
): Promise<ReferAnswer> {
  // Only phones of ours: a caller from outside must not send itself elsewhere.
  if (!channel.isOwnPhone) return { status: 403 };
  const { other } = channel;
  if (other === undefined) return { status: 603 };
  if (replaces !== undefined) return attended(board, channel, other, replaces);
  const status = await reachability(board, target);
  if (status !== 200) return { status };
  // The look-up took its time.
  if (other.isGone || channel.other !== other) return { status: 603 };
  const outcome = outcomeOf(other, channel);
  other.setVariable('sip_refer_to', `<sip:${encodeURIComponent(target)}@${board.domain}>`);
  board.transfer(other, target, undefined);
  return { status: 202, outcome };
}

/** Whether a target can be tried: a hotline, or a telephone of ours that is there. */
async function reachability(board: Board, target: string): Promise<number> {
  if (board.hotlines.has(target)) return 200;
  if (!/^[\w.+-]{1,64}$/.test(target)) return 404;
  if (board.agent.contactsOf(target).length > 0) return 200;
  const user = await ignore(board.directory.find(target), 'no directory, no such user');
  return user === undefined ? 404 : 480;
}

/** 200 as soon as the partner talks to somebody else, the failure when it does not. */
function outcomeOf(partner: Channel, referrer: Channel): Promise<number> {
  return new Promise((resolve) => {
    const done = (status: number) => {
      clearTimeout(timer);
      partner.onBridged = () => undefined;
      resolve(status);
    };
    const timer = setTimeout(() => done(408), limitMs);
    partner.onBridged = (other) => done(other === referrer ? 480 : 200);
    partner.gone.addEventListener('abort', () => done(487), { once: true });
  });
}

/** Both partners of a phone with two calls are joined, and the phone is out of it (RFC 3891). */
function attended(board: Board, first: Channel, partner: Channel, replaces: string): ReferAnswer {
  const callId = replaces.split(';')[0]?.trim();
  const second = [...board.channels.values()].find(
    (one) => one !== first && !one.isGone && one.session?.sipCallId === callId,
  );
  const target = second?.other;
  if (second === undefined || target === undefined || target === partner) return { status: 481 };
  // Calls of their own only, whoever knows the ids of another's.
  if (!second.isOwnPhone || second.profile.username !== first.profile.username) {
    return { status: 403 };
  }
  const outcome = outcomeOf(partner, first);
  second.hangup('ATTENDED_TRANSFER');
  connect(board, partner, target);
  // After the answer and its NOTIFY, which need the dialog.
  void outcome.then(() => setImmediate(() => first.hangup('ATTENDED_TRANSFER')));
  return { status: 202, outcome };
}
