import { causeOf, causeOfSip } from '../causes.ts';
import type { Channel } from '../channel.ts';
import type { Run, Step } from '../channel.types.ts';
import { expand, splitArguments } from '../arguments.ts';
import { playAndGetDigits, playback, read, record, startRecording } from './playing.ts';
import type { Board } from '../board.types.ts';
import { bridgeTo, park } from './bridging.ts';
import { hold } from './holding.ts';
import { confer } from './conference.ts';
import { scheduleHangup, scheduleTransfer } from './scheduling.ts';
import { eavesdrop, threeWay } from './supervision.ts';
import { pause } from '../waiting.ts';

type Application = (
  board: Board,
  channel: Channel,
  argument: string,
  run: Run,
) => Promise<string | undefined> | string | undefined;

/** Every application that a dialplan, an originate or a `sendmsg` may name. */
const applications: Readonly<Record<string, Application>> = {
  answer: async (_board, channel) => {
    await channel.answer();
    return undefined;
  },
  pre_answer: async (_board, channel) => {
    await channel.preAnswer();
    return undefined;
  },
  ring_ready: (_board, channel) => {
    channel.onRingReady();
    return undefined;
  },
  park: (board, channel, _argument, run) => park(board, channel, run),
  set: (_board, channel, argument) => setOne(channel, argument),
  export: (_board, channel, argument) => setOne(channel, argument.replace(/^nolocal:/, '')),
  multiset: (_board, channel, argument) => {
    const other = /^\^\^(.)/.exec(argument);
    const separator = other?.[1] ?? ' ';
    for (const pair of (other === null ? argument : argument.slice(3)).split(separator)) {
      setOne(channel, pair);
    }
    return undefined;
  },
  unset: (_board, channel, argument) => {
    channel.setVariable(argument.trim(), undefined);
    return undefined;
  },
  multiunset: (_board, channel, argument) => {
    const other = /^\^\^(.)/.exec(argument);
    for (const name of (other === null ? argument : argument.slice(3)).split(other?.[1] ?? ' ')) {
      channel.setVariable(name, undefined);
    }
    return undefined;
  },
  playback: (board, channel, argument, run) => playback(channel, board.media, argument, run),
  endless_playback: async (board, channel, argument, run) => {
    while (!run.signal.aborted) {
      const response = await playback(channel, board.media, argument, run);
      if (response !== 'FILE PLAYED') return response;
    }
    return 'FILE PLAYED';
  },
  play_and_get_digits: (board, channel, argument, run) =>
    playAndGetDigits(channel, board.media, argument, run),
  read: (board, channel, argument, run) => read(channel, board.media, argument, run),
  record: (_board, channel, argument, run) => record(channel, argument, run),
  record_session: (_board, channel, argument) => {
    startRecording(channel, argument.trim());
    return undefined;
  },
  stop_record_session: (_board, channel, argument) => {
    channel.recorders.get(argument.trim())?.stop();
    return undefined;
  },
  record_session_mask: (_board, channel, argument) => {
    channel.recorders.get(argument.trim())?.mask();
    return undefined;
  },
  record_session_unmask: (_board, channel, argument) => {
    channel.recorders.get(argument.trim())?.unmask();
    return undefined;
  },
  bridge: (board, channel, argument, run) => bridgeTo(board, channel, argument, run),
  eavesdrop,
  three_way: threeWay,
  conference: confer,
  transfer: (board, channel, argument) => {
    const [extension = '', dialplan, context] = splitArguments(argument);
    board.transfer(channel, extension, dialplan, context);
    return undefined;
  },
  hangup: (_board, channel, argument) => {
    channel.hangup(causeOf(argument));
    return undefined;
  },
  respond: (_board, channel, argument) => {
    channel.hangup(causeOfSip(Number.parseInt(argument, 10)));
    return undefined;
  },
  sleep: async (_board, _channel, argument, run) => {
    await pause(Number(argument) || 0, run.signal);
    return undefined;
  },
  wait_for_silence: () => undefined,
  flush_dtmf: (_board, channel) => {
    channel.keys.clear();
    return undefined;
  },
  send_dtmf: (_board, channel, argument) => {
    const [digits = '', duration] = argument.split('@');
    channel.media?.sendDtmf(digits, Number(duration) || 100);
    return undefined;
  },
  hold: (_board, channel) => {
    hold(channel, true);
    return undefined;
  },
  unhold: (_board, channel) => {
    hold(channel, false);
    return undefined;
  },
  sched_hangup: (board, channel, argument) => {
    const [when = '', cause] = splitArguments(argument);
    scheduleHangup(board, channel, when, cause);
    return undefined;
  },
  sched_transfer: (board, channel, argument) => {
    const [when = '', extension = '', dialplan, context] = splitArguments(argument);
    const id = scheduleTransfer(board, channel, when, { extension, dialplan, context });
    channel.setVariable('last_sched_id', String(id));
    return undefined;
  },
  log: () => undefined,
  info: () => undefined,
  event: () => undefined,
};

export function applicationNames(): string[] {
  return Object.keys(applications);
}

export async function applyStep(
  board: Board,
  channel: Channel,
  step: Step,
  run: Run,
): Promise<string> {
  if (step.task !== undefined) return step.task(run);
  const application = Object.hasOwn(applications, step.application)
    ? applications[step.application]
    : undefined;
  if (application === undefined) {
    // As FreeSWITCH does: the command was accepted, the call cannot go on.
    channel.log.warn({ channel: channel.uuid, app: step.application }, 'unknown application');
    channel.hangup('DESTINATION_OUT_OF_ORDER');
    return '_none_';
  }
  const argument = expand(step.argument, channel.variables, board.globals);
  return (await application(board, channel, argument, run)) ?? '_none_';
}

function setOne(channel: Channel, pair: string): undefined {
  const at = pair.indexOf('=');
  const name = (at < 0 ? pair : pair.slice(0, at)).trim();
  if (name !== '') channel.setVariable(name, at < 0 ? undefined : pair.slice(at + 1));
}
