import type { AttemptRow, ContactRow, Db, Pool } from '../../db/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import type { refusalTexts } from '../rules/index.ts';
import { commitAttempt, moveContact } from './attempts.ts';
import { judge, type Judged } from './facts.ts';
import { pickTrunk, type Trunk, type WayOut } from './trunks.ts';

export interface Claimed {
  attempt: AttemptRow;
  way: WayOut;
  /** Another trunk could be tried if this one fails. */
  hasOtherTrunk: boolean;
}

/** Whether the policy of all calls outside has that number. */
type IsDialable = (number: string) => boolean;

/** How long a contact waits whose home or number is in another call. */
const whileBusyMs = 20_000;
/** How long it waits when there is no way out at all. */
const whileNoLineMs = 10_000;

/**
 * Takes up to `wanted` contacts that are due, reads everything that could forbid the call, and commits
 * an attempt for each that may be made. What comes back is dialled at once, so no fact is older than
 * the milliseconds in between.
 */
export async function claim(
  db: Pool,
  campaign: Campaign,
  wanted: number,
  trunks: Trunk[],
  now: Date,
  isDialable: IsDialable = () => true,
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
    const claimed: Claimed[] = [];
    const needFallback: string[] = [];
    for (const one of judged) {
      const made = await claimOne(trx, campaign, one, trunks, now, isDialable);
      if (made === 'fallback') needFallback.push(one.contact.id);
      else if (made !== undefined) claimed.push(made);
    }
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
  isDialable: IsDialable = () => true,
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
    const made = await claimOne(trx, campaign, judged, trunks, now, isDialable);
    if (typeof made === 'object') {
      const { id } = made.attempt;
      await trx.updateTable('attempt').set({ staffId: by.staffId }).where('id', '=', id).execute();
      return made;
    }
    return judged.verdict.may ? 'no_line' : judged.verdict.code;
  });
}

async function claimOne(
  trx: Db,
  campaign: Campaign,
  judged: Judged,
  trunks: Trunk[],
  now: Date,
  isDialable: IsDialable,
): Promise<Claimed | 'fallback' | undefined> {
  const { contact, number, verdict } = judged;
  if (!verdict.may) return refuse(trx, campaign, judged, now);
  const call = { number, estateId: contact.estateId, now, tried: contact.triedTrunks };
  const way = isDialable(number) ? pickTrunk(trunks, call) : 'prefix_forbidden';
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
