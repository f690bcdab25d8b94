import { DateTime } from 'luxon';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { Language } from '../../core/language.ts';
import { emit, type AttemptRow, type ContactRow, type Db, type Pool } from '../../db/index.ts';
import type {
  CampaignAction,
  FlowState,
  OutboundGuide,
  OutboundScript,
  Outcome,
  Vars,
} from '../../ivr/index.ts';
import { findHotline, unpaidBills, type HotlineWithEstate } from '../../property/index.ts';
import { findCampaign, type Campaign } from '../campaigns/campaigns.ts';
import type { AttemptResult } from '../dialer/results.ts';
import { confirmRepair, reopenRepair, repairOf } from './repairs.ts';
import { deliverSoon, writeMessage } from '../messages/messages.ts';
import type { MessageSender } from '../messages/senders.ts';

export interface GuideParts {
  db: Pool;
  clock: Clock;
  log: Log;
  sender: MessageSender;
  /** What stands in 【】 at the head of a text. */
  smsSign: string | undefined;
  /** Where an owner pays, e.g. `https://pay.example/b/`; the room's id is added. */
  paymentUrl: string;
}

/** One call of a campaign: an attempt on somebody, or staff who listen to the script. */
interface Subject {
  campaign: Campaign;
  attempt: AttemptRow | undefined;
  contact: ContactRow | undefined;
  language: Language;
  callerId: string;
}

/** What campaigns' calls say, and what is written down of what people answer. */
export function createGuide(parts: GuideParts): OutboundGuide {
  const { db } = parts;
  return {
    async script(callId) {
      const subject = await subjectOf(db, callId);
      return subject === undefined ? undefined : scriptOf(db, subject);
    },
    async act(call, state, action) {
      const subject = await subjectOf(db, call.id);
      if (subject === undefined) return { kind: 'failed', reason: 'no campaign made this call' };
      call.record('campaign.acted', { act: action.act, node: state.node });
      // Whoever listens to a script hears every branch, and nothing is written.
      if (subject.attempt === undefined || subject.contact === undefined) {
        return rehearse(subject, action);
      }
      const line = { ...subject, attempt: subject.attempt, contact: subject.contact };
      return write(parts, line, state, action);
    },
    async connected(callId) {
      const attempt = await db
        .selectFrom('attempt')
        .select('id')
        .where('callId', '=', callId)
        .executeTakeFirst();
      if (attempt !== undefined) await markResult(db, attempt.id, 'agent');
    },
  };
}

async function subjectOf(db: Db, callId: string): Promise<Subject | undefined> {
  const attempt = await db
    .selectFrom('attempt')
    .selectAll()
    .where('callId', '=', callId)
    .executeTakeFirst();
  if (attempt !== undefined) {
    const contact = await db
      .selectFrom('campaignContact')
      .selectAll()
      .where('id', '=', attempt.contactId)
      .executeTakeFirstOrThrow();
    const campaign = await findCampaign(db, attempt.campaignId);
    const { callerId } = attempt;
    return { campaign, attempt, contact, language: contact.language, callerId };
  }
  const test = await db
    .selectFrom('campaignTest')
    .selectAll()
    .where('callId', '=', callId)
    .executeTakeFirst();
  if (test === undefined) return undefined;
  const campaign = await findCampaign(db, test.campaignId);
  const none = { attempt: undefined, contact: undefined };
  return { campaign, ...none, language: test.language, callerId: '' };
}

async function scriptOf(db: Db, subject: Subject): Promise<OutboundScript | undefined> {
  const { campaign, contact, language } = subject;
  const hotline = await hotlineFor(db, contact?.estateId ?? undefined);
  if (hotline === undefined) return undefined;
  const { estateName: zh, estateNameEn: en } = hotline;
  const repair = campaign.kind === 'return_visit' ? await repairOf(db, contact) : undefined;
  const vars: Vars = {
    name: contact?.name ?? (language === 'en' ? 'the owner' : '业主'),
    estate: { 'zh-CN': zh, en },
    greeting: {
      'zh-CN': `您好，这里是${zh}物业服务中心。`,
      en: `Hello, this is the property service of ${en}.`,
    },
    callback: subject.callerId === '' ? hotline.did : subject.callerId,
    orderNumber: repair?.number ?? '',
    orderId: repair?.id ?? '',
    ...home(contact),
    ...campaign.settings.script.texts,
    ...(contact === undefined ? {} : listVars(contact)),
  };
  const queue = await queueCode(db, campaign.settings.queueId);
  return {
    ...{ flowId: campaign.settings.script.flowId, language, vars, hotline },
    ...(queue === undefined ? {} : { queue }),
    ...(subject.attempt?.staffId == null ? {} : { staffId: subject.attempt.staffId }),
  };
}

