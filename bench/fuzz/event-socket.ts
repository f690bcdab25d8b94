/**
 * Seeded nonsense for the event socket, both ways: commands for the switch's reader, and answers and events for ours.
 * `node --import tsx bench/fuzz/event-socket.ts [count] [seed]`. The switch's reader refuses with `FrameError`, ours
 * with `EslStreamError`, and nothing else.
 */
import { EventEmitter } from 'node:events';
import { readMessages } from '../../src/cti/esl/parser.ts';
import { expand, splitArguments } from '../../src/switch/channel/arguments.ts';
import { DialStringError, parseDialString } from '../../src/switch/legs/dial-string.ts';
import { FrameError, FrameReader } from '../../src/switch/esl/frames.ts';
import { Subscription } from '../../src/switch/esl/subscription.ts';
import { damaged, main, odd, pick, pieces, randomFrom, seldom, type Random } from './random.ts';

export const protocol = 'event-socket';

const commands: readonly ((random: Random) => string)[] = [
  (random) => `auth ${pick(random, ['x', 'ClueCon', odd(random)])}`,
  (random) => `api ${apiOf(random)}`,
  (random) => `bgapi ${apiOf(random)}\nJob-UUID: ${odd(random)}`,
  (random) => `event ${pick(random, ['json', 'plain', 'xml', odd(random)])} ${names(random)}`,
  (random) => `nixevent ${names(random)}`,
  (random) => `filter ${pick(random, ['Unique-ID', odd(random)])} ${odd(random)}`,
  (random) => `filter delete ${odd(random)}`,
  (random) =>
    `sendmsg ${uuid(random)}\ncall-command: ${pick(random, ['execute', 'hangup', 'x'])}\nexecute-app-name: ${application(random)}\nexecute-app-arg: ${argumentOf(random)}\nloops: ${odd(random)}`,
  (random) =>
    `sendevent ${pick(random, ['CUSTOM', 'HEARTBEAT', odd(random)])}\n${odd(random)}: ${odd(random)}`,
  () => 'noevents',
  (random) => `log ${odd(random)}`,
  (random) => `linger ${odd(random)}`,
  (random) => odd(random),
  (random) => `api echo x\n\napi status\n\n${odd(random)}`,
];
const applications = [
  ...['answer', 'playback', 'park', 'set', 'multiset', 'record_session', 'sleep', 'hangup', 'x'],
  ...['endless_playback', 'play_and_get_digits', 'record', 'conference', 'bridge', 'transfer'],
  ...['read', 'eavesdrop', 'three_way', 'sched_hangup', 'unset', 'export', 'ring_ready', 'respond'],
];
const argumentsOfThem = [
  'silence_stream://0',
  'silence_stream://-1',
  'tone_stream://%(0,0,0);loops=-1',
  'tone_stream://%(1,0,400);loops=99999999',
  'file_string://silence_stream://0!silence_stream://0',
  '1 1 1 1 # silence_stream://1 silence_stream://1 x [0-9]+ 1',
  '0 0 0 0 none none none x (.*)* 0',
  'room@default+flags{mute',
  'error/USER_BUSY',
  'lt_unattended XML lingting',
  '-1',
  '1e9',
  'x=${x}',
];

function application(random: Random): string {
  return seldom(random, 6) ? odd(random) : pick(random, applications);
}

function argumentOf(random: Random): string {
  return seldom(random, 3) ? odd(random) : pick(random, argumentsOfThem);
}

/** Stands for the leg of a call; the soak puts one that lives in its place. */
const anyLeg = '01890a5d-ac96-774b-bcce-b302099a8057';

function uuid(random: Random): string {
  return seldom(random, 4) ? odd(random) : anyLeg;
}

/** None that would end the switch, or its calls: these are asked for by name. */
function apiOf(random: Random): string {
  return pick(random, [
    () => 'status',
    () => `echo ${odd(random)}`,
    () => 'show channels as json',
    () => `uuid_exists ${uuid(random)}`,
    () => `uuid_setvar ${uuid(random)} ${odd(random)} ${odd(random)}`,
    () => `uuid_kill ${uuid(random)} ${odd(random)}`,
    () => `uuid_transfer ${uuid(random)} ${odd(random)} ${odd(random)}`,
    () => `originate ${dialString(random)} &park()`,
    () => `global_getvar ${odd(random)}`,
    () => `conference ${odd(random)} ${odd(random)}`,
    () => `sofia_contact ${odd(random)}`,
    () => `sched_hangup ${odd(random)} ${uuid(random)}`,
    () => `sched_del ${odd(random)}`,
    () => `uuid_broadcast ${uuid(random)} ${odd(random)}`,
    () => odd(random),
  ])();
}

function dialString(random: Random): string {
  const variables = `${odd(random)}=${odd(random)}`;
  return pick(random, [
    `{${variables}}error/USER_BUSY`,
    `[${variables}]error/NO_ANSWER|error/${odd(random)}`,
    `{^^:${variables}:a='b}error/x`,
    '{[<{[',
    `user/${odd(random)}`,
  ]);
}

function names(random: Random): string {
  return pick(random, ['ALL', 'DTMF CHANNEL_PARK', 'CUSTOM a::b', odd(random)]);
}

