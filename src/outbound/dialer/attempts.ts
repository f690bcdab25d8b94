import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import { checkTransition } from '../../core/states.ts';
import {
  emit,
  type AttemptRow,
  type ContactRow,
  type ContactState,
  type Db,
  type Pool,
} from '../../db/index.ts';
import {
  attemptMoves,
  attemptTransitions,
  contactTransitions,
} from '../campaigns/campaign.states.ts';
import { type Campaign } from '../campaigns/campaigns.ts';
import { readCampaign } from '../campaigns/read-campaign.ts';
import { evidenceOf, type Judged } from './facts.ts';
import { isEffective, successfulResults, type AttemptResult } from './results.ts';
import { defaultRetryPolicy, nextStep, type RetryPolicy, type Tried } from './retry.ts';
import type { TrunkChoice } from './trunks.ts';

export interface AttemptParts {
  db: Pool;
  clock: Clock;
  log: Log;
}

/**
 * Writes an attempt, and the contact as being dialled, before anybody is asked to dial. Undefined when
 * the home or the number is in a live attempt already, of whichever campaign.
 */
export async function commitAttempt(
  trx: Db,
  campaign: Campaign,
  judged: Judged,
  way: TrunkChoice,
  now: Date,
): Promise<AttemptRow | undefined> {
  const { contact, number, personId, subjectKey, input } = judged;
  const made = await trx
    .insertInto('attempt')
    .values({
      id: newId(),
      campaignId: campaign.id,
      contactId: contact.id,
      callId: newId(),
      subjectKey,
      householdKey: contact.householdKey,
      number,
      personId,
      roomId: contact.roomId,
      trunkId: way.trunkId,
      callerId: way.callerId,
      state: 'committed',
      owedFen: input.debt?.owedFen ?? null,
      evidence: JSON.stringify(evidenceOf(judged)),
      createdAt: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst();
  if (made === undefined) return undefined;
  await moveContact(trx, contact, 'dialling', now, {
    owedFen: made.owedFen,
    attempts: contact.attempts + 1,
    nextNumber: number,
    nextAt: null,
    reservedUntil: null,
  });
  const { id: attemptId, campaignId, contactId, callId } = made;
  await emit(trx, 'attempt.started', { attemptId, campaignId, contactId, callId }, now);
  return made;
}

type ContactChange = Partial<
  Pick<
    ContactRow,
    | 'owedFen'
    | 'attempts'
    | 'nextNumber'
    | 'nextAt'
    | 'result'
    | 'refusal'
    | 'finishedAt'
    | 'confirmedAt'
    | 'fallback'
    | 'reservedUntil'
  >
> & { triedTrunks?: string };

/** Changes one contact's state; many at once: `bulk.ts`. */
export async function moveContact(
  trx: Db,
  contact: Pick<ContactRow, 'id' | 'campaignId' | 'state'>,
  to: ContactState,
  now: Date,
  change: ContactChange = {},
): Promise<void> {
  checkTransition('contact', contactTransitions, contact.state, to);
  await trx
    .updateTable('campaignContact')
    .set({ state: to, ...change })
    .where('id', '=', contact.id)
    .execute();
  const { id: contactId, campaignId, state: from } = contact;
  await emit(trx, 'contact.changed', { contactId, campaignId, from, to }, now);
}

export async function markAnswered({ db, clock }: AttemptParts, attemptId: string): Promise<void> {
  await db
    .updateTable('attempt')
    .set({ state: attemptMoves.answer.to, answeredAt: clock.now() })
    .where('id', '=', attemptId)
    .where('state', 'in', attemptMoves.answer.from)
    .execute();
}

export interface Ending {
  attemptId: string;
  /** What it came to, unless the flow wrote a result of its own already. */
  result: AttemptResult;
  hangupCause: string | null;
  /** Nothing speaks against dialling again now: another trunk is left, or nobody was ever asked. */
  isRepeatable?: boolean;
}

export interface Finalised {
  callId: string;
  wasAnswered: boolean;
  contactId: string;
  campaignId: string;
  result: AttemptResult;
  state: ContactState;
  /** Nobody was reached, and the campaign has another channel. */
  needsFallback: boolean;
}

/** Ends an attempt once, and decides what becomes of its contact. Undefined: it had ended before. */
export async function finaliseAttempt(
  { db, clock, log }: AttemptParts,
  ending: Ending,
): Promise<Finalised | undefined> {
  const now = clock.now();
  return db.transaction().execute(async (trx) => {
    const attempt = await trx
      .selectFrom('attempt')
      .selectAll()
      .where('id', '=', ending.attemptId)
      .forUpdate()
      .executeTakeFirst();
    if (attempt === undefined || attempt.state === 'ended') return undefined;
    checkTransition('attempt', attemptTransitions, attempt.state, 'ended');
    const result = (attempt.result ?? ending.result) as AttemptResult;
    await trx
      .updateTable('attempt')
      .set({
        state: 'ended',
        result,
        isEffective: isEffective(result),
        hangupCause: ending.hangupCause,
        endedAt: now,
      })
      .where('id', '=', attempt.id)
      .execute();
    const { id: attemptId, campaignId, contactId, callId } = attempt;
    await emit(trx, 'attempt.ended', { attemptId, campaignId, contactId, result }, now);
    const after = await finaliseContact(trx, attempt, result, ending.isRepeatable === true, now);
    log.info({ callId, campaignId, result, cause: ending.hangupCause }, 'attempt ended');
    const wasAnswered = attempt.answeredAt !== null;
    return { callId, wasAnswered, contactId, campaignId, result, ...after };
  });
}

async function finaliseContact(
  trx: Db,
  attempt: AttemptRow,
  result: AttemptResult,
  isRepeatable: boolean,
  now: Date,
): Promise<{ state: ContactState; needsFallback: boolean }> {
  const contact = await trx
    .selectFrom('campaignContact')
    .selectAll()
    .where('id', '=', attempt.contactId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  // Stopped or paid meanwhile: the result stays with the attempt, the contact as it is.
  if (contact.state !== 'dialling') return { state: contact.state, needsFallback: false };
  const campaign = readCampaign(
    await trx
      .selectFrom('campaign')
      .selectAll()
      .where('id', '=', attempt.campaignId)
      .executeTakeFirstOrThrow(),
  );
  const isOver = campaign.state !== 'running' && campaign.state !== 'paused';
  const step = nextStep(
    contact.numbers.map(({ number }) => number),
    await triedOf(trx, contact.id),
    policyOf(campaign),
  );
  const finished = { result, finishedAt: now };
  const again = await appointmentOf(trx, attempt.callId);
  if (again !== undefined && !isOver) {
    const { number } = attempt;
    await moveContact(trx, contact, 'waiting', now, { result, nextNumber: number, nextAt: again });
    return { state: 'waiting', needsFallback: false };
  }
  if (step.do === 'finish') {
    const confirmedAt = successfulResults.includes(step.result) ? now : null;
    await moveContact(trx, contact, 'reached', now, { ...finished, confirmedAt });
    return { state: 'reached', needsFallback: false };
  }
  const isUsedUp = contact.attempts >= campaign.settings.attemptsPerContact;
  if (isOver) {
    await moveContact(trx, contact, 'stopped', now, finished);
    return { state: 'stopped', needsFallback: false };
  }
  if (step.do === 'giveUp' || (isUsedUp && result !== 'no_line' && result !== 'cancelled')) {
    const last = step.do === 'giveUp' ? step.result : result;
    const needsFallback = campaign.settings.fallback.length > 0;
    await moveContact(trx, contact, 'unreached', now, {
      ...finished,
      result: last,
      fallback: needsFallback ? 'queued' : null,
    });
    return { state: 'unreached', needsFallback };
  }
  const isUnmade = result === 'no_line' || result === 'cancelled';
  const waitSec = isUnmade && isRepeatable ? 0 : step.afterSec;
  await moveContact(trx, contact, 'waiting', now, {
    result,
    nextNumber: step.number,
    nextAt: new Date(now.getTime() + waitSec * 1000),
    // A failed trunk was no attempt on the person.
    attempts: isUnmade ? contact.attempts - 1 : contact.attempts,
    triedTrunks: JSON.stringify(
      result === 'no_line' && isRepeatable ? [...contact.triedTrunks, attempt.trunkId] : [],
    ),
  });
  return { state: 'waiting', needsFallback: false };
}

/** What an agent agreed on with the person during the call. */
async function appointmentOf(trx: Db, callId: string): Promise<Date | undefined> {
  const row = await trx
    .selectFrom('campaignOutcome')
    .select('callAgainAt')
    .where('callId', '=', callId)
    .executeTakeFirst();
  return row?.callAgainAt ?? undefined;
}

async function triedOf(trx: Db, contactId: string): Promise<Tried[]> {
  const rows = await trx
    .selectFrom('attempt')
    .select(['number', 'result'])
    .where('contactId', '=', contactId)
    .where('state', '=', 'ended')
    .orderBy('createdAt')
    .execute();
  return rows.map(({ number, result }) => ({
    number,
    result: (result ?? 'lost') as AttemptResult,
  }));
}

function policyOf({ settings }: Campaign): RetryPolicy {
  const own = settings.retryAfterSec ?? {};
  return Object.fromEntries(
    Object.entries(defaultRetryPolicy).map(([result, rule]) => [
      result,
      { ...rule, afterSec: own[result] ?? rule.afterSec },
    ]),
  );
}
