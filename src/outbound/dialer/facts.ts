import { sql } from 'kysely';
import { DateTime } from 'luxon';
import type { ContactRow, Db } from '../../db/index.ts';
import { dayIn, debtsOf as owedBy } from '../../property/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import { isWrittenFirst } from '../../messaging/index.ts';
import {
  mayCall,
  rulesFor,
  type CallChoice,
  type DoNotCallEntry,
  type PastAttempt,
  type RuleInput,
  type SensitiveFlag,
  type Verdict,
} from '../rules/index.ts';

/** A contact with everything that the rules ask, as the rows say it at this moment. */
export interface Judged {
  contact: ContactRow;
  number: string;
  personId: string | null;
  subjectKey: string;
  input: RuleInput;
  verdict: Verdict;
  /** How we know of the consent or the wish; kept with the attempt. */
  wishEvidence: string | null;
}

/** Reads the ledger, the do-not-call list, wishes and past attempts, and judges each contact by them. */
export async function judge(
  db: Db,
  campaign: Campaign,
  contacts: readonly ContactRow[],
  now: Date,
): Promise<Judged[]> {
  if (contacts.length === 0) return [];
  const asked = contacts.map((contact) => {
    const next = contact.numbers.find(({ number }) => number === contact.nextNumber);
    const { number = '', personId = null } = next ?? contact.numbers[0] ?? {};
    return { contact, number, personId, subjectKey: subjectOf(campaign, contact, personId) };
  });
  const numbers = asked.map((one) => one.number);
  const people = present(asked.map((one) => one.personId));
  const rooms = present(contacts.map((one) => one.roomId));
  // One after the other: within a transaction there is one connection.
  const profiles = await profilesOf(db, people);
  const blocks = await blocksOf(db, numbers, people);
  const wishes = await wishesOf(db, campaign, people);
  const debts =
    campaign.purpose === 'collection' ? await debtsOf(db, campaign, rooms, now) : undefined;
  const past = await pastOf(
    db,
    asked.map((one) => one.subjectKey),
    now,
  );
  return asked.map((one) => {
    const wish = one.personId === null ? undefined : wishes.get(one.personId);
    const input: RuleInput = {
      purpose: campaign.purpose,
      topic: campaign.topic,
      now,
      zone: one.contact.timeZone,
      number: one.number,
      person: (one.personId === null ? undefined : profiles.get(one.personId)) ?? {
        isMinor: false,
        flags: [],
      },
      doNotCall: blocks
        .filter(
          (block) =>
            block.number === one.number ||
            (block.personId !== null && block.personId === one.personId),
        )
        .map(({ scope, until }) => ({ scope: scope as DoNotCallEntry['scope'], until })),
      choice: choiceOf(wish, one.contact),
      hasConsent: wish?.isWanted === true,
      debt:
        debts === undefined
          ? null
          : (debts.get(one.contact.roomId ?? '') ?? {
              owedFen: 0,
              promisedUntil: null,
              isDisputed: false,
            }),
      history: past.get(one.subjectKey) ?? [],
      attemptsInCampaign: one.contact.attempts,
      caps: {
        ...rulesFor(campaign).caps,
        attemptsPerCampaign: campaign.settings.attemptsPerContact,
      },
      override: overrideOf(campaign),
    };
    return { ...one, input, verdict: mayCall(input), wishEvidence: wish?.evidence ?? null };
  });
}

/** What is kept as proof that the call was allowed. */
export function evidenceOf({
  input,
  verdict,
  wishEvidence,
}: Pick<Judged, 'input' | 'verdict' | 'wishEvidence'>): Record<string, unknown> {
  const local = DateTime.fromJSDate(input.now, { zone: input.zone });
  return {
    localTime: local.toISO(),
    zone: input.zone,
    purpose: input.purpose,
    topic: input.topic ?? null,
    consentNeeded: rulesFor(input).consent,
    owedFen: input.debt?.owedFen ?? null,
    attemptsLastWeek: input.history.length,
    effectiveToday: input.history.filter(
      (one) =>
        one.isEffective && DateTime.fromJSDate(one.at, { zone: input.zone }).hasSame(local, 'day'),
    ).length,
    wish: wishEvidence,
    overridden: verdict.may ? verdict.overridden : [],
    ...(input.override === null
      ? {}
      : { approvedBy: input.override.approvedBy, approvalReason: input.override.reason }),
  };
}

/** The guideline counts by debtor; other calls are counted by home and purpose. */
export function subjectOf(
  campaign: Pick<Campaign, 'purpose'>,
  contact: Pick<ContactRow, 'householdKey'>,
  personId: string | null,
): string {
  const who =
    campaign.purpose === 'collection' && personId !== null
      ? `person:${personId}`
      : contact.householdKey;
  return `${campaign.purpose}:${who}`;
}

function overrideOf({
  settings,
  approvedBy,
  approvedAt,
  purpose,
  topic,
}: Campaign): RuleInput['override'] {
  const reason = settings.overrideReason;
  if (reason === null || approvedBy === null || approvedAt === null) return null;
  return rulesFor({ purpose, topic }).canBeOverridden ? { approvedBy, approvedAt, reason } : null;
}

