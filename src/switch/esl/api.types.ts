import type { Refusals } from '../sip/index.ts';
import type { Channel, EventBus, Switchboard } from '../channel/index.ts';

/** What API commands work on. */
export interface ApiContext {
  board: Switchboard;
  bus: EventBus;
  /** Reads the configuration file again. */
  reload: () => void;
  /** Ends the process. */
  shutdown: () => void;
  /** Runs another API command, for `sched_api`. */
  run: (command: string) => Promise<string>;
  maxSessions: number;
  /** What the limits refused. */
  refusals: Refusals;
}

export type ApiCommand = (context: ApiContext, argument: string) => string | Promise<string>;

export const noChannel = '-ERR No such channel!\n';
export const noSession = '-ERR Cannot locate session!\n';

export function find(context: ApiContext, uuid: string | undefined): Channel | undefined {
  const channel = context.board.channels.get(uuid ?? '');
  return channel === undefined || channel.isGone ? undefined : channel;
}

/** The first word and the rest, which may hold spaces. */
export function headOf(text: string): [head: string, rest: string] {
  const trimmed = text.trim();
  const at = trimmed.search(/\s/);
  return at < 0 ? [trimmed, ''] : [trimmed.slice(0, at), trimmed.slice(at).trim()];
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
