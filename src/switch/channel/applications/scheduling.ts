import type { Board } from '../board.types.ts';
import { causeOf, type Cause } from '../causes.ts';
import type { Channel } from '../channel.ts';

/** `+8`, or seconds since 1970, in milliseconds from now. */
export function delayOf(when: string): number {
  const delay = when.startsWith('+')
    ? Number(when.slice(1)) * 1000
    : Number(when) * 1000 - Date.now();
  return Number.isFinite(delay) ? Math.max(0, delay) : 0;
}

export function scheduleHangup(
  board: Board,
  channel: Channel,
  when: string,
  cause: string | undefined,
): number {
  const ends: Cause = cause === undefined ? 'ALLOTTED_TIMEOUT' : causeOf(cause);
  const task = () => channel.hangup(ends);
  return board.timers.schedule(delayOf(when), channel.uuid, task, channel);
}

export function scheduleTransfer(
  board: Board,
  channel: Channel,
  when: string,
  to: { extension: string; dialplan: string | undefined; context: string | undefined },
): number {
  const task = () => {
    if (!channel.isGone) board.transfer(channel, to.extension, to.dialplan, to.context);
  };
  return board.timers.schedule(delayOf(when), channel.uuid, task, channel);
}
