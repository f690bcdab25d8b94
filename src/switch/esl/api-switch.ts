import { randomUUID } from 'node:crypto';
import {
  causeOf,
  conferenceCommand,
  delayOf,
  scheduleHangup,
  scheduleTransfer,
  splitArguments,
  type Channel,
  type Step,
} from '../channel/index.ts';
import { headOf, noChannel, find, wordsOf, type ApiCommand, type ApiContext } from './api.types.ts';
import { ignore } from '../../core/ignore.ts';

const originateUsage =
  '-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>] ' +
  '[<cid_name>] [<cid_num>] [<timeout_sec>]\n';

/** Commands about the switch as a whole. */
export const switchCommands: Readonly<Record<string, ApiCommand>> = {
  status: (context) => status(context),
  version: () => 'Lingting embedded switch\n',
  echo: (_context, argument) => argument,
  create_uuid: () => randomUUID(),
  /** Of ours alone: what the limits on one address refused since the start, by reason. */
  lt_refusals: ({ refusals }) => JSON.stringify(refusals.counts),
  module_exists: () => 'false',
  global_getvar: (context, argument) =>
    argument.trim() === 'core_uuid'
      ? context.bus.coreUuid
      : (context.board.globals.get(argument.trim()) ?? ''),
  global_setvar: (context, argument) => {
    const [name = '', value = '', expected = ''] = argument.split('=').map((one) => one.trim());
    if (name === '') return '-USAGE: <var>=<value> [=<value2>]\n';
    const { globals } = context.board;
    // Like FreeSWITCH: set only if it holds the second value; the reply does not tell.
    if (expected !== '' && globals.get(name) !== expected) return '+OK';
    if (value === '') globals.delete(name);
    else globals.set(name, value);
    return '+OK';
  },
  reloadxml: (context) => {
    context.reload();
    context.bus.publish('RELOADXML');
    return '+OK [Success]\n';
  },
  hupall: (context, argument) => {
    const [cause] = wordsOf(argument);
    for (const channel of [...context.board.channels.values()]) {
      channel.hangup(cause === undefined ? 'MANAGER_REQUEST' : causeOf(cause));
    }
    return `+OK hangup all channels with cause ${cause ?? 'MANAGER_REQUEST'}\n`;
  },
  fsctl: (context, argument) => control(context, argument),
  conference: (context, argument) => conferenceCommand(context.board, argument),
  show: (context, argument) => show(context, argument),
  originate: (context, argument) => originate(context, argument),

  sofia: (context, argument) => sofia(context, argument),
  sofia_contact: (context, argument) => {
    const user = argument.trim().split('/').at(-1)?.split('@')[0] ?? '';
    const contacts = context.board.agent.contactsOf(user);
    if (contacts.length === 0) return 'error/user_not_registered';
    return contacts.map((one) => `sofia/internal/${one.uri}`).join(',');
  },
  user_exists: async (context, argument) => {
    const user = await ignore(
      context.board.directory.find(wordsOf(argument)[1] ?? ''),
      'no directory, no such user',
    );
    return String(user !== undefined);
  },

  sched_hangup: (context, argument) => {
    const [when, uuid, cause] = wordsOf(argument);
    if (when === undefined || uuid === undefined) return '-USAGE: [+]<time> <uuid> [<cause>]\n';
    const channel = find(context, uuid);
    if (channel === undefined) return noChannel;
    scheduleHangup(context.board, channel, when, cause);
    return '+OK\n';
  },
  sched_transfer: (context, argument) => {
    const [when, rest] = headOf(argument);
    const [uuid, target] = headOf(rest);
    if (target === '') {
      return '-USAGE: [+]<time> <uuid> <extension> [<dialplan>] [<context>]\n';
    }
    const channel = find(context, uuid);
    if (channel === undefined) return noChannel;
    const [extension = '', dialplan, inContext] = splitArguments(target);
    scheduleTransfer(context.board, channel, when, { extension, dialplan, context: inContext });
    return '+OK\n';
  },
  sched_api: (context, argument) => {
    const [when, rest] = headOf(argument);
    const [group, command] = headOf(rest);
    if (command === '') return '-USAGE: [+@]<time> <group_name> <command_string>[&]\n';
    const id = context.board.timers.schedule(delayOf(when), group, () => void context.run(command));
    return `+OK Added: ${id}\n`;
  },
  sched_del: (context, argument) =>
    `+OK Deleted: ${context.board.timers.unschedule(argument.trim())}\n`,
};

async function sofia({ board }: ApiContext, argument: string): Promise<string> {
  if (argument.startsWith('status')) return `sip agent on port ${board.agent.port}\n`;
  // All telephones stand in one list here, whatever they came by.
  if (argument.startsWith('profile phones-tls flush_inbound_reg ')) return '+OK nothing to flush\n';
  const [, user] = /^profile internal flush_inbound_reg ([\w.-]{1,64})(?:@|$)/.exec(argument) ?? [];
  if (user === undefined) return '-ERR not supported by the embedded switch\n';
  board.agent.forget(user);
  // What is remembered of the account is asked for anew, so that nobody comes back with it.
  await ignore(board.directory.refresh(user), 'asked again when the user registers');
  return `+OK flushing all registrations matching specified user [${user}]\n`;
}

