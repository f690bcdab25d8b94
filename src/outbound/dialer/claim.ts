import type { AttemptRow, ContactRow, Db, Pool } from '../../db/index.ts';
import { limitZone, type Dialling, type UsedUp } from '../../dialling/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import { nextLocalDay, type refusalTexts } from '../rules/index.ts';
import { commitAttempt, moveContact } from './attempts.ts';
import { judge, type Judged } from './facts.ts';
import { pickTrunk, type Trunk, type TrunkChoice } from './trunks.ts';

export interface Claimed {
  attempt: AttemptRow;
  way: TrunkChoice;
  /** Another trunk could be tried if this one fails. */
  hasOtherTrunk: boolean;
}

/** The policy of all calls outside, as far as campaigns ask it. */
export type OutsidePolicy = Pick<Dialling, 'isOpen' | 'usedUp' | 'noteCampaign'>;

/** How long a contact waits whose home or number is in another call. */
const whileBusyMs = 20_000;
/** How long it waits when there is no way out at all. */
const whileNoLineMs = 10_000;

/**
 * Takes up to `wanted` contacts that are due, reads everything that could forbid the call, and commits an attempt for
 * each that may be made. What comes back is dialled at once. Between this reading and the ringing the call's own row is
 * written, and the contact and the campaign are read once more (`AttemptCalls`); who pays after that is taken back.
 */
export async function claim(
  db: Pool,
  campaign: Campaign,
  wanted: number,
  trunks: Trunk[],
  now: Date,
  policy: OutsidePolicy,
): Promise<{ claimed: Claimed[]; looked: number; needFallback: string[] }> {
  return db.transaction().execute(async (trx) => {
    const due = await trx
      .selectFrom('campaignContact')
      .selectAll()
      .where('campaignId', '=', campaign.id)
      .where('state', '=', 'waiting')
      .where('nextAt', '<=', now)
      .where((where) =>
        where.or([where('reservedUntil', 'is', null), where('reservedUntil', '<=', now)]),
      )
      .orderBy('nextAt')
      .orderBy('id')
      .limit(wanted)
      .forUpdate()
      .skipLocked()
      .execute();
    const judged = await judge(trx, campaign, due, now);
    const outside = await outsideOf(trx, policy, campaign, judged, null);
    const claimed: Claimed[] = [];
    const needFallback: string[] = [];
    for (const one of judged) {
      const made = await claimOne(trx, campaign, one, trunks, now, outside);
      if (made === 'fallback') needFallback.push(one.contact.id);
      else if (made !== undefined) claimed.push(made);
    }
    await policy.noteCampaign(trx, claimed.map(noteOf));
    return { claimed, looked: due.length, needFallback };
  });
}

/** The one person whom an agent looked at. A string says why they may not be called now. */
export async function claimReserved(
  db: Pool,
  campaign: Campaign,
  by: { contactId: string; staffId: string },
  trunks: Trunk[],
  now: Date,
  policy: OutsidePolicy,
): Promise<Claimed | string> {
  return db.transaction().execute(async (trx) => {
    const contact = await trx
      .selectFrom('campaignContact')
      .selectAll()
      .where('campaignId', '=', campaign.id)
      .where('id', '=', by.contactId)
      .where('state', '=', 'waiting')
      .where('reservedBy', '=', by.staffId)
      .forUpdate()
      .executeTakeFirst();
    if (contact === undefined) return 'not_reserved';
    const [judged] = await judge(trx, campaign, [contact], now);
    if (judged === undefined) return 'not_reserved';
    const outside = await outsideOf(trx, policy, campaign, [judged], by.staffId);
    if (outside.usedUp.isAgent) return 'agent_limit';
    const made = await claimOne(trx, campaign, judged, trunks, now, outside);
    if (typeof made === 'object') {
      const { id } = made.attempt;
      await trx.updateTable('attempt').set({ staffId: by.staffId }).where('id', '=', id).execute();
      await policy.noteCampaign(trx, [{ ...noteOf(made), staffId: by.staffId }]);
      return made;
    }
    if (!judged.verdict.may) return judged.verdict.code;
    return outside.usedUp.numbers.has(judged.number) ? 'number_limit' : 'no_line';
  });
}

