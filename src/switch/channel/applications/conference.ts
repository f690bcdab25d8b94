import { randomUUID } from 'node:crypto';
import type { Log } from '../../../core/log.ts';
import type { AudioSource, FrameListener, Media } from '../../rtp/index.ts';
import { causeOf } from '../causes.ts';
import type { Channel } from '../channel.ts';
import type { Run } from '../channel.types.ts';
import type { EventBus } from '../events.ts';
import { channelHeaders, variableHeaders } from '../headers.ts';
import { aborted } from '../waiting.ts';

const frameSamples = 160;
/** Frames kept between two tickers of different phase; more is delay. */
const maxFrames = 3;
const silence = new Int16Array(frameSamples);

/** What conferences use of the switch. */
export interface ConferenceHost {
  readonly conferences: Map<string, Conference>;
  readonly media: Media;
  readonly bus: EventBus;
  readonly log: Log;
}

/** Three and more who all hear each other, under a name: what `conference name@profile` makes. */
export class Conference {
  readonly name: string;
  readonly profile: string;
  readonly uuid = randomUUID();
  readonly startedAt = Date.now();
  readonly members = new Map<number, ConferenceMember>();
  readonly #host: ConferenceHost;
  readonly #stop: () => void;
  #nextId = 1;

  constructor(host: ConferenceHost, name: string, profile: string) {
    this.#host = host;
    this.name = name;
    this.profile = profile;
    this.#stop = host.media.every20Ms(
      () => this.#mix(),
      (error) => this.#fail(error),
    );
    this.tell('conference-create');
  }

  /** Newest first, as FreeSWITCH lists them. */
  get list(): readonly ConferenceMember[] {
    return [...this.members.values()].reverse();
  }

  add(channel: Channel): ConferenceMember {
    const member = new ConferenceMember(this.#nextId, channel);
    this.#nextId += 1;
    this.members.set(member.id, member);
    this.tell('add-member', member);
    return member;
  }

  remove(member: ConferenceMember): void {
    this.members.delete(member.id);
    this.tell('del-member', member);
    if (this.members.size > 0) return;
    this.#stop();
    this.tell('conference-destroy');
    this.#host.conferences.delete(this.name);
  }

  tell(action: string, member?: ConferenceMember): void {
    const channel = member?.channel;
    this.#host.bus.publish('CUSTOM', [
      ['Event-Subclass', 'conference::maintenance'],
      ['Conference-Name', this.name],
      ['Conference-Size', String(this.members.size)],
      ['Conference-Ghosts', '0'],
      ['Conference-Profile-Name', this.profile],
      ['Conference-Unique-ID', this.uuid],
      ...(channel === undefined ? [] : [...channelHeaders(channel), ...variableHeaders(channel)]),
      ...(member === undefined ? [] : memberHeaders(member)),
      ['Action', action],
    ]);
  }

  /** Nobody would hear anybody any more. */
  #fail(error: unknown): void {
    this.#host.log.error({ err: error, conference: this.name }, 'conference failed and ended');
    for (const { channel } of this.list) channel.hangup('NORMAL_TEMPORARY_FAILURE');
  }

  /** Everyone hears the sum of the others. */
  #mix(): void {
    const all = [...this.members.values()];
    const frames = all.map((member) => member.takeHeard());
    const sum = new Int32Array(frameSamples);
    for (const frame of frames) {
      for (let at = 0; at < frameSamples; at += 1) sum[at] = (sum[at] ?? 0) + (frame[at] ?? 0);
    }
    all.forEach((member, index) => {
      const own = frames[index] ?? silence;
      member.say(Int16Array.from(sum, (value, at) => clip(value - (own[at] ?? 0))));
    });
  }
}

function clip(sample: number): number {
  return sample > 32_767 ? 32_767 : sample < -32_768 ? -32_768 : sample;
}

function memberHeaders(member: ConferenceMember) {
  return [
    ['Member-ID', String(member.id)],
    ['Member-Type', 'member'],
    ['Hear', String(!member.isDeaf)],
    ['Speak', String(!member.isMuted)],
  ] as const;
}

export class ConferenceMember implements AudioSource {
  readonly id: number;
  readonly channel: Channel;
  isMuted = false;
  isDeaf = false;
  readonly left = new AbortController();
  readonly #heard: Int16Array[] = [];
  readonly #toSay: Int16Array[] = [];

  constructor(id: number, channel: Channel) {
    this.id = id;
    this.channel = channel;
  }