/** Commands of a client, whole or not. */
export function command(random: Random, legs: readonly string[] = []): Buffer {
  // Drawn whether there is one or not, so that the same seed says the same.
  const leg = legs[random(1_000_000) % Math.max(1, legs.length)] ?? anyLeg;
  const body = seldom(random, 4) ? odd(random) : '';
  const length = Buffer.byteLength(body);
  const said = seldom(random, 10)
    ? pick(random, ['-1', '99999999999', `${length + 9}`, 'x', ' 1 ', '4194305'])
    : String(length);
  const lines = [
    pick(random, commands)(random).replaceAll(anyLeg, leg),
    ...(seldom(random, 5) ? [`${odd(random)}: ${odd(random)}`] : []),
    ...(seldom(random, 300) ? Array<string>(random(4000)).fill('a: b') : []),
    ...(body === '' && !seldom(random, 10) ? [] : [`content-length: ${said}`]),
  ];
  const end = seldom(random, 10) ? '\r\n' : '\n';
  const bytes = Buffer.from(`${lines.join(end)}${end}${seldom(random, 15) ? '' : end}${body}`);
  return seldom(random, 5) ? damaged(random, bytes) : bytes;
}

const kinds = [
  ...['text/event-json', 'text/event-json', 'text/event-plain', 'text/event-xml', 'command/reply'],
  ...['api/response', 'auth/request', 'log/data', 'text/disconnect-notice', 'text/rude-rejection'],
];

/** What a switch might send: answers, events in all formats, within each other, and none of it. */
export function answer(random: Random, kept: readonly string[] = kinds): Buffer {
  const kind = pick(random, kept);
  const body = bodyOf(random, kind);
  const length = Buffer.byteLength(body);
  const said = seldom(random, 16)
    ? pick(random, ['0', '-5', '99999999999', 'NaN', `${length + 3}`, `${length - 1}`, '', '1e3'])
    : String(length);
  const lines = [
    `Content-Type: ${kind}`,
    ...(kind === 'command/reply'
      ? [`Reply-Text: ${pick(random, ['+OK', '-ERR x', odd(random)])}`]
      : []),
    ...(seldom(random, 6) ? [`${odd(random)}: ${odd(random)}`] : []),
    ...(seldom(random, 300) ? Array<string>(random(4000)).fill('X: %zz') : []),
    ...(body === '' ? [] : [`Content-Length: ${said}`]),
  ];
  if (seldom(random, 5)) lines.reverse();
  const bytes = Buffer.from(`${lines.join('\n')}\n\n${body}`);
  return seldom(random, 12) ? damaged(random, bytes) : bytes;
}

function bodyOf(random: Random, kind: string): string {
  if (kind === 'command/reply' || kind === 'auth/request') return '';
  if (seldom(random, 8)) return odd(random);
  if (seldom(random, 10)) return answer(random).toString();
  const fields = {
    'Event-Name': pick(random, ['DTMF', 'CHANNEL_PARK', odd(random)]),
    'Unique-ID': uuid(random),
  };
  switch (kind) {
    case 'text/event-json':
      return JSON.stringify(
        pick(random, [
          fields,
          { ...fields, _body: odd(random), 'Content-Length': random(99) },
          { ...fields, 'Event-Name': [random(9)], 'Unique-ID': { a: 1 }, variable_x: null },
          [fields],
          null,
          odd(random),
        ]),
      );
    case 'text/event-plain':
      return `Event-Name: DTMF\nX: ${encodeURIComponent(odd(random))}\nContent-Length: 4\n\n${odd(random)}`;
    default:
      return odd(random);
  }
}

/** Throws what a command broke in the switch; how many were understood. */
export function readCommands(reader: FrameReader, chunks: readonly Buffer[]): number {
  let understood = 0;
  try {
    for (const { line } of chunks.flatMap((chunk) => reader.push(chunk))) {
      understood += 1;
      const words = splitArguments(expand(line, new Map([['x', 'y']])));
      new Subscription().add(words);
      if (line.includes('originate')) parseDialString(words[2] ?? '');
    }
  } catch (error) {
    if (!(error instanceof FrameError) && !(error instanceof DialStringError)) throw error;
  }
  return understood;
}

/** Throws what an answer broke in our client; how many were understood. */
export function readAnswers(chunks: readonly Buffer[]): number {
  const socket = new EventEmitter();
  let understood = 0;
  let isRefused = false;
  const onFault = () => {
    isRefused = true;
  };
  readMessages(socket, () => (understood += 1), onFault);
  for (const chunk of chunks) if (!isRefused) socket.emit('data', chunk);
  return understood;
}

/** Throws what a message broke; returns how many were understood. */
export function run(seed: number, count: number): number {
  const random = randomFrom(seed);
  let understood = 0;
  let reader = new FrameReader({ isTrusted: true });
  for (let index = 0; index < count; index += 1) {
    if (index % 50 === 0) reader = new FrameReader({ isTrusted: random(2) === 0 });
    if (index % 2 === 0) understood += readCommands(reader, pieces(random, command(random)));
    else understood += readAnswers(pieces(random, Buffer.concat([answer(random), answer(random)])));
  }
  return understood;
}

main(import.meta.url, 'messages', run);
