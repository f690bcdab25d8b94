import { sql } from 'kysely';
import { rulesFor } from '../../contract/call-rules.ts';
import type { CampaignPurpose, Db, OutboundMessageRow } from '../../db/index.ts';
import { wishOf } from '../preferences/wishes.ts';
import type { LimitInput } from './limits.ts';

/** A message that is written, or might be. */
export type Limited = Pick<
  OutboundMessageRow,
  'channel' | 'address' | 'purpose' | 'personId' | 'campaignId' | 'contactId'
> & { id?: string };

/** What a message is about: the campaign and the home that it belongs to. */
export interface About {
  purpose: CampaignPurpose;
  topic: string | null;
  roomId: string | null;
  estateId: string | null;
}

/** Whether it is written because the person pressed a key for it. */
export function isAskedFor(purpose: Limited['purpose']): boolean {
  return purpose === 'article' || purpose === 'payment_link';
}

/** Where a message belongs to no home. */
const usualZone = 'Asia/Shanghai';
const dayMs = 24 * 3600_000;
/** Longer than anything waits between being written and its last try. */
const oldestMs = 40 * dayMs;

/**
 * Everything that limits a message, as the rows say it now. Within a transaction the address is taken until its end, so
 * that two messages to one number do not both count as the last one allowed.
 */
export async function limitFacts(
  db: Db,
  message: Limited,
  now: Date,
  perAddress: number,
): Promise<LimitInput & About> {
  const { address, channel, personId, purpose } = message;
  if (db.isTransaction) {
    const name = `message:${address}`;
    await sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(db);
  }
  const { zone, isOverridden, ...about } = await aboutOf(db, message);
  const isAsked = isAskedFor(purpose);
  return {
    ...{ channel, isAsked, isOverridden, now, zone, perAddress, ...about },
    doNotCall: await blocksOf(db, message),
    wish: isAsked || about.topic === null ? undefined : await wishOf(db, personId, about.topic),
    earlier: await earlierTo(db, message, now),
  };
}

async function aboutOf(
  db: Db,
  { campaignId, contactId }: Limited,
): Promise<About & { zone: string; isOverridden: boolean }> {
  const campaign =
    campaignId === null
      ? undefined
      : await db
          .selectFrom('campaign')
          .select(['purpose', 'topic', 'settings', 'approvedBy', 'approvedAt'])
          .where('id', '=', campaignId)
          .executeTakeFirst();
  const contact =
    contactId === null
      ? undefined
      : await db
          .selectFrom('campaignContact')
          .select(['roomId', 'estateId', 'timeZone'])
          .where('id', '=', contactId)
          .executeTakeFirst();
  // News of one's own home, unless a campaign says otherwise.
  const matter = { purpose: campaign?.purpose ?? 'service', topic: campaign?.topic ?? null };
  const reason = (campaign?.settings as { overrideReason?: string | null } | undefined)
    ?.overrideReason;
  const isApproved = campaign?.approvedBy != null && campaign.approvedAt !== null;
  return {
    ...matter,
    ...{ roomId: contact?.roomId ?? null, estateId: contact?.estateId ?? null },
    zone: contact?.timeZone ?? usualZone,
    isOverridden: reason != null && isApproved && rulesFor(matter).canBeOverridden,
  };
}

function blocksOf(db: Db, { channel, address, personId }: Limited) {
  return db
    .selectFrom('doNotCall')
    .select(['scope', 'until'])
    .where('liftedAt', 'is', null)
    .where((where) =>
      where.or([
        ...(channel === 'email' ? [] : [where('number', '=', address)]),
        ...(personId === null ? [] : [where('personId', '=', personId)]),
      ]),
    )
    .execute();
}

/** What went out, or may have. */
async function earlierTo(db: Db, { id, address }: Limited, now: Date): Promise<Date[]> {
  let query = db
    .selectFrom('outboundMessage')
    .select('triedAt')
    .where('address', '=', address)
    .where('createdAt', '>', new Date(now.getTime() - oldestMs))
    .where('triedAt', '>', new Date(now.getTime() - dayMs))
    .where('state', 'in', ['sending', 'sent', 'delivered', 'unknown']);
  if (id !== undefined) query = query.where('id', '!=', id);
  const rows = await query.execute();
  return rows.flatMap(({ triedAt }) => (triedAt === null ? [] : [triedAt]));
}
