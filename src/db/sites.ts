import { sql, type RawBuilder } from 'kysely';
import type { SiteThing } from '../contract/codes.ts';
import type { Db } from './database.ts';

/** Estates that somebody may see; null for all. */
export type Sites = readonly string[] | null;

/** What `Scope` knows (scope.ts, which takes its conditions from here). */
type Reach = Readonly<{ sites: Sites; staffId: string }>;

export type { SiteThing } from '../contract/codes.ts';

/** `column` is one of these estates. */
export function inSites(column: RawBuilder<unknown>, sites: Sites): RawBuilder<boolean> {
  return sites === null ? sql<boolean>`true` : sql<boolean>`${column} = ANY(${[...sites]}::uuid[])`;
}

/** All of the estates in `column`, an array whose NULL means every estate, are among these. */
export function allInSites(column: RawBuilder<unknown>, sites: Sites): RawBuilder<boolean> {
  return sites === null
    ? sql<boolean>`true`
    : sql<boolean>`coalesce(${column} <@ ${[...sites]}::uuid[], false)`;
}

/**
 * A call of one of these estates. One that belongs to none is seen with the person it was with, and a campaign's with the
 * home that was called. Of the rest nobody knows whose it is: it is for those who see all sites, and whoever talked in it.
 */
export function callInSites(sites: Sites): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  return sql<boolean>`(${inSites(sql`call.estate_id`, sites)} OR (call.estate_id IS NULL
    AND CASE WHEN EXISTS (SELECT FROM attempt WHERE attempt.call_id = call.id)
      THEN (call.person_id IS NULL OR ${personInSites(sql`call.person_id`, sites)})
        AND NOT EXISTS (SELECT FROM attempt JOIN campaign_contact AS contact ON contact.id = attempt.contact_id
          WHERE attempt.call_id = call.id
            AND (contact.estate_id IS NULL OR NOT ${inSites(sql`contact.estate_id`, sites)}))
      ELSE call.person_id IS NOT NULL AND ${personInSites(sql`call.person_id`, sites)} END))`;
}

/** A person with a home there, or with none at all. */
export function personInSites(id: RawBuilder<unknown>, sites: Sites): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  const homes = sql`SELECT FROM occupancy JOIN room ON room.id = occupancy.room_id
    WHERE occupancy.person_id = ${id}`;
  return sql<boolean>`(EXISTS (${homes} AND ${inSites(sql`room.estate_id`, sites)})
    OR NOT EXISTS (SELECT FROM occupancy WHERE occupancy.person_id = ${id}))`;
}

/** Staff all of whose sites are among these: whoever sees more is not theirs to manage, nor to read about. */
export function staffInSites(id: RawBuilder<unknown>, sites: Sites): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  const all = sql`SELECT FROM staff_site AS site WHERE site.staff_id = ${id}`;
  return sql<boolean>`(EXISTS (${all}) AND NOT EXISTS (${all}
    AND NOT ${inSites(sql`site.estate_id`, sites)}))`;
}

/** Staff who work for one of these sites, or for all. */
export function colleagueInSites(id: RawBuilder<unknown>, sites: Sites): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  const all = sql`SELECT FROM staff_site AS site WHERE site.staff_id = ${id}`;
  return sql<boolean>`(NOT EXISTS (${all}) OR EXISTS (${all}
    AND ${inSites(sql`site.estate_id`, sites)}))`;
}

/** A fax that came in for one of these estates: that of its call, or of the number that was dialled. */
export function faxInSites(sites: Sites): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  return sql<boolean>`coalesce((SELECT call.estate_id FROM call WHERE call.id = fax.call_id),
    (SELECT hotline.estate_id FROM hotline WHERE hotline.did = fax.did)) = ANY(${[...sites]}::uuid[])`;
}

/**
 * An entry about somebody of these sites, about a number that was known to be theirs, and only theirs, or entered by
 * this member of staff. A number that somebody got after the entry tells nothing: anybody may be given any number.
 */
export function doNotCallInSites({ sites, staffId }: Reach): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  const ofNumber = sql`SELECT FROM person_phone AS phone WHERE phone.number = do_not_call.number`;
  return sql<boolean>`(${enteredBy(staffId)} OR CASE WHEN do_not_call.person_id IS NOT NULL
    THEN ${personInSites(sql`do_not_call.person_id`, sites)}
    ELSE EXISTS (${ofNumber} AND phone.id < do_not_call.id
        AND EXISTS (SELECT FROM occupancy JOIN room ON room.id = occupancy.room_id
          WHERE occupancy.person_id = phone.person_id AND ${inSites(sql`room.estate_id`, sites)}))
      AND NOT EXISTS (${ofNumber} AND NOT ${personInSites(sql`phone.person_id`, sites)}) END)`;
}

