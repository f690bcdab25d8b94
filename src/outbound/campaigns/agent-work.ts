import type {
  AgentCampaigns,
  AgentCard,
  NewOutcome,
} from '../../contract/campaigns/agent-sheet.ts';
import { mustChange } from '../../core/changes.ts';
import type { Clock } from '../../core/clock.ts';
import { within, type AttemptRow, type ContactRow, type Db } from '../../db/index.ts';
import { moveContact } from '../dialer/attempts.ts';
import { dueOf } from '../dialer/due.ts';
import { judge } from '../dialer/facts.ts';
import { checkOutcome, sheetOf } from './agent-sheet.ts';
import {
  ContactNotFoundError,
  NobodyLeftError,
  NotACampaignCallError,
  NotPreviewError,
  NotReservedError,
  NotYourCallError,
  NotYourQueueError,
} from './campaign.errors.ts';
import { type Campaign } from './campaigns.ts';
import { findCampaign, readSettings } from './read-campaign.ts';

/** How long an agent may look at a person before somebody else gets them. */
const reservedMs = 5 * 60_000;

export interface AgentWorkParts {
  db: Db;
  clock: Clock;
  /** Rings a reserved person for that agent; the call's id, or why not. */
  dialReserved: (
    campaign: Campaign,
    by: { contactId: string; staffId: string },
  ) => Promise<{ callId: string } | { refused: string }>;
}

/** What agents do in a campaign: look at the next person, call or pass them over, write down what came of it. */
export interface AgentWork {
  /** The same in a transaction at hand. */
  within(trx: Db): AgentWork;
  /** Running campaigns of queues that the agent serves. */
  campaigns(staffId: string): Promise<AgentCampaigns>;
  /**
   * Preview: the next person who may be called now, kept for that agent. Throws `campaign.nobody_left`,
   * `campaign.not_your_queue`, `campaign.not_preview`.
   */
  next(campaignId: string, staffId: string): Promise<AgentCard>;
  /** Throws `campaign.not_reserved`, `campaign.not_your_queue`, `campaign.not_preview`. */
  dial(campaignId: string, contactId: string, staffId: string): Promise<{ callId: string }>;
  /** Not now: somebody gets them later. Throws `campaign.not_reserved`. */
  passOver(campaignId: string, contactId: string, staffId: string): Promise<void>;
  /** Null for a call that no campaign made. Throws `campaign.not_your_call`. */
  cardIfAny(callId: string, staffId: string): Promise<AgentCard | null>;
  /** For whoever serves the campaign's queue or took part in the call. Throws `campaign.no_call`, `campaign.not_your_call`. */
  card(callId: string, staffId: string): Promise<AgentCard>;
  /** By whoever talked with the person. Throws `campaign.not_your_call`, `campaign.bad_outcome`, `request.unchanged`. */
  write(callId: string, outcome: NewOutcome, staffId: string): Promise<void>;
}

