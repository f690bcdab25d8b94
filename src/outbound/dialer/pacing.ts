import type { AbandonFormula, PacingMode } from '../../contract/codes.ts';

/**
 * How many calls to start now so that agents talk and nobody who answers finds no agent. Pure: the
 * dialler asks after every change (an agent free, a call answered or over) and at least once a second.
 */
export interface AbandonCounts {
  /** Answered by a person, and no agent within two seconds. */
  abandoned: number;
  /** Answered by a person and connected with an agent. */
  connected: number;
  machines: number;
}

/** Share of people taken for machines, for `ofcom`; measured in test/unit/outbound-machine. */
export const falseMachineRate = 0.02;

/** 0 when nothing was answered yet. */
export function abandonedShare(counts: AbandonCounts, formula: AbandonFormula): number {
  const { abandoned, connected, machines } = counts;
  switch (formula) {
    case 'live':
      return share(abandoned, abandoned + connected);
    case 'ofcom': {
      const hidden = machines * falseMachineRate;
      return share(abandoned + hidden, abandoned + hidden + connected);
    }
    case 'answered':
      return share(abandoned, abandoned + connected + machines);
  }
}

export interface PacingInput {
  mode: PacingMode;
  /** Ready for a call of this campaign. */
  freeAgents: number;
  /** For each agent in a call or wrapping up: how long already. */
  busyMs: readonly number[];
  /** Dialled and not answered yet, by how long they ring. */
  ringingMs: readonly number[];
  /** People who answered and wait for an agent. */
  waiting: number;
  /** Share of dialled calls that a person answers, 0–1, as lately seen. */
  answerRate: number;
  /** Mean time from dialling to the answer of those who answer. */
  meanRingMs: number;
  /** Mean time an agent is busy with one person, wrapping up included. */
  meanBusyMs: number;
  counts: AbandonCounts;
  /** Default 0.03. */
  cap: number;
  formula: AbandonFormula;
  linesFree: number;
}

/** Answered calls before the observed share is trusted; below it dialling is careful. */
const trustAfter = 30;

/** How many calls to start now, never more than there are lines. */
export function callsToStart(input: PacingInput): number {
  return Math.max(0, Math.min(input.linesFree, wantedCalls(input)));
}

function wantedCalls(input: PacingInput): number {
  const { mode, freeAgents, ringingMs, waiting } = input;
  switch (mode) {
    case 'preview':
      // The agent sees the person first and starts the call by hand.
      return 0;
    case 'progressive':
      return freeAgents - ringingMs.length - waiting;
    case 'predictive':
      return predictive(input);
  }
}

function predictive(input: PacingInput): number {
  const { freeAgents, ringingMs, waiting, busyMs } = input;
  const agents = freeAgents + busyMs.length;
  if (agents === 0) return 0;
  const allowed = allowedShare(input);
  if (allowed <= 0) return Math.min(freeAgents - waiting, agents) - ringingMs.length;
  // More than this is never right, whatever the figures say.
  const most = Math.ceil(agents * 6);
  const free = freeDistribution(input);
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (expectedAbandonedShare(middle, input.answerRate, free) <= allowed) low = middle;
    else high = middle - 1;
  }
  // Calls that ring for long are mostly such as nobody answers: they bring fewer people than new ones.
  const ringing = ringingMs.reduce((sum, ms) => sum + stillToCome(ms, input), 0);
  return Math.min(low - Math.ceil(ringing), most - ringingMs.length);
}

/**
 * How many new calls one is worth that rings for so long: the chance that it is answered yet, as a share
 * of a new call's. Times to the answer are taken as Rayleigh's, which has its mean for its only figure.
 */
function stillToCome(ms: number, { answerRate, meanRingMs }: PacingInput): number {
  if (answerRate <= 0) return 1;
  const open = Math.exp((-Math.PI / 4) * (ms / Math.max(1, meanRingMs)) ** 2);
  return open / (answerRate * open + 1 - answerRate);
}

/**
 * The share to aim at: the cap with a margin, less when the observed share is above it, and careful
 * until enough was seen. Steers back long before the cap is reached.
 */
function allowedShare({ counts, formula, cap }: PacingInput): number {
  const aim = cap * 0.8;
  const seen = counts.abandoned + counts.connected;
  if (seen < trustAfter) return aim * 0.5;
  const observed = abandonedShare(counts, formula);
  if (observed >= cap * 0.97) return 0;
  return Math.min(cap * 2.5, Math.max(0, aim + 2 * (aim - observed)));
}

/** Chance of k agents being free when a call dialled now is answered, for k = 0, 1, 2 … */
function freeDistribution({ freeAgents, waiting, busyMs, meanRingMs, meanBusyMs }: PacingInput) {
  // Memoryless: conversations are as likely to end in the next second whenever they began.
  const ends = 1 - Math.exp(-meanRingMs / Math.max(1, meanBusyMs));
  return binomial(busyMs.length, ends).map((chance, k) => ({
    chance,
    free: Math.max(0, freeAgents - waiting + k),
  }));
}

/** Expected (people answered beyond free agents) / (people answered). */
function expectedAbandonedShare(
  calls: number,
  answerRate: number,
  free: readonly { chance: number; free: number }[],
): number {
  if (calls === 0 || answerRate <= 0) return 0;
  const answered = binomial(calls, Math.min(1, answerRate));
  const maxFree = Math.max(...free.map((one) => one.free));
  // excess[f]: expected people too many when f agents are free.
  const excess = Array.from({ length: maxFree + 1 }, (_, f) =>
    answered.reduce((sum, chance, people) => sum + (people > f ? chance * (people - f) : 0), 0),
  );
  const tooMany = free.reduce((sum, one) => sum + one.chance * (excess[one.free] ?? 0), 0);
  return tooMany / (calls * answerRate);
}

/** Probabilities of 0 … n successes. */
function binomial(n: number, p: number): number[] {
  if (p <= 0) return [1];
  if (p >= 1) return [...Array.from({ length: n }, () => 0), 1];
  const odds = Math.log(p) - Math.log(1 - p);
  let log = n * Math.log(1 - p);
  const found: number[] = [];
  for (let k = 0; k <= n; k += 1) {
    found.push(Math.exp(log));
    log += odds + Math.log(n - k) - Math.log(k + 1);
  }
  return found;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