async function profilesOf(db: Db, people: readonly string[]) {
  const rows =
    people.length === 0
      ? []
      : await db
          .selectFrom('callingProfile')
          .select(['personId', 'isMinor', 'flags'])
          .where('personId', 'in', people)
          .execute();
  return new Map(
    rows.map(({ personId, isMinor, flags }) => [
      personId,
      { isMinor, flags: flags as SensitiveFlag[] },
    ]),
  );
}

function blocksOf(db: Db, numbers: readonly string[], people: readonly string[]) {
  return db
    .selectFrom('doNotCall')
    .select(['number', 'personId', 'scope', 'until'])
    .where('liftedAt', 'is', null)
    .where((where) =>
      where.or([
        where('number', 'in', numbers),
        ...(people.length === 0 ? [] : [where('personId', 'in', people)]),
      ]),
    )
    .execute();
}

interface TopicWish {
  isWanted: boolean;
  mayCall: boolean;
  choice: CallChoice;
  evidence: string;
}

async function wishesOf(db: Db, { topic, purpose, settings }: Campaign, people: readonly string[]) {
  const rows =
    people.length === 0
      ? []
      : await db
          .selectFrom('subscription')
          .select(['personId', 'isWanted', 'channels', 'hours', 'evidence'])
          .where('topic', '=', topic)
          .where('personId', 'in', people)
          .execute();
  return new Map(
    rows.map(({ personId, isWanted, channels, hours, evidence }): [string, TopicWish] => {
      const isWritten = isWrittenFirst(settings.fallback, purpose, { isWanted, channels });
      // Who wants to read it does not want to be called.
      const mayCall = isWanted && channels.includes('call');
      const choice = { isWanted: mayCall || isWritten, isWrittenFirst: isWritten, hours };
      return [personId, { ...{ isWanted, mayCall }, choice, evidence }];
    }),
  );
}

/** Whoever was written to in vain is called, if they may be. */
function choiceOf(wish: TopicWish | undefined, { fallback }: ContactRow): CallChoice {
  if (wish === undefined) return { isWanted: true, hours: null };
  const { choice, mayCall } = wish;
  return fallback === null ? choice : { ...choice, isWanted: mayCall, isWrittenFirst: false };
}

export interface Debt {
  owedFen: number;
  promisedUntil: Date | null;
  isDisputed: boolean;
}

/** What homes owe now, promises that still run, disputes whose order is open. */
export async function debtsOf(
  db: Db,
  campaign: Campaign,
  rooms: readonly string[],
  now: Date,
): Promise<Map<string, Debt>> {
  if (rooms.length === 0) return new Map();
  const kinds = campaign.settings.audience.debt?.kinds;
  const owed = await owedBy(db, rooms, now, kinds);
  const promises = await db
    .selectFrom('paymentPromise')
    .innerJoin('room', 'room.id', 'paymentPromise.roomId')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .select(['paymentPromise.roomId', 'promisedOn', 'estate.timeZone'])
    .where('paymentPromise.roomId', 'in', rooms)
    .where('promisedOn', '>=', dayIn(now, sql.ref('estate.time_zone')))
    .execute();
  const disputes = await db
    .selectFrom('debtDispute')
    .leftJoin('workOrder', 'workOrder.id', 'debtDispute.workOrderId')
    .select('debtDispute.roomId')
    .where('debtDispute.roomId', 'in', rooms)
    .where((where) =>
      where.or([
        where('workOrder.id', 'is', null),
        where('workOrder.state', 'not in', ['confirmed', 'closed', 'cancelled']),
      ]),
    )
    .execute();
  const disputed = new Set(disputes.map((one) => one.roomId));
  return new Map(
    [...owed].map(([roomId, { fen }]) => [
      roomId,
      {
        owedFen: fen,
        promisedUntil: latest(
          promises
            .filter((one) => one.roomId === roomId)
            .map((one) => endOfDay(one.promisedOn, one.timeZone)),
        ),
        isDisputed: disputed.has(roomId),
      },
    ]),
  );
}

/** Attempts of the last eight days that reached the carrier; a failed trunk disturbs nobody. */
async function pastOf(
  db: Db,
  subjects: readonly string[],
  now: Date,
): Promise<Map<string, PastAttempt[]>> {
  const rows = await db
    .selectFrom('attempt')
    .select(['subjectKey', 'createdAt', 'isEffective'])
    .where('subjectKey', 'in', subjects)
    .where('createdAt', '>', new Date(now.getTime() - 8 * 86_400_000))
    .where((where) =>
      where.or([where('result', 'is', null), where('result', 'not in', ['no_line', 'cancelled'])]),
    )
    .execute();
  const found = new Map<string, PastAttempt[]>();
  for (const { subjectKey, createdAt, isEffective } of rows) {
    const list = found.get(subjectKey) ?? [];
    list.push({ at: createdAt, isEffective });
    found.set(subjectKey, list);
  }
  return found;
}

function endOfDay(day: string, zone: string): Date {
  return DateTime.fromISO(day, { zone }).endOf('day').toJSDate();
}

function latest(dates: readonly Date[]): Date | null {
  return dates.length === 0 ? null : new Date(Math.max(...dates.map((date) => date.getTime())));
}

function present(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.filter((id): id is string => id !== null))];
}