export function createAgentWork({ db, clock, dialReserved }: AgentWorkParts): AgentWork {
  const card = async (callId: string, staffId: string): Promise<AgentCard> => {
    const { attempt, contact } = await ofCall(db, callId);
    const campaign = await findCampaign(db, attempt.campaignId);
    const maySee =
      (await serves(db, campaign, staffId)) ||
      (await tookPart(db, attempt, staffId)) ||
      (await isOffered(db, callId, staffId));
    if (!maySee) throw new NotYourCallError();
    return cardOf(db, campaign, contact, callId);
  };
  /** Whom agents look at before they dial: a running campaign of that kind, of a queue that they serve. */
  const ofPreview = async (campaignId: string, staffId: string): Promise<Campaign> => {
    const campaign = await findCampaign(db, campaignId);
    if (!(await serves(db, campaign, staffId))) throw new NotYourQueueError();
    if (campaign.settings.mode !== 'preview') throw new NotPreviewError();
    return campaign;
  };
  return {
    within: (trx) => createAgentWork({ db: trx, clock, dialReserved }),
    campaigns: async (staffId) => ({ items: await campaignsOf(db, staffId, clock.now()) }),
    card,
    async cardIfAny(callId, staffId) {
      const attempt = await db
        .selectFrom('attempt')
        .select('id')
        .where('callId', '=', callId)
        .executeTakeFirst();
      return attempt === undefined ? null : card(callId, staffId);
    },
    async next(campaignId, staffId) {
      const campaign = await ofPreview(campaignId, staffId);
      const now = clock.now();
      if (dueOf(campaign, now) !== 'dial') throw new NobodyLeftError();
      const contact = await reserve(db, campaign, staffId, now);
      if (contact === undefined) throw new NobodyLeftError();
      return cardOf(db, campaign, contact, undefined);
    },
    async dial(campaignId, contactId, staffId) {
      await mustBeOnList(db, campaignId, contactId);
      const campaign = await ofPreview(campaignId, staffId);
      const due = dueOf(campaign, clock.now());
      if (due !== 'dial') throw new NotReservedError(due === 'stop' ? 'over' : campaign.state);
      const made = await dialReserved(campaign, { contactId, staffId });
      if ('refused' in made) throw new NotReservedError(made.refused);
      return made;
    },
    async passOver(campaignId, contactId, staffId) {
      const passed = await db
        .updateTable('campaignContact')
        .set({
          reservedBy: null,
          reservedUntil: null,
          nextAt: new Date(clock.now().getTime() + 3600_000),
        })
        .where('campaignId', '=', campaignId)
        .where('id', '=', contactId)
        .where('reservedBy', '=', staffId)
        .where('state', '=', 'waiting')
        .returning('id')
        .executeTakeFirst();
      if (passed !== undefined) return;
      await mustBeOnList(db, campaignId, contactId);
      throw new NotReservedError('not_yours');
    },
    async write(callId, outcome, staffId) {
      const { attempt, contact } = await ofCall(db, callId);
      if (!(await tookPart(db, attempt, staffId))) throw new NotYourCallError();
      const campaign = await findCampaign(db, attempt.campaignId);
      const now = clock.now();
      checkOutcome(sheetOf(campaign.settings), outcome, now);
      const callAgainAt = outcome.callAgainAt == null ? null : new Date(outcome.callAgainAt);
      const facts = {
        staffId,
        disposition: outcome.disposition,
        answers: JSON.stringify(outcome.answers ?? {}),
        note: outcome.note ?? '',
        callAgainAt,
        at: now,
      };
      await within(db, async (trx) => {
        const before = await trx
          .selectFrom('campaignOutcome')
          .select(['disposition', 'answers', 'note', 'callAgainAt'])
          .where('callId', '=', callId)
          .forUpdate()
          .executeTakeFirst();
        const { disposition, note } = facts;
        const wanted = { disposition, note, callAgainAt, answers: outcome.answers ?? {} };
        if (before !== undefined) mustChange(before, wanted);
        await trx
          .insertInto('campaignOutcome')
          .values({ callId, campaignId: campaign.id, contactId: contact.id, ...facts })
          .onConflict((conflict) => conflict.column('callId').doUpdateSet(facts))
          .execute();
        await keepAppointment(trx, campaign, attempt, callAgainAt, now);
      });
    },
  };
}

/** Throws `campaign.not_found`, `campaign.no_contact`. */
async function mustBeOnList(db: Db, campaignId: string, contactId: string): Promise<void> {
  await findCampaign(db, campaignId);
  const contact = await db
    .selectFrom('campaignContact')
    .select('id')
    .where('id', '=', contactId)
    .where('campaignId', '=', campaignId)
    .executeTakeFirst();
  if (contact === undefined) throw new ContactNotFoundError();
}

/** Whether that agent is a member of the queue that the campaign's people are connected with. */
async function serves(db: Db, { settings }: Campaign, staffId: string): Promise<boolean> {
  if (settings.queueId === null) return false;
  const member = await db
    .selectFrom('queueMember')
    .select('queueId')
    .where('queueId', '=', settings.queueId)
    .where('staffId', '=', staffId)
    .executeTakeFirst();
  return member !== undefined;
}

/** Dialled the person, or talked with them. */
async function tookPart(db: Db, attempt: AttemptRow, staffId: string): Promise<boolean> {
  if (attempt.staffId === staffId) return true;
  const talk = await db
    .selectFrom('engagement')
    .select('id')
    .where('callId', '=', attempt.callId)
    .where('staffId', '=', staffId)
    .limit(1)
    .executeTakeFirst();
  return talk !== undefined;
}

async function isOffered(db: Db, callId: string, staffId: string): Promise<boolean> {
  const offer = await db
    .selectFrom('offer')
    .select('id')
    .where('callId', '=', callId)
    .where('staffId', '=', staffId)
    .limit(1)
    .executeTakeFirst();
  return offer !== undefined;
}

