/** `npm run phone -- --answer 13800000001`: what somebody at a telephone that is called does with it. */
import { createInterface } from 'node:readline';
import { messageOf } from '../../src/core/errors.ts';
import { until } from '../../src/core/concurrency/wait.ts';
import { openAnswering, type IncomingCall } from './answering.ts';
import type { Caller } from './caller.ts';
import { playScript } from './play-script.ts';
import type { Cue } from './script.ts';

export type Habit =
  /** Asks whoever sits at the terminal. */
  | 'ask'
  /** Picks up and follows the script; without one it presses 1 whenever it was asked something. */
  | 'auto'
  | 'busy'
  | 'ignore';

export interface AtThePhoneOptions {
  /** A number, or `any`. */
  answer: string;
  /** Whose telephone one that answers every number is, when it calls itself. */
  from: string;
  habit: Habit;
  cues: readonly Cue[];
  record: string | undefined;
  api: string;
  host: string;
  port: number;
  /** Leaves after so many calls; 0 stays. */
  calls: number;
  tell: (what: string) => void;
}

/** Nobody listens to a menu for so long. */
const longestCallMs = 300_000;

/** Stays at the telephone until so many calls are over, or until it is told to leave. */
export async function stayAtThePhone(options: AtThePhoneOptions, left: AbortSignal): Promise<void> {
  const { answer, from, habit, tell } = options;
  const isAny = answer.toLowerCase() === 'any';
  const terminal = habit === 'ask' ? new Terminal(tell) : undefined;
  let done = 0;
  let finished = 0;
  const phone = await openAnswering({
    ...options,
    number: isAny ? from : answer,
    answers: isAny ? 'every' : 'own',
    onCall(call) {
      done += 1;
      const label = `#${done} ${call.number}`;
      const say = (what: string) => tell(`${label}: ${what}`);
      say(`rings, called by ${call.from}`);
      const recordTo = pathOf(options.record, done);
      const work = terminal?.take(call, say, recordTo) ?? attend(call, options, say, recordTo);
      work
        .catch((error: unknown) => say(messageOf(error)))
        .finally(() => {
          finished += 1;
        });
    },
  });
  const which = isAny ? 'every number' : answer;
  tell(
    phone.isCalled
      ? `registered; rings when ${which} is called`
      : 'registered, but the service calls a carrier (TRUNKS) or FreeSWITCH: nothing will ring here',
  );
  terminal?.help();
  await until(
    'the calls to be over',
    () => left.aborted || (options.calls > 0 && finished >= options.calls),
    { timeoutMs: 2 ** 31 - 1, everyMs: 100 },
  );
  terminal?.close();
  await phone.close();
}

async function attend(
  call: IncomingCall,
  { habit, cues }: AtThePhoneOptions,
  say: (what: string) => void,
  record: string | undefined,
): Promise<void> {
  if (habit === 'busy') {
    call.refuse(486);
    say('is busy');
    return;
  }
  if (habit === 'ignore') {
    await until('the caller to give up', () => call.end !== undefined, { timeoutMs: 600_000 });
    say('was not answered');
    return;
  }
  // As people do: the ringing is heard first.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  if (call.end !== undefined) return;
  const caller = await call.answer(record === undefined ? {} : { record });
  say('answered');
  try {
    await playScript(caller, cues.length > 0 ? cues : alwaysOne, { tell: say });
    await caller.ended(longestCallMs);
    say(`over; heard ${(caller.ear.soundMs / 1000).toFixed(1)} s of sound`);
  } finally {
    await caller.close();
  }
}

/** Key 1 after each announcement: yes, it is me; yes, I have understood. */
const alwaysOne: readonly Cue[] = Array.from({ length: 8 }, () => ({
  ...({ kind: 'press', keys: '1', isAtOnce: false } as const),
}));

function pathOf(record: string | undefined, at: number): string | undefined {
  return at === 1 ? record : record?.replace(/(\.wav)?$/, `-${at}.wav`);
}

/** Somebody types what to do with the call that rings, or with the one that they have. */
class Terminal {
  readonly #tell: (what: string) => void;
  readonly #lines = createInterface({ input: process.stdin });
  #ringing: { call: IncomingCall; pickUp: () => void } | undefined;
  #talking: Caller | undefined;

  constructor(tell: (what: string) => void) {
    this.#tell = tell;
    this.#lines.on('line', (line) => this.#do(line.trim().toLowerCase()));
  }

  help(): void {
    this.#tell('type a to answer, d to decline, keys such as 1 to press them, h to hang up');
  }

  close(): void {
    this.#lines.close();
  }

  async take(call: IncomingCall, say: (what: string) => void, record?: string): Promise<void> {
    if (this.#ringing !== undefined || this.#talking !== undefined) {
      call.refuse(486);
      say('is busy: there is a call already');
      return;
    }
    let isTaken = false;
    this.#ringing = { call, pickUp: () => (isTaken = true) };
    await until('an answer', () => isTaken || call.end !== undefined, {
      ...{ timeoutMs: 600_000, everyMs: 50 },
    });
    this.#ringing = undefined;
    if (call.end !== undefined) {
      say(call.end.by === 'local' ? 'declined' : 'the caller gave up');
      return;
    }
    const caller = await call.answer(record === undefined ? {} : { record });
    this.#talking = caller;
    say('answered');
    try {
      await until('the call to end', () => call.end !== undefined, { timeoutMs: 3600_000 });
      say(`over; heard ${(caller.ear.soundMs / 1000).toFixed(1)} s of sound`);
    } finally {
      this.#talking = undefined;
      await caller.close();
    }
  }

  #do(line: string): void {
    if (line === 'a') this.#ringing?.pickUp();
    else if (line === 'd') this.#ringing?.call.refuse(486);
    else if (line === 'h') this.#talking?.hangup();
    else if (/^[0-9*#]+$/.test(line)) {
      this.#talking?.press(line).catch((error: unknown) => this.#tell(messageOf(error)));
    } else if (line !== '') this.help();
  }
}
