/**
 * What a campaign, a contact and an attempt can be, and what may follow.
 *
 * campaign  draft → submitted → approved → running ⇄ paused; running → finished; running, paused → stopped;
 *           draft, submitted, approved → cancelled; submitted, approved → draft
 * contact   waiting ⇄ dialling → reached, unreached, excluded, stopped; waiting → each of these, too;
 *           reached → waiting, unreached; unreached → reached
 * attempt   committed → answered → ended; committed → ended
 *
 * A campaign moves in `transition` (campaigns.ts), a contact in `moveContact`, an attempt in `finaliseAttempt` (dialer/
 * attempts.ts): each checks the table and writes its event in the same transaction. Statements over many rows name their
 * states by `contactMoves` and `attemptMoves` below, which are checked against the tables when the program starts.
 */
import { checkTransition, type Transitions } from '../../core/states.ts';
import type { AttemptState, CampaignState, ContactState } from '../../db/index.ts';

export const campaignTransitions = {
  draft: ['submitted', 'cancelled'],
  submitted: ['approved', 'draft', 'cancelled'],
  approved: ['running', 'draft', 'cancelled'],
  running: ['paused', 'finished', 'stopped'],
  paused: ['running', 'stopped'],
  finished: [],
  stopped: [],
  cancelled: [],
} as const satisfies Transitions<CampaignState>;

export const contactTransitions = {
  waiting: ['dialling', 'reached', 'unreached', 'excluded', 'stopped'],
  dialling: ['waiting', 'reached', 'unreached', 'excluded', 'stopped'],
  /** An agent and the person agreed on another call, or what was written never arrived. */
  reached: ['waiting', 'unreached'],
  /** Reached later in another way. */
  unreached: ['reached'],
  excluded: [],
  stopped: [],
} as const satisfies Transitions<ContactState>;

export const attemptTransitions = {
  committed: ['answered', 'ended'],
  answered: ['ended'],
  ended: [],
} as const satisfies Transitions<AttemptState>;

interface Move<State extends string> {
  from: readonly State[];
  to: State;
}

/** Moves of many contacts in one statement (dialer/bulk.ts). */
export const contactMoves = {
  /** A campaign is stopped; who is being dialled follows when the attempt ends. */
  stop: contactMove(['waiting'], 'stopped'),
  /** Nothing is owed any more. */
  exclude: contactMove(['waiting', 'dialling'], 'excluded'),
} as const;

/** Moves of an attempt in one statement without reading it first. */
export const attemptMoves = { answer: attemptMove(['committed'], 'answered') } as const;

function contactMove(from: readonly ContactState[], to: ContactState): Move<ContactState> {
  for (const one of from) checkTransition('contact', contactTransitions, one, to);
  return { from, to };
}

function attemptMove(from: readonly AttemptState[], to: AttemptState): Move<AttemptState> {
  for (const one of from) checkTransition('attempt', attemptTransitions, one, to);
  return { from, to };
}