/** What the policy of all calls outside says of those who were judged. */
interface Outside {
  isOpen: (number: string) => boolean;
  usedUp: UsedUp;
}

/** In an emergency everybody is called, however often they were today. */
async function outsideOf(
  trx: Db,
  policy: OutsidePolicy,
  { purpose }: Campaign,
  judged: readonly Judged[],
  staffId: string | null,
): Promise<Outside> {
  const isOpen = (number: string) => policy.isOpen(number);
  if (purpose === 'emergency' || judged.length === 0) {
    return { isOpen, usedUp: { numbers: new Set(), isAgent: false } };
  }
  const numbers = judged.map(({ number }) => number);
  return { isOpen, usedUp: await policy.usedUp(trx, numbers, staffId) };
}

function noteOf({ attempt }: Claimed): { number: string; callId: string; staffId: null } {
  return { number: attempt.number, callId: attempt.callId, staffId: null };
}

async function claimOne(
  trx: Db,
  campaign: Campaign,
  judged: Judged,
  trunks: Trunk[],
  now: Date,
  outside: Outside,
): Promise<Claimed | 'fallback' | undefined> {
  const { contact, number, verdict } = judged;
  if (!verdict.may) return refuse(trx, campaign, judged, now);
  if (outside.usedUp.numbers.has(number)) {
    await postpone(trx, contact, nextLocalDay(now, limitZone), null);
    return undefined;
  }
  const call = { number, estateId: contact.estateId, now, tried: contact.triedTrunks };
  const way = outside.isOpen(number) ? pickTrunk(trunks, call) : 'prefix_forbidden';
  if (typeof way === 'string') {
    if (way === 'prefix_forbidden') {
      await moveContact(trx, contact, 'excluded', now, {
        refusal: 'invalid_number',
        finishedAt: now,
      });
    } else await postpone(trx, contact, new Date(now.getTime() + whileNoLineMs), null);
    return undefined;
  }
  const attempt = await commitAttempt(trx, campaign, judged, way, now);
  if (attempt === undefined) {
    await postpone(trx, contact, new Date(now.getTime() + whileBusyMs), null);
    return undefined;
  }
  const trunk = trunks.find((one) => one.id === way.trunkId);
  if (trunk !== undefined) trunk.linesInUse += 1;
  const others = pickTrunk(trunks, { ...call, tried: [...call.tried, way.trunkId] });
  return { attempt, way, hasOtherTrunk: typeof others !== 'string' };
}

async function refuse(
  trx: Db,
  campaign: Campaign,
  { contact, verdict }: Judged,
  now: Date,
): Promise<'fallback' | undefined> {
  if (verdict.may) return undefined;
  const { code, retryAt } = verdict;
  if (code === 'prefers_writing') {
    await trx
      .updateTable('campaignContact')
      .set({ nextAt: null, refusal: code, fallback: 'queued', fallbackAt: null })
      .where('id', '=', contact.id)
      .execute();
    return 'fallback';
  }
  if (retryAt !== null && (campaign.endsAt === null || retryAt < campaign.endsAt)) {
    await postpone(trx, contact, retryAt, code);
    return undefined;
  }
  const hasTried = contact.attempts > 0 && code === 'campaign_cap';
  const isLate = retryAt !== null;
  // Who may not be called now may still be written to; who must not be called at all is left alone.
  const needsFallback = (hasTried || isLate) && campaign.settings.fallback.length > 0;
  await moveContact(trx, contact, hasTried || isLate ? 'unreached' : 'excluded', now, {
    refusal: code,
    finishedAt: now,
    ...(needsFallback ? { fallback: 'queued' as const } : {}),
  });
  return needsFallback ? 'fallback' : undefined;
}

async function postpone(
  trx: Db,
  contact: ContactRow,
  nextAt: Date,
  refusal: keyof typeof refusalTexts | null,
): Promise<void> {
  await trx
    .updateTable('campaignContact')
    .set({ nextAt, ...(refusal === null ? {} : { refusal }) })
    .where('id', '=', contact.id)
    .execute();
}
