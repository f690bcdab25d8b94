/**
 * What a campaign, a contact and an attempt can be, and what may follow. One `transition` each changes
 * the row, writes the event in the same transaction and logs one line; nothing else touches `state`.
 *
 * campaign  draft → submitted → approved → running ⇄ paused → finished, stopped
 * contact   waiting ⇄ dialling → reached, unreached, excluded, stopped
 * attempt   committed → answered → ended
 */
import type { Transitions } from '../../core/states.ts';
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