/** The most important first: the smallest priority, as the dialler has it. */
async function campaignsOf(db: Db, staffId: string, now: Date): Promise<AgentCampaigns['items']> {
  const rows = await db
    .selectFrom('campaign')
    .select(['id', 'name', 'purpose', 'settings'])
    .where('state', '=', 'running')
    .orderBy('priority')
    .orderBy('id')
    .execute();
  const queues = await db
    .selectFrom('queueMember')
    .select('queueId')
    .where('staffId', '=', staffId)
    .execute();
  const own = rows.flatMap(({ settings, ...row }) => {
    const { mode, queueId } = readSettings(settings);
    const isServed = queues.some((one) => one.queueId === queueId);
    return mode === 'automatic' || !isServed ? [] : [{ ...row, mode }];
  });
  return Promise.all(
    own.map(async (row) => {
      const { count } = await db
        .selectFrom('campaignContact')
        .select((from) => from.fn.countAll<number>().as('count'))
        .where('campaignId', '=', row.id)
        .where('state', '=', 'waiting')
        .where('nextAt', '<=', now)
        .where((where) =>
          where.or([
            where('reservedUntil', 'is', null),
            where('reservedUntil', '<=', now),
            where('reservedBy', '=', staffId),
          ]),
        )
        .executeTakeFirstOrThrow();
      return { ...row, waiting: count };
    }),
  );
}

/** While the call lasts its end sees to it; after it the person waits again. */
async function keepAppointment(
  trx: Db,
  campaign: Campaign,
  attempt: AttemptRow,
  callAgainAt: Date | null,
  now: Date,
): Promise<void> {
  if (callAgainAt === null) return;
  if (campaign.state !== 'running' && campaign.state !== 'paused') {
    throw new NotReservedError(campaign.state);
  }
  const contact = await trx
    .selectFrom('campaignContact')
    .selectAll()
    .where('id', '=', attempt.contactId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (contact.state !== 'reached') return;
  await moveContact(trx, contact, 'waiting', now, {
    nextAt: callAgainAt,
    nextNumber: attempt.number,
    finishedAt: null,
    confirmedAt: null,
  });
}

/** Looks past those who may not be called now. */
async function reserve(
  db: Db,
  campaign: Campaign,
  staffId: string,
  now: Date,
): Promise<ContactRow | undefined> {
  return within(db, async (trx) => {
    const due = await trx
      .selectFrom('campaignContact')
      .selectAll()
      .where('campaignId', '=', campaign.id)
      .where('state', '=', 'waiting')
      .where('nextAt', '<=', now)
      .where((where) =>
        where.or([
          where('reservedUntil', 'is', null),
          where('reservedUntil', '<=', now),
          where('reservedBy', '=', staffId),
        ]),
      )
      .orderBy('nextAt')
      .orderBy('id')
      .limit(20)
      .forUpdate()
      .skipLocked()
      .execute();
    const judged = await judge(trx, campaign, due, now);
    const found = judged.find(({ verdict }) => verdict.may)?.contact;
    if (found === undefined) return undefined;
    await trx
      .updateTable('campaignContact')
      .set({ reservedBy: staffId, reservedUntil: new Date(now.getTime() + reservedMs) })
      .where('id', '=', found.id)
      .execute();
    return found;
  });
}

async function ofCall(
  db: Db,
  callId: string,
): Promise<{ attempt: AttemptRow; contact: ContactRow }> {
  const attempt = await db
    .selectFrom('attempt')
    .selectAll()
    .where('callId', '=', callId)
    .executeTakeFirst();
  if (attempt === undefined) throw new NotACampaignCallError();
  const contact = await db
    .selectFrom('campaignContact')
    .selectAll()
    .where('id', '=', attempt.contactId)
    .executeTakeFirstOrThrow();
  return { attempt, contact };
}

async function cardOf(
  db: Db,
  campaign: Campaign,
  contact: ContactRow,
  callId: string | undefined,
): Promise<AgentCard> {
  const room =
    contact.roomId === null
      ? undefined
      : await db
          .selectFrom('room')
          .select('label')
          .where('id', '=', contact.roomId)
          .executeTakeFirst();
  const outcome =
    callId === undefined
      ? undefined
      : await db
          .selectFrom('campaignOutcome')
          .select(['disposition', 'answers', 'note', 'callAgainAt'])
          .where('callId', '=', callId)
          .executeTakeFirst();
  return {
    campaignId: campaign.id,
    campaignName: campaign.name,
    contactId: contact.id,
    name: contact.name,
    roomLabel: room?.label ?? null,
    number: contact.nextNumber ?? contact.numbers[0]?.number ?? '',
    attempts: contact.attempts,
    owedFen: contact.owedFen,
    vars: contact.vars,
    sheet: sheetOf(campaign.settings),
    outcome:
      outcome === undefined
        ? null
        : { ...outcome, callAgainAt: outcome.callAgainAt?.toISOString() ?? null },
  };
}
