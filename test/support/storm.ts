import { until } from './until.ts';
import { ask, finished, launch, noonZone } from './campaigns.ts';
import type { Carrier } from './carrier.ts';
import type { Service } from './service.ts';

export interface StormOptions {
  contacts: number;
  callsPerSecond: number;
  maxLines: number;
  /** What goes wrong, each once so many calls have been made. */
  harms: readonly { afterCalls: number; what: string; do: () => Promise<void> }[];
  timeoutMs: number;
  tell: (what: string) => void;
}

/** What came of a campaign, and what the carrier saw of it. */
export interface Ledger {
  contacts: number;
  /** Final states and results of contacts, results of attempts. */
  states: Record<string, number>;
  attempts: Record<string, number>;
  rang: number;
  /** From the answer to the first word, of all who heard one. */
  firstWordMs: { median: number; p95: number; most: number };
  /** Of answered calls, by state of their file. */
  recordings: Record<string, number>;
  seconds: number;
  /** Each is a broken promise. */
  faults: string[];
}

/** Nobody waits for an hour here. */
const again = ['busy', 'no_answer', 'lost', 'unconfirmed', 'hung_up_early', 'cancelled', 'no_line'];

/** Every hundred numbers: most confirm, the others are what carriers and people are like. */
function subscriberOf(index: number) {
  const kind = index % 20;
  if (kind === 3) return { refuse: 486 };
  if (kind === 7) return { refuse: 480 };
  if (kind === 11) return { refuse: 404 };
  return {
    answerAfterMs: 200 + (index % 7) * 60,
    keys: '1',
    hangUpAfterMs: 800,
  };
}

const isForbidden = (index: number): boolean => index % 20 === 15;

/** Each has its own numbers: caps count over campaigns. */
let runs = 0;

/**
 * One campaign to many, while the service, its database or the switch's connection fail. `faults` is empty
 * when every contact has exactly one final result, no attempt rang twice, no two calls of a person overlap,
 * and nobody rang who must not be called: those on the list, and those for whom it is night.
 */
export async function storm(
  service: Service,
  carrier: Carrier,
  options: StormOptions,
): Promise<Ledger> {
  const { db } = service.database;
  runs += 1;
  const numbers = Array.from({ length: options.contacts }, (_, n) => `1${30 + 2 * runs}${pad(n)}`);
  const asleep = Array.from({ length: 20 }, (_, n) => `1${31 + 2 * runs}${pad(n)}`);
  numbers.forEach((number, index) => carrier.subscribers.set(number, subscriberOf(index)));
  const forbidden = numbers.filter((_, index) => isForbidden(index));
  for (let from = 0; from < forbidden.length; from += 50) {
    await Promise.all(
      forbidden
        .slice(from, from + 50)
        .map((number) =>
          ask(service, 'supervisor', '/do-not-call', { number, reason: 'asked for it' }),
        ),
    );
  }
  const from = carrier.calls.length;
  const began = Date.now();
  const night = await start(service, '夜间', asleep, { timeZone: zoneAt(2) });
  const id = await start(service, '演练', numbers, {
    timeZone: noonZone(),
    callsPerSecond: options.callsPerSecond,
    maxLines: options.maxLines,
    attemptsPerContact: 6,
    fallback: [],
    retryAfterSec: Object.fromEntries(again.map((result) => [result, 0])),
  });
  for (const { afterCalls, what, do: harm } of options.harms) {
    await until(`${afterCalls} calls`, () => carrier.calls.length - from >= afterCalls, {
      timeoutMs: options.timeoutMs,
      everyMs: 5,
    });
    options.tell(`${what} after ${carrier.calls.length - from} calls`);
    await harm();
  }
  await finished(service, id, options.timeoutMs);
  const seconds = (Date.now() - began) / 1000;
  await ask(service, 'supervisor', `/campaigns/${night}/stop`, {});
  const rang = carrier.calls.slice(from);
  const contacts = await db
    .selectFrom('campaignContact')
    .selectAll()
    .where('campaignId', '=', id)
    .execute();
  const attempts = await db
    .selectFrom('attempt')
    .selectAll()
    .where('campaignId', '=', id)
    .execute();
  const faults: string[] = [];
  if (contacts.length !== numbers.length) faults.push(`${contacts.length} contacts`);
  for (const { state, numbers: own } of contacts) {
    const isFinal = ['reached', 'unreached', 'excluded'].includes(state);
    if (!isFinal) faults.push(`${own[0]?.number ?? ''} is ${state}`);
  }
  faults.push(...attempts.filter((one) => one.state !== 'ended').map((one) => `${one.id} is open`));
  const rows = count(attempts.filter((one) => one.result !== 'cancelled').map((one) => one.number));
  const calls = count(rang.map((one) => one.number));
  for (const [number, times] of Object.entries(calls)) {
    if (times > (rows[number] ?? 0)) {
      faults.push(`${number} rang ${times} times for ${rows[number] ?? 0} attempts`);
    }
  }
  for (const number of [...forbidden, ...asleep]) {
    if (calls[number] !== undefined) faults.push(`${number} was called against the rules`);
  }
  faults.push(...overlaps(rang));
  return {
    contacts: contacts.length,
    states: count(contacts.map((one) => `${one.state} ${one.result ?? one.refusal ?? ''}`)),
    attempts: count(attempts.map((one) => one.result ?? 'none')),
    rang: rang.length,
    firstWordMs: firstWords(rang),
    recordings: await recordingsOf(service, id),
    seconds,
    faults,
  };
}

