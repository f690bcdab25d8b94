import {
  causeOf,
  channelHeaders,
  connect,
  displace,
  hold,
  muteAudio,
  quietPark,
  splitArguments,
  startRecording,
  stopDisplacing,
  variableHeaders,
  type Channel,
} from '../channel/index.ts';
import { find, headOf, noChannel, noSession, wordsOf, type ApiCommand } from './api.types.ts';
import { jsonOf, plainOf } from './event-format.ts';

/** The `uuid_*` commands, with FreeSWITCH's replies to the letter. */
export const channelCommands: Readonly<Record<string, ApiCommand>> = {
  uuid_exists: (context, argument) => String(find(context, argument.trim()) !== undefined),

  uuid_kill: (context, argument) => {
    const [uuid, cause] = wordsOf(argument);
    if (uuid === undefined) return '-USAGE: <uuid> [cause]\n';
    const channel = find(context, uuid);
    if (channel === undefined) return noChannel;
    channel.hangup(causeOf(cause));
    return '+OK\n';
  },

  uuid_answer: async (context, argument) => {
    const channel = find(context, argument.trim());
    if (channel === undefined) return '-ERROR\n';
    await channel.answer();
    return '+OK\n';
  },

  uuid_pre_answer: async (context, argument) => {
    const channel = find(context, argument.trim());
    if (channel === undefined) return '-ERROR\n';
    await channel.preAnswer();
    return '+OK\n';
  },

  uuid_dump: (context, argument) => {
    const [uuid, format] = wordsOf(argument);
    if (uuid === undefined) return '-USAGE: <uuid> [format]\n';
    const channel = find(context, uuid);
    if (channel === undefined) return noChannel;
    const event = {
      name: 'CHANNEL_DATA',
      subclass: undefined,
      headers: [
        ['Event-Name', 'CHANNEL_DATA'],
        ['Core-UUID', context.bus.coreUuid],
        ...channelHeaders(channel),
        ...variableHeaders(channel),
      ] as const,
      body: undefined,
    };
    return format === 'json' ? jsonOf(event) : plainOf(event);
  },

  uuid_getvar: (context, argument) => {
    const [uuid, name] = wordsOf(argument);
    if (uuid === undefined || name === undefined) return '-USAGE: <uuid> <var>\n';
    const channel = find(context, uuid);
    return channel === undefined ? noChannel : (channel.variables.get(name) ?? '_undef_');
  },

  uuid_setvar: (context, argument) => {
    const [uuid, rest] = headOf(argument);
    const [name, value] = headOf(rest);
    if (name === '') return '-USAGE: <uuid> <var> [value]\n';
    const channel = find(context, uuid);
    if (channel === undefined) return noChannel;
    channel.setVariable(name, value);
    return '+OK\n';
  },

  uuid_setvar_multi: (context, argument) => {
    const [uuid, rest] = headOf(argument);
    const channel = find(context, uuid);
    if (rest === '') return '-USAGE: <uuid> <var>=<value>;<var>=<value>...\n';
    if (channel === undefined) return noChannel;
    for (const pair of rest.split(';')) {
      const at = pair.indexOf('=');
      if (at > 0) channel.setVariable(pair.slice(0, at).trim(), pair.slice(at + 1));
    }
    return '+OK\n';
  },

  uuid_transfer: (context, argument) => {
    const [uuid, rest] = headOf(argument);
    const words = splitArguments(rest);
    if (words[0] === undefined) {
      return '-USAGE: <uuid> [-bleg|-both] <dest-exten> [<dialplan>] [<context>]\n';
    }
    const channel = find(context, uuid);
    if (channel === undefined) return noChannel;
    const which = /^-(bleg|both)$/.exec(words[0])?.[1];
    const [target = '', dialplan, inContext] = which === undefined ? words : words.slice(1);
    const { other } = channel;
    const { board } = context;
    if (which !== undefined && other !== undefined) {
      board.transfer(other, target, dialplan, inContext);
    }
    if (which !== 'bleg') board.transfer(channel, target, dialplan, inContext);
    return '+OK\n';
  },

  /** Each leg of a bridge to a place of its own: `<extension>[/<dialplan>[/<context>]]`. */
  uuid_dual_transfer: (context, argument) => {
    const [uuid, forLeg, forOther] = splitArguments(argument);
    if (uuid === undefined || forLeg === undefined || forOther === undefined) {
      return '-USAGE: <uuid> <A-dest-exten>[/<A-dialplan>][/<A-context>] <B-dest-exten>[/<B-dialplan>][/<B-context>]\n';
    }
    const channel = find(context, uuid);
    if (channel === undefined) return noChannel;
    const { other } = channel;
    const send = (leg: Channel, place: string) => {
      const [extension = '', dialplan] = place.split('/');
      context.board.transfer(leg, extension, dialplan);
    };
    if (other !== undefined) send(other, forOther);
    send(channel, forLeg);
    return '+OK\n';
  },

  uuid_displace: async (context, argument) => {
    const [uuid, action, path, limit, mode] = splitArguments(argument);
    if (uuid === undefined || action === undefined || path === undefined) {
      return '-USAGE: <uuid> [start|stop] <path> [<limit>] [mux]\n';
    }
    const channel = find(context, uuid);
    if (channel === undefined) return noSession;
    const isDone =
      action === 'start'
        ? await displace(context.board, channel, path, {
            limitSec: Number(limit) || 0,
            isMixed: mode?.includes('m') ?? false,
          })
        : stopDisplacing(channel, path);
    return isDone ? '+OK Success\n' : '-ERR Operation failed\n';
  },

  uuid_audio: (context, argument) => {
    const [uuid, action, direction, what, level] = wordsOf(argument);
    if (uuid === undefined || action === undefined) {
      return '-USAGE: <uuid> [start [read|write] [mute|level <level>]|stop]\n';
    }
    const channel = find(context, uuid);
    if (channel === undefined) return noChannel;
    if (action === 'stop') muteAudio(channel, undefined);
    else if (what === 'mute' && (direction === 'read' || direction === 'write')) {
      muteAudio(channel, Number(level) > 0 ? direction : undefined);
    }
    return '+OK\n';
  },

  uuid_park: (context, argument) => {
    const channel = find(context, argument.trim());
    if (channel === undefined) return noChannel;
    channel.steps.redirect([quietPark(context.board, channel)]);
    return '+OK\n';
  },

  uuid_bridge: (context, argument) => {
    const [uuid, otherUuid] = wordsOf(argument);
    if (otherUuid === undefined) return '-USAGE: <uuid> <other_uuid>\n';
    const a = find(context, uuid);
    const b = find(context, otherUuid);
    if (a === undefined || b === undefined || a === b) return '-ERR Invalid uuid\n';
    connect(context.board, a, b);
    return `+OK ${otherUuid}\n`;
  },

  uuid_break: (context, argument) => {
    const [uuid, all] = wordsOf(argument);
    if (uuid === undefined) return '-USAGE: <uuid> [all]\n';
    const channel = find(context, uuid);
    if (channel === undefined) return noChannel;
    const isAll = all === 'all';
    if (isAll) channel.messages.clear();
    channel.applications.break({ isAll });
    return '+OK\n';
  },

  uuid_broadcast: (context, argument) => {
    const [uuid, path, which = 'aleg'] = splitArguments(argument);
    if (uuid === undefined || path === undefined) {
      return '-USAGE: <uuid> <path> [aleg|bleg|holdb|both]\n';
    }
    const channel = find(context, uuid);
    if (channel === undefined) return '-ERR invalid uuid\n';
    const legs = which === 'bleg' ? [channel.other] : [channel];
    if (which === 'both') legs.push(channel.other);
    const [application = 'playback', ...rest] = path.includes('::')
      ? path.split('::')
      : ['playback', path];
    for (const leg of legs) {
      leg?.messages.enqueue({
        application,
        argument: rest.join('::'),
        uuid: undefined,
        isLocked: false,
        loops: 1,
      });
    }
    return '+OK Message sent\n';
  },

  uuid_record: (context, argument) => recordCommand(find(context, wordsOf(argument)[0]), argument),

  uuid_hold: (context, argument) => {
    const words = wordsOf(argument);
    if (words.length === 0) {
      return '-USAGE: [off|toggle] <uuid> [<display>]\n-ERR Operation failed\n';
    }
    const mode = words[0] === 'off' || words[0] === 'toggle' ? words.shift() : 'on';
    const channel = find(context, words[0]);
    if (channel !== undefined) {
      const isHeld = channel.callState === 'HELD';
      hold(channel, mode === 'toggle' ? !isHeld : mode === 'on');
    }
    return '+OK Success\n';
  },

  uuid_flush_dtmf: (context, argument) => {
    const channel = find(context, argument.trim());
    if (channel === undefined) return noSession;
    channel.keys.clear();
    return '+OK\n';
  },

  uuid_send_dtmf: (context, argument) => {
    const [uuid = '', digits = ''] = wordsOf(argument);
    if (digits === '') return '-USAGE: <uuid> <dtmf_data>\n';
    const channel = find(context, uuid);
    if (channel === undefined) return noSession;
    const [keys = '', duration] = digits.split('@');
    channel.media?.sendDtmf(keys, Number(duration) || 100);
    return `+OK ${uuid} sent DTMF ${keys}.\n`;
  },

  uuid_recv_dtmf: (context, argument) => {
    const [uuid = '', digits = ''] = wordsOf(argument);
    if (digits === '') return '-USAGE: <uuid> <dtmf_data>\n';
    const channel = find(context, uuid);
    if (channel === undefined) return noSession;
    const [keys = '', duration] = digits.split('@');
    for (const key of keys) channel.keys.receive(key, Number(duration) || 250, 'APP');
    return `+OK ${uuid} received DTMF ${keys}.\n`;
  },
};

function recordCommand(channel: Channel | undefined, argument: string): string {
  const [, action, path, limit] = splitArguments(argument);
  if (action === undefined || path === undefined) {
    return '-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]\n';
  }
  if (channel === undefined) return noSession;
  if (action === 'start') {
    startRecording(channel, path, Number(limit) || undefined);
    return '+OK Success\n';
  }
  if (action === 'stop' && path === 'all') {
    for (const recorder of [...channel.recorders.values()]) recorder.stop();
    return '+OK Success\n';
  }
  const recorder = channel.recorders.get(path);
  if (recorder === undefined) {
    return action === 'stop'
      ? '-ERR Cannot stop record session!\n'
      : '-ERR Cannot mask recording session!\n';
  }
  if (action === 'stop') recorder.stop();
  else if (action === 'mask') recorder.mask();
  else recorder.unmask();
  return '+OK Success\n';
}