async function queueCode(db: Db, queueId: string | null): Promise<string | undefined> {
  if (queueId === null) return undefined;
  const row = await db
    .selectFrom('queue')
    .select('code')
    .where('id', '=', queueId)
    .executeTakeFirst();
  return row?.code;
}

/** What an uploaded list fills: plain words, never the home or the person that we know better. */
function listVars(contact: ContactRow): Vars {
  const own = Object.entries(contact.vars).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[0] !== 'room',
  );
  return Object.fromEntries(own);
}

function home(contact: ContactRow | undefined): Vars {
  if (contact?.roomId == null || contact.personId === null) return {};
  return { home: { roomId: contact.roomId, personId: contact.personId } };
}

export async function hotlineFor(
  db: Db,
  estateId: string | undefined,
): Promise<HotlineWithEstate | undefined> {
  let query = db.selectFrom('hotline').select('did').orderBy('createdAt').orderBy('did').limit(1);
  if (estateId !== undefined) query = query.where('estateId', '=', estateId);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : findHotline(db, row.did);
}

const ok = (vars: Vars = {}): Outcome => ({ kind: 'result', result: 'ok', vars });

/** The answers that a listener from our own staff gets. */
function rehearse({ campaign }: Subject, { act, value }: CampaignAction): Outcome {
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

type Line = Subject & { attempt: AttemptRow; contact: ContactRow };

async function write(
  parts: GuideParts,
  line: Line,
  state: FlowState,
  action: CampaignAction,
): Promise<Outcome> {
  const { campaign, attempt } = line;
  const mark = (result: AttemptResult, db: Db = parts.db) => markResult(db, attempt.id, result);
  switch (action.act) {
    case 'facts':
      return facts(parts.db, line);
    case 'confirm':
      await mark('confirmed');
      return ok();
    case 'wrongPerson':
      await mark('wrong_person');
      return ok();
    case 'promise':
      return promise(parts, line, Number(action.value));
    case 'dispute':
      return dispute(parts, line, state);
    case 'paymentLink':
      return paymentLink(parts, line);
    case 'stopCalling':
      return stopCalling(parts, line);
    case 'score':
      return score(parts, line, action.value);
    case 'repaired':
    case 'notRepaired': {
      const repair = await repairOf(parts.db, line.contact);
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
async function markResult(db: Db, attemptId: string, result: AttemptResult): Promise<void> {
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

/** Read while the person is on the line: what was paid a minute ago is not asked for. */
async function facts(db: Db, { contact, campaign }: Line): Promise<Outcome> {
  if (contact.roomId === null) return { kind: 'result', result: 'paid' };
  const kinds = campaign.settings.audience.debt?.kinds;
  const bills = (await unpaidBills(db, contact.roomId)).filter(
    ({ kind }) => kinds === undefined || kinds.includes(kind),
  );
  const room = await db
    .selectFrom('room')
    .select('label')
    .where('id', '=', contact.roomId)
    .executeTakeFirstOrThrow();
  return {
    kind: 'result',
    result: bills.length === 0 ? 'paid' : 'owing',
    vars: {
      room: room.label,
      count: bills.length,
      total: bills.reduce((sum, bill) => sum + bill.amountFen, 0),
      unpaid: bills.map(({ kind, period, amountFen }) => ({ kind, period, amountFen })),
    },
  };
}

async function promise(parts: GuideParts, line: Line, days: number): Promise<Outcome> {
  const { db, clock } = parts;
  const { attempt, contact } = line;
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

async function dispute({ db, clock }: GuideParts, line: Line, state: FlowState): Promise<Outcome> {
  const { attempt, contact } = line;
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

async function paymentLink(parts: GuideParts, line: Line): Promise<Outcome> {
  const { db, clock, log, paymentUrl, sender, smsSign } = parts;
  const { attempt, contact, campaign } = line;
  if (!sender.has('sms')) {
    // Nobody is promised a text that will not come.
    log.warn({ callId: attempt.callId }, 'a payment link was not sent: SMS_URL is not set');
    return { kind: 'failed', reason: 'texts are not set up' };
  }
  const head = smsSign === undefined ? '' : `【${smsSign}】`;
  const link = `${paymentUrl}${contact.roomId ?? ''}`;
  const id = await db.transaction().execute(async (trx) => {
    await markResult(trx, attempt.id, 'link_sent');
    return writeMessage(
      trx,
      {
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
      },
      clock.now(),
    );
  });
  // The caller does not wait for the carrier.
  if (id !== undefined) deliverSoon(parts, id);
  return ok();
}

async function stopCalling({ db, clock, log }: GuideParts, line: Line): Promise<Outcome> {
  const { attempt, campaign } = line;
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

async function score({ db, clock }: GuideParts, line: Line, value: string): Promise<Outcome> {
  const { attempt, campaign, contact } = line;
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