async function start(
  service: Service,
  name: string,
  numbers: readonly string[],
  settings: object,
): Promise<string> {
  const list = await ask<{ id: string }>(service, 'supervisor', '/campaign-lists', {
    name,
    text: `number\n${numbers.join('\n')}`,
  });
  return launch(service, {
    name,
    kind: 'notice',
    settings: {
      audience: { listId: list.id },
      script: {
        flowId: 'campaign-notice',
        texts: { message: { 'zh-CN': '这是一次演练。', en: 'This is a drill.' } },
        isHumanVoice: false,
      },
      ...settings,
    },
  });
}

function firstWords(rang: Carrier['calls']): Ledger['firstWordMs'] {
  const all = rang
    .flatMap(({ firstSoundMs }) => (firstSoundMs === undefined ? [] : [firstSoundMs]))
    .sort((a, b) => a - b);
  const at = (share: number) => all[Math.min(all.length - 1, Math.floor(share * all.length))] ?? 0;
  return { median: at(0.5), p95: at(0.95), most: all.at(-1) ?? 0 };
}

async function recordingsOf({ database: { db } }: Service, campaignId: string) {
  const rows = await db
    .selectFrom('attempt')
    .leftJoin('recording', 'recording.callId', 'attempt.callId')
    .select('recording.state')
    .where('campaignId', '=', campaignId)
    .where('attempt.answeredAt', 'is not', null)
    .execute();
  return count(rows.map(({ state }) => state ?? 'none'));
}

/** Two calls of one number at the same time: the phone would be busy with ourselves. */
function overlaps(rang: Carrier['calls']): string[] {
  const last = new Map<string, Carrier['calls'][number]>();
  const found: string[] = [];
  for (const call of rang) {
    const before = last.get(call.number);
    if (before !== undefined && (before.endedAt ?? Infinity) > call.at) {
      found.push(`${call.number} rang while it was rung already`);
    }
    last.set(call.number, call);
  }
  return found;
}

function count(keys: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

function pad(index: number): string {
  return String(index).padStart(8, '0');
}

/** A zone in which it is about that hour now. */
function zoneAt(hour: number): string {
  const offset = ((hour - new Date().getUTCHours() + 36) % 24) - 12;
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}