  readonly onFrame: FrameListener = (incoming) => {
    keep(this.#heard, incoming.slice());
  };

  takeHeard(): Int16Array {
    const frame = this.#heard.shift() ?? silence;
    return this.isMuted ? silence : frame;
  }

  say(frame: Int16Array): void {
    keep(this.#toSay, frame);
  }

  next(): Int16Array {
    const frame = this.#toSay.shift() ?? silence;
    return this.isDeaf ? silence : frame;
  }
}

function keep(queue: Int16Array[], frame: Int16Array): void {
  queue.push(frame);
  if (queue.length > maxFrames) queue.shift();
}

/** `name[@profile[+pin]][+flags{mute|deaf}]`; no name when it is none of that. */
function roomOf(text: string): { name: string; profile: string; flags: string } {
  const [place = '', ...options] = text.split('+');
  const [name = '', profile = 'default', ...more] = place.split('@');
  const last = options.at(-1) ?? '';
  const flags = last.startsWith('flags{') && last.endsWith('}') ? last.slice(6, -1) : '';
  return { name: more.length === 0 ? name : '', profile, flags };
}

/** `conference name[@profile[+pin]][+flags{mute|deaf}]`: in it until kicked, sent elsewhere, or gone. */
export async function confer(
  host: ConferenceHost,
  channel: Channel,
  argument: string,
  run: Run,
): Promise<string> {
  const { name, profile, flags } = roomOf(argument.trim());
  if (name === '') return '_none_';
  await channel.answer();
  const { media } = channel;
  if (media === undefined || channel.isGone || run.signal.aborted) return '_none_';
  let conference = host.conferences.get(name);
  if (conference === undefined) {
    conference = new Conference(host, name, profile);
    host.conferences.set(name, conference);
  }
  const member = conference.add(channel);
  member.isMuted = flags.split('|').includes('mute');
  member.isDeaf = flags.split('|').includes('deaf');
  channel.setVariable('conference_name', name);
  channel.setVariable('conference_member_id', String(member.id));
  media.taps.addListener(member.onFrame);
  media.playback.setBackground(member);
  await aborted(AbortSignal.any([run.signal, member.left.signal]));
  media.taps.removeListener(member.onFrame);
  media.playback.setBackground(undefined);
  conference.remove(member);
  return '_none_';
}

/** `conference <name> <verb> …`, with FreeSWITCH's replies. */
export function conferenceCommand(host: ConferenceHost, argument: string): string {
  const [name, verb, which, ...rest] = argument.split(/\s+/).filter((word) => word !== '');
  if (name === undefined) {
    return '-USAGE: conference <name> list|kick|hup|mute|unmute|deaf|undeaf\n';
  }
  if (name === 'list') {
    if (host.conferences.size === 0) return '+OK No active conferences.\n';
    return [...host.conferences.values()].map(describe).join('');
  }
  const conference = host.conferences.get(name);
  if (conference === undefined) return `-ERR Conference ${name} not found\n`;
  if (verb === 'list') return conference.list.map((one) => lineOf(conference, one)).join('');
  if (verb === undefined || !(verb in verbs)) {
    return `-ERR Conference command '${verb ?? ''}' not found.\n`;
  }
  const members = conference.list.filter((one) => isMeant(conference, one, which));
  if (members.length === 0 && which !== 'all') {
    return `-ERR Member: ${which ?? ''} not found.\n`;
  }
  return members.map((one) => act(conference, one, verb, rest[0])).join('');
}

const verbs = { kick: 1, hup: 1, mute: 1, unmute: 1, deaf: 1, undeaf: 1 };

function isMeant(conference: Conference, member: ConferenceMember, which = ''): boolean {
  const ids = [...conference.members.keys()];
  return (
    which === 'all' ||
    which === String(member.id) ||
    (which === 'last' && member.id === Math.max(...ids)) ||
    which === member.channel.uuid
  );
}

function act(
  conference: Conference,
  member: ConferenceMember,
  verb: string,
  cause: string | undefined,
): string {
  switch (verb) {
    case 'mute':
    case 'unmute':
      member.isMuted = verb === 'mute';
      break;
    case 'deaf':
    case 'undeaf':
      member.isDeaf = verb === 'deaf';
      break;
    case 'hup':
      member.channel.hangup(causeOf(cause));
      break;
    default:
      member.left.abort();
  }
  conference.tell(`${verb}-member`, member);
  return `+OK ${verb === 'kick' ? 'kicked' : verb} ${member.id}\n`;
}

function describe(conference: Conference): string {
  const count = conference.members.size;
  const head = `+OK Conference ${conference.name} (${count} member${count === 1 ? '' : 's'} rate: 8000 flags: running|answered|enforce_min|dynamic|exit_sound|enter_sound)\n`;
  return head + conference.list.map((one) => lineOf(conference, one)).join('');
}

function lineOf(conference: Conference, member: ConferenceMember): string {
  const { channel, id } = member;
  const hasFloor = conference.list[0] === member;
  const flags = [
    ...(member.isDeaf ? [] : ['hear']),
    ...(member.isMuted ? [] : ['speak']),
    ...(hasFloor ? ['floor'] : []),
  ].join('|');
  const { callerName, callerNumber } = channel.profile;
  return `${id};${channel.name};${channel.uuid};${callerName};${callerNumber};${flags};0;0;100\n`;
}
