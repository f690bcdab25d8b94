import { DateTime } from 'luxon';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Language } from '../../core/language.ts';
import { emit, type AttemptRow, type ContactRow, type Db, type Pool } from '../../db/index.ts';
import type { CampaignAction, FlowState, Outcome, Vars } from '../../content/index.ts';
import { spokenDebt } from '../../ivr/index.ts';
import type { Messaging } from '../../messaging/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import type { AttemptResult } from '../dialer/results.ts';
import { confirmRepair, reopenRepair, repairOf } from './repairs.ts';

export interface GuideParts {
  db: Pool;
  clock: Clock;
  log: Log;
  messaging: Messaging;
  /** What stands in 【】 at the head of a text. */
  smsSign: string | undefined;
  /** Where an owner pays, e.g. `https://pay.example/b/`; the room's id is added. */
  paymentUrl: string;
}

/** One call of a campaign: an attempt on somebody, or staff who listen to the script. */
export interface Subject {
  campaign: Campaign;
  attempt: AttemptRow | undefined;
  contact: ContactRow | undefined;
  language: Language;
  callerId: string;
}

const ok = (vars: Vars = {}): Outcome => ({ kind: 'result', result: 'ok', vars });

/** The answers that a listener from our own staff gets. */
export function rehearse({ campaign }: Subject, { act, value }: CampaignAction): Outcome {
  switch (act) {
    case 'facts': {
      const unpaid = [{ kind: 'property', period: '2026-10', amountFen: 28_650 }];
      const vars = { room: '3栋2单元1201', count: 1, total: 28_650, unpaid };
      return { kind: 'result', result: 'owing', vars };
    }
    case 'promise':
      return ok({
        promisedOn: DateTime.now()
          .plus({ days: Number(value) })
          .toISODate(),
      });
    case 'machine':
      return { kind: 'result', result: machineResult(campaign) };
    case 'score':
      return { kind: 'result', result: nextQuestion(campaign, value) };
    case 'confirm':
    case 'wrongPerson':
    case 'dispute':
    case 'paymentLink':
    case 'stopCalling':
    case 'repaired':
    case 'notRepaired':
    case 'abandoned':
      return ok();
  }
}

/** A call of an attempt on somebody. */
export type AttemptCall = Subject & { attempt: AttemptRow; contact: ContactRow };

export async function writeAnswer(
  parts: GuideParts,
  call: AttemptCall,
  state: FlowState,
  action: CampaignAction,
): Promise<Outcome> {
  const { campaign, attempt } = call;
  const mark = (result: AttemptResult, db: Db = parts.db) => markResult(db, attempt.id, result);
  switch (action.act) {
    case 'facts':
      return facts(parts, call);
    case 'confirm':
      await mark('confirmed');
      return ok();
    case 'wrongPerson':
      await mark('wrong_person');
      return ok();
    case 'promise':
      return promise(parts, call, Number(action.value));
    case 'dispute':
      return dispute(parts, call, state);
    case 'paymentLink':
      return paymentLink(parts, call);
    case 'stopCalling':
      return stopCalling(parts, call);
    case 'score':
      return score(parts, call, action.value);
    case 'repaired':
    case 'notRepaired': {
      const repair = await repairOf(parts.db, call.contact);
      if (repair === undefined) return { kind: 'failed', reason: 'no repair waits for an answer' };
      const change = action.act === 'repaired' ? confirmRepair : reopenRepair;
      await change(parts, repair, attempt.callId);
      await mark('confirmed');
      return ok();
    }
    case 'machine':
      await mark('machine');
      return { kind: 'result', result: machineResult(campaign) };
    case 'abandoned':
      await mark('abandoned');
      return ok();
  }
}

/** What was said last counts, but nothing takes back that the person wants no more calls. */
export async function markResult(db: Db, attemptId: string, result: AttemptResult): Promise<void> {
  await db
    .updateTable('attempt')
    .set({ result })
    .where('id', '=', attemptId)
    .where('state', '!=', 'ended')
    .where((where) =>
      where.or([where('result', 'is', null), where('result', '!=', 'stopped_calling')]),
    )
    .execute();
}

/** Read while the person is on the call: what was paid a minute ago is not asked for. */
async function facts(
  { db, clock }: GuideParts,
  { contact, campaign }: AttemptCall,
): Promise<Outcome> {
  if (contact.roomId === null) return { kind: 'result', result: 'paid' };
  const kinds = campaign.settings.audience.debt?.kinds;
  const debt = await spokenDebt(db, contact.roomId, clock.now(), kinds);
  const room = await db
    .selectFrom('room')
    .select('label')
    .where('id', '=', contact.roomId)
    .executeTakeFirstOrThrow();
  return {
    kind: 'result',
    result: debt.count === 0 ? 'paid' : 'owing',
    vars: { room: room.label, ...debt },
  };
}