function status({ board, bus, maxSessions }: ApiContext): string {
  const seconds = Math.floor((Date.now() - bus.startedAt) / 1000);
  return (
    `UP 0 years, ${Math.floor(seconds / 86_400)} days, ${Math.floor(seconds / 3600) % 24} hours, ` +
    `${Math.floor(seconds / 60) % 60} minutes, ${seconds % 60} seconds\n` +
    `Lingting embedded switch is ready\n` +
    `${board.sessionsSinceStart} session(s) since startup\n` +
    `${board.channels.size} session(s) - peak 0, last 5min 0\n` +
    `0 session(s) per Sec out of max 1000\n${maxSessions} session(s) max\n`
  );
}

function control({ board, shutdown }: ApiContext, argument: string): string {
  const [verb, mode] = wordsOf(argument);
  if (verb === 'pause') board.isPaused = true;
  else if (verb === 'resume') board.isPaused = false;
  else if (verb === 'shutdown') {
    if (mode !== 'elegant' && mode !== 'asap') {
      setImmediate(shutdown);
      return '+OK\n';
    }
    board.isPaused = true;
    const timer = setInterval(() => {
      if (board.channels.size > 0) return;
      clearInterval(timer);
      shutdown();
    }, 100);
  } else return '-USAGE: fsctl [pause|resume|shutdown]\n';
  return '+OK\n';
}

const columns: readonly (readonly [string, (channel: Channel) => string])[] = [
  ['uuid', (one) => one.uuid],
  ['direction', (one) => one.direction],
  ['created', (one) => new Date(one.times.created).toISOString().slice(0, 19).replace('T', ' ')],
  ['created_epoch', (one) => String(Math.floor(one.times.created / 1000))],
  ['name', (one) => one.name],
  ['state', (one) => one.state],
  ['cid_name', (one) => one.profile.callerName],
  ['cid_num', (one) => one.profile.callerNumber],
  ['ip_addr', (one) => one.profile.networkAddress],
  ['dest', (one) => one.profile.destination],
  ['application', (one) => one.variables.get('current_application') ?? ''],
  ['application_data', (one) => one.variables.get('current_application_data') ?? ''],
  ['dialplan', () => 'XML'],
  ['context', (one) => one.profile.context],
  ['read_codec', (one) => one.codec ?? ''],
  ['read_rate', () => '8000'],
  ['read_bit_rate', () => '64000'],
  ['write_codec', (one) => one.codec ?? ''],
  ['write_rate', () => '8000'],
  ['write_bit_rate', () => '64000'],
  ['secure', () => ''],
  ['hostname', () => 'embedded'],
  ['presence_id', (one) => one.presenceId],
  ['presence_data', () => ''],
  ['accountcode', () => ''],
  ['callstate', (one) => one.callState],
  ['callee_name', () => ''],
  ['callee_num', () => ''],
  ['callee_direction', () => ''],
  ['call_uuid', (one) => one.variables.get('call_uuid') ?? ''],
  ['sent_callee_name', () => ''],
  ['sent_callee_num', () => ''],
  ['initial_cid_name', (one) => one.profile.callerName],
  ['initial_cid_num', (one) => one.profile.callerNumber],
  ['initial_ip_addr', (one) => one.profile.networkAddress],
  ['initial_dest', (one) => one.profile.destination],
  ['initial_dialplan', () => 'XML'],
  ['initial_context', (one) => one.profile.context],
];

function show({ board }: ApiContext, argument: string): string {
  const [what, ...rest] = wordsOf(argument);
  if (what !== 'channels' && what !== 'calls') return '-USAGE: channels|calls [count] [as json]\n';
  const channels = [...board.channels.values()].filter((one) => !one.isGone);
  if (rest[0] === 'count') return `\n${channels.length} total.\n`;
  if (rest[0] === 'as' && rest[1] === 'json') {
    if (channels.length === 0) return '{"row_count":0}';
    const rows = channels.map((one) =>
      Object.fromEntries(columns.map(([name, value]) => [name, value(one)])),
    );
    return JSON.stringify({ row_count: rows.length, rows });
  }
  if (channels.length === 0) return '\n0 total.\n';
  const lines = channels.map((one) => columns.map(([, value]) => value(one)).join(','));
  const head = columns.map(([name]) => name).join(',');
  return `${head}\n${lines.join('\n')}\n\n${channels.length} total.\n`;
}

async function originate({ board }: ApiContext, argument: string): Promise<string> {
  const [dialString, target, dialplan, context, callerName, callerNumber, timeout] =
    splitArguments(argument);
  if (dialString === undefined || target === undefined) return originateUsage;
  const app = /^&([\w-]+)(?:\((.*)\))?$/s.exec(target.replace(/^'(.*)'$/s, '$1'));
  const steps = (channel: Channel): readonly Step[] =>
    app === null
      ? board.stepsOf(channel, target, dialplan, context)
      : [{ application: app[1] ?? 'park', argument: app[2] ?? '' }];
  const result = await board.originate(dialString, steps, {
    ...(Number(timeout) > 0 ? { timeoutSec: Number(timeout) } : {}),
    ...(callerName === undefined ? {} : { callerName }),
    ...(callerNumber === undefined ? {} : { callerNumber }),
  });
  return result.channel === undefined ? `-ERR ${result.cause}\n` : `+OK ${result.channel.uuid}\n`;
}