/** Nobody whom the entry keeps from being called has a home elsewhere, or this member of staff entered it. */
export function doNotCallOnlyInSites({ sites, staffId }: Reach): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  return sql<boolean>`(${enteredBy(staffId)} OR NOT EXISTS (
    SELECT FROM occupancy JOIN room ON room.id = occupancy.room_id
    WHERE NOT ${inSites(sql`room.estate_id`, sites)} AND (occupancy.person_id = do_not_call.person_id
      OR occupancy.person_id IN (
        SELECT phone.person_id FROM person_phone AS phone WHERE phone.number = do_not_call.number))))`;
}

function enteredBy(staffId: string): RawBuilder<boolean> {
  return sql<boolean>`do_not_call.created_by =
    (SELECT 'staff:' || username FROM staff WHERE id = ${staffId})`;
}

/** Whether all of these exist and lie in these sites. */
export async function areInSites(
  db: Db,
  thing: SiteThing,
  ids: readonly string[],
  reach: Reach,
): Promise<boolean> {
  const wanted = [...new Set(ids)];
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count ${fromOf(thing, wanted, reach)}`.execute(db);
  return rows[0]?.count === wanted.length;
}

function fromOf(thing: SiteThing, ids: readonly string[], reach: Reach): RawBuilder<unknown> {
  const { sites, staffId } = reach;
  const isOne = (column: RawBuilder<unknown>) => sql`WHERE ${column} = ANY(${ids}::uuid[]) AND`;
  const orNone = (column: RawBuilder<unknown>) =>
    sql`(${column} IS NULL OR ${inSites(column, sites)})`;
  switch (thing) {
    case 'estate':
      return sql`FROM estate ${isOne(sql`id`)} ${inSites(sql`id`, sites)}`;
    case 'room':
      return sql`FROM room ${isOne(sql`id`)} ${inSites(sql`estate_id`, sites)}`;
    case 'bill':
      return sql`FROM bill JOIN room ON room.id = bill.room_id
        ${isOne(sql`bill.id`)} ${inSites(sql`room.estate_id`, sites)}`;
    case 'person':
      return sql`FROM person ${isOne(sql`person.id`)} ${personInSites(sql`person.id`, sites)}`;
    case 'occupancy':
      return sql`FROM occupancy JOIN room ON room.id = occupancy.room_id
        ${isOne(sql`occupancy.id`)} ${inSites(sql`room.estate_id`, sites)}`;
    case 'call':
      // Whoever talked in it, or is asked to, acts in it, wherever it belongs.
      return sql`FROM call ${isOne(sql`call.id`)} (${callInSites(sites)}
        OR EXISTS (SELECT FROM engagement WHERE call_id = call.id AND staff_id = ${staffId})
        OR EXISTS (SELECT FROM offer WHERE call_id = call.id AND staff_id = ${staffId}))`;
    case 'campaignCall':
      return sql`FROM attempt JOIN campaign_contact AS contact ON contact.id = attempt.contact_id
        JOIN campaign ON campaign.id = attempt.campaign_id ${isOne(sql`attempt.call_id`)}
        (${inSites(sql`contact.estate_id`, sites)} OR (contact.estate_id IS NULL
          AND ${allInSites(sql`campaign.site_ids`, sites)}))`;
    case 'recording':
      return sql`FROM recording LEFT JOIN call ON call.id = recording.call_id
        ${isOne(sql`recording.id`)} ${callInSites(sites)}`;
    case 'fax':
      return sql`FROM fax ${isOne(sql`fax.id`)} ${faxInSites(sites)}`;
    case 'alarm':
      return sql`FROM alarm ${isOne(sql`id`)} ${orNone(sql`estate_id`)}`;
    case 'hotline':
      return sql`FROM hotline WHERE did = ANY(${ids}) AND ${inSites(sql`estate_id`, sites)}`;
    case 'article':
      return sql`FROM article ${isOne(sql`id`)} ${orNone(sql`estate_id`)}`;
    case 'workOrder':
      return sql`FROM work_order WHERE number = ANY(${ids}) AND ${inSites(sql`estate_id`, sites)}`;
    case 'campaign':
      return sql`FROM campaign ${isOne(sql`id`)} ${allInSites(sql`site_ids`, sites)}`;
    case 'campaignList':
      return sql`FROM campaign_list ${isOne(sql`id`)} ${allInSites(sql`site_ids`, sites)}`;
    case 'doNotCall':
      return sql`FROM do_not_call ${isOne(sql`do_not_call.id`)} ${doNotCallInSites(reach)}`;
    case 'staff':
      return sql`FROM staff ${isOne(sql`staff.id`)} ${staffInSites(sql`staff.id`, sites)}`;
    case 'colleague':
      return sql`FROM staff ${isOne(sql`staff.id`)} ${colleagueInSites(sql`staff.id`, sites)}`;
  }
}