async function promise(parts: GuideParts, call: AttemptCall, days: number): Promise<Outcome> {
  const { db, clock } = parts;
  const { attempt, contact } = call;
  const { roomId } = contact;
  if (roomId === null || !Number.isInteger(days) || days < 0 || days > 60) {
    return { kind: 'failed', reason: 'no home or no date' };
  }
  const now = clock.now();
  const promisedOn = DateTime.fromJSDate(now, { zone: contact.timeZone })
    .plus({ days })
    .toFormat('yyyy-MM-dd');
  const owedFen = attempt.owedFen ?? 0;
  await db.transaction().execute(async (trx) => {
    const made = await trx
      .insertInto('paymentPromise')
      .values({
        id: newId(),
        roomId,
        personId: attempt.personId,
        promisedOn,
        owedFen,
        callId: attempt.callId,
        campaignId: attempt.campaignId,
        createdAt: now,
      })
      .onConflict((conflict) => conflict.column('callId').doNothing())
      .returning('id')
      .executeTakeFirst();
    await markResult(trx, attempt.id, 'promised');
    if (made === undefined) return;
    const { callId } = attempt;
    await emit(trx, 'debt.promised', { roomId, callId, promisedOn, owedFen }, now);
  });
  return ok({ promisedOn });
}

async function dispute(
  { db, clock }: GuideParts,
  call: AttemptCall,
  state: FlowState,
): Promise<Outcome> {
  const { attempt, contact } = call;
  const { roomId } = contact;
  const { orderId } = state.vars;
  if (roomId === null) return { kind: 'failed', reason: 'no home' };
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('debtDispute')
      .values({
        id: newId(),
        roomId,
        personId: attempt.personId,
        workOrderId: typeof orderId === 'string' && orderId !== '' ? orderId : null,
        callId: attempt.callId,
        createdAt: clock.now(),
      })
      .onConflict((conflict) => conflict.column('callId').doNothing())
      .execute();
    await markResult(trx, attempt.id, 'disputed');
  });
  return ok();
}

async function paymentLink(parts: GuideParts, call: AttemptCall): Promise<Outcome> {
  const { db, log, paymentUrl, messaging, smsSign } = parts;
  const { attempt, contact, campaign } = call;
  // Nobody is promised a text that will not come.
  const failed = (reason: string): Outcome => {
    log.warn({ callId: attempt.callId, reason }, 'payment link not sent');
    return { kind: 'failed', reason };
  };
  if (!messaging.has('sms')) return failed('texts are not set up: SMS_URL');
  const head = smsSign === undefined ? '' : `【${smsSign}】`;
  const link = `${paymentUrl}${contact.roomId ?? ''}`;
  const written = await db.transaction().execute(async (trx) => {
    const done = await messaging.write(trx, {
      campaignId: campaign.id,
      contactId: contact.id,
      personId: attempt.personId,
      channel: 'sms',
      purpose: 'payment_link',
      address: attempt.number,
      language: contact.language,
      subject: null,
      body:
        contact.language === 'en'
          ? `${head}Your bills and how to pay them: ${link}`
          : `${head}您的账单与缴费入口：${link}`,
      onceKey: `${attempt.callId}:payment_link`,
    });
    if (done.is !== 'limited') await markResult(trx, attempt.id, 'link_sent');
    return done;
  });
  if (written.is === 'limited') return failed('a limit on messages');
  // The caller does not wait for the carrier.
  if (written.is === 'new') messaging.deliverSoon(written.id);
  return ok();
}

async function stopCalling({ db, clock, log }: GuideParts, call: AttemptCall): Promise<Outcome> {
  const { attempt, campaign } = call;
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('doNotCall')
      .values({
        id: newId(),
        number: attempt.number,
        personId: attempt.personId,
        // Who wants no reminders may still want to hear that the water is cut off.
        scope: campaign.purpose,
        until: null,
        source: 'call',
        reason: `campaign ${campaign.id}`,
        callId: attempt.callId,
        createdBy: 'ivr',
        createdAt: clock.now(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await markResult(trx, attempt.id, 'stopped_calling');
  });
  log.info({ callId: attempt.callId, scope: campaign.purpose }, 'asked not to be called');
  return ok();
}

async function score(
  { db, clock }: GuideParts,
  call: AttemptCall,
  value: string,
): Promise<Outcome> {
  const { attempt, campaign, contact } = call;
  const [number = '', points = ''] = value.split(':');
  const repair = campaign.kind === 'return_visit' ? await repairOf(db, contact) : undefined;
  await db
    .insertInto('surveyAnswer')
    .values({
      id: newId(),
      survey: campaign.kind,
      question: `question${number}`,
      score: Number(points),
      callId: attempt.callId,
      campaignId: campaign.id,
      contactId: contact.id,
      workOrderId: repair?.id ?? null,
      personId: attempt.personId,
      at: clock.now(),
    })
    .onConflict((conflict) => conflict.columns(['callId', 'question']).doNothing())
    .execute();
  await markResult(db, attempt.id, 'answered_survey');
  return { kind: 'result', result: nextQuestion(campaign, value) };
}

function nextQuestion({ settings }: Campaign, value: string): string {
  const number = Number(value.split(':')[0]);
  return settings.script.texts[`question${number + 1}`] === undefined ? 'done' : 'next';
}

function machineResult({ settings, purpose }: Campaign): string {
  // Debts are never spoken to a machine that others hear, whatever the settings say.
  return settings.onMachine === 'message' && purpose !== 'collection' ? 'message' : 'hangUp';
}
