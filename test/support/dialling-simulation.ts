import type { AbandonFormula, PacingMode } from '../../src/contract/codes.ts';
import { abandonedShare, callsToStart } from '../../src/outbound/dialer/pacing.ts';

/** A day of dialling on paper: agents, people who answer or not, and the pacing under test. */
export interface SimulationOptions {
  mode: PacingMode;
  agents: number;
  hours: number;
  answerRate: number;
  meanRingMs: number;
  meanTalkMs: number;
  wrapMs: number;
  cap: number;
  formula: AbandonFormula;
  seed: number;
  lines: number;
  /** A person who answers waits so long for an agent before it counts as abandoned. */
  graceMs: number;
}

export interface SimulationResult {
  dialled: number;
  connected: number;
  abandoned: number;
  abandonedShare: number;
  /** Minutes of talk an hour and agent. */
  talkMinutes: number;
}

interface Ringing {
  since: number;
  until: number;
  answers: boolean;
}

/** Steps of 100 ms; exponential talk, ring times around their mean. */
export function simulate(options: SimulationOptions): SimulationResult {
  const random = randomOf(options.seed);
  const exponential = (mean: number) => -mean * Math.log(1 - random());
  const stepMs = 100;
  const end = options.hours * 3600_000;
  let ringing: Ringing[] = [];
  let waiting: { since: number }[] = [];
  let busy: { since: number; talkUntil: number; until: number }[] = [];
  const counts = { abandoned: 0, connected: 0, machines: 0 };
  let dialled = 0;
  let talkMs = 0;
  let answered = 0;
  let finished = 0;
  let lastMark = '';
  for (let now = 0; now < end; now += stepMs) {
    talkMs += busy.filter((one) => one.talkUntil > now).length * stepMs;
    busy = busy.filter((one) => one.until > now);
    for (const one of ringing.filter(({ until }) => until <= now)) {
      finished += 1;
      if (!one.answers) continue;
      answered += 1;
      waiting.push({ since: now });
    }
    ringing = ringing.filter(({ until }) => until > now);
    while (waiting.length > 0 && busy.length < options.agents) {
      waiting.shift();
      const talkUntil = now + exponential(options.meanTalkMs);
      busy.push({ since: now, talkUntil, until: talkUntil + options.wrapMs });
      counts.connected += 1;
    }
    const left = waiting.filter(({ since }) => now - since > options.graceMs);
    counts.abandoned += left.length;
    waiting = waiting.filter(({ since }) => now - since <= options.graceMs);
    // The dialler asks after every change, and once a second.
    const mark = `${busy.length} ${ringing.length} ${waiting.length} ${counts.abandoned}`;
    if (mark === lastMark && now % 1000 !== 0) continue;
    lastMark = mark;
    const start = callsToStart({
      mode: options.mode,
      freeAgents: options.agents - busy.length,
      busyMs: busy.map(({ since }) => now - since),
      ringingMs: ringing.map(({ since }) => now - since),
      waiting: waiting.length,
      answerRate: finished < 20 ? 0.5 : answered / finished,
      meanRingMs: options.meanRingMs,
      meanBusyMs: options.meanTalkMs + options.wrapMs,
      counts,
      cap: options.cap,
      formula: options.formula,
      linesFree: options.lines - ringing.length - waiting.length - busy.length,
    });
    for (let n = 0; n < start; n += 1) {
      dialled += 1;
      const answers = random() < options.answerRate;
      const ringMs = answers ? options.meanRingMs * (0.4 + 1.2 * random()) : 25_000;
      ringing.push({ since: now, until: now + ringMs, answers });
    }
  }
  return {
    dialled,
    connected: counts.connected,
    abandoned: counts.abandoned,
    abandonedShare: abandonedShare(counts, options.formula),
    talkMinutes: talkMs / 60_000 / options.hours / options.agents,
  };
}

/** Erlang B: share of calls that find all agents busy. */
export function erlangB(load: number, agents: number): number {
  let blocked = 1;
  for (let n = 1; n <= agents; n += 1) blocked = (load * blocked) / (n + load * blocked);
  return blocked;
}

/** mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
