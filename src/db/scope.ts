import { sql, type RawBuilder, type SelectQueryBuilder } from 'kysely';
import type { Database } from './schema.ts';
import type { Db } from './database.ts';
import {
  allInSites,
  callInSites,
  faxInSites,
  inSites,
  personInSites,
  type Sites,
} from './sites.ts';

/** Whose data may be read: the sites of whoever asks. Made of a member, never by hand. */
export class Scope {
  /** Null for all. */
  readonly sites: Sites;
  readonly staffId: string;
  // Nothing else is a scope, whatever it looks like.
  declare private readonly isScope: true;

  private constructor(sites: Sites, staffId: string) {
    this.sites = sites;
    this.staffId = staffId;
  }

  static of({ id, siteIds }: { id: string; siteIds: Sites }): Scope {
    return new Scope(siteIds, id);
  }
}

/** What of each table that holds data of sites lies in some of them; the table goes by its own name. */
const narrowed = {
  call: callInSites,
  workOrder: (sites: Sites) => inSites(sql`work_order.estate_id`, sites),
  campaign: (sites: Sites) => allInSites(sql`campaign.site_ids`, sites),
  campaignContact: (sites: Sites) => ofCampaign(sql`campaign_contact.campaign_id`, sites),
  campaignEvent: (sites: Sites) => ofCampaign(sql`campaign_event.campaign_id`, sites),
  attempt: (sites: Sites) => ofCampaign(sql`attempt.campaign_id`, sites),
  outboundMessage: (sites: Sites) => ofCampaign(sql`outbound_message.campaign_id`, sites),
  incomingMessage: (sites: Sites) => ofCampaign(sql`incoming_message.campaign_id`, sites),
  campaignList: (sites: Sites) => allInSites(sql`campaign_list.site_ids`, sites),
  recording: (sites: Sites) => ofCall(sql`recording.call_id`, sites),
  fax: faxInSites,
  alarm: (sites: Sites) =>
    sql<boolean>`(alarm.estate_id IS NULL OR ${inSites(sql`alarm.estate_id`, sites)})`,
  hotline: (sites: Sites) => inSites(sql`hotline.estate_id`, sites),
  estate: (sites: Sites) => inSites(sql`estate.id`, sites),
  building: (sites: Sites) => inSites(sql`building.estate_id`, sites),
  room: (sites: Sites) => inSites(sql`room.estate_id`, sites),
  bill: (sites: Sites) => ofRoom(sql`bill.room_id`, sites),
  person: (sites: Sites) => personInSites(sql`person.id`, sites),
  faxSending: faxSendingInSites,
} satisfies Partial<Record<keyof Database, (sites: Sites) => RawBuilder<boolean>>>;

/** Tables that hold data of sites and are read by `inScope` alone. */
export type SiteTable = keyof typeof narrowed;

function ofCampaign(id: RawBuilder<unknown>, sites: Sites): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  return sql<boolean>`EXISTS (SELECT FROM campaign AS its WHERE its.id = ${id}
    AND ${allInSites(sql`its.site_ids`, sites)})`;
}

function ofCall(id: RawBuilder<unknown>, sites: Sites): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  return sql<boolean>`EXISTS (SELECT FROM call WHERE call.id = ${id} AND ${callInSites(sites)})`;
}

function ofRoom(id: RawBuilder<unknown>, sites: Sites): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  return sql<boolean>`EXISTS (SELECT FROM room AS its WHERE its.id = ${id}
    AND ${inSites(sql`its.estate_id`, sites)})`;
}

/** Of a home there, or an article that goes out for a hotline of theirs. */
function faxSendingInSites(sites: Sites): RawBuilder<boolean> {
  if (sites === null) return sql<boolean>`true`;
  return sql<boolean>`(${ofRoom(sql`fax_sending.room_id`, sites)}
    OR (fax_sending.article_id IS NOT NULL AND EXISTS (SELECT FROM hotline
      WHERE hotline.did = fax_sending.did AND ${inSites(sql`hotline.estate_id`, sites)})))`;
}

/** Rows of a table as far as they lie in the scope. */
export function inScope<Table extends SiteTable>(
  db: Db,
  scope: Scope,
  table: Table,
): SelectQueryBuilder<Database, Table, object> {
  const rows = db.selectFrom(table as SiteTable).where(narrowed[table](scope.sites));
  return rows as unknown as SelectQueryBuilder<Database, Table, object>;
}

/** A call in the scope, or one that whoever asks talks in or is asked to: they act in it, wherever it belongs. */
export function callsWithOwn(db: Db, { sites, staffId }: Scope) {
  return db.selectFrom('call').where(
    sql<boolean>`(${callInSites(sites)}
        OR EXISTS (SELECT FROM engagement WHERE call_id = call.id AND staff_id = ${staffId})
        OR EXISTS (SELECT FROM offer WHERE call_id = call.id AND staff_id = ${staffId}))`,
  );
}

/** What reading a table of sites without a scope comes to: nothing that can be read. */
export interface ReadItByInScope {
  readonly 'this table holds data of sites: read it by inScope(db, scope, table)': never;
}

/** A pool or a transaction of whoever answers people: tables of sites are read by `inScope` alone. */
export type ForPeople<D extends Db> = {
  selectFrom(table: NamedSiteTable): ReadItByInScope;
  selectFrom<const Tables extends readonly string[]>(
    tables: Tables & ([Extract<Tables[number], NamedSiteTable>] extends [never] ? never : unknown),
  ): ReadItByInScope;
} & D;

type NamedSiteTable = SiteTable | `${SiteTable} as ${string}`;

/** The same pool or transaction, kept to that. */
export function forPeople<D extends Db>(db: D): ForPeople<D> {
  return db as ForPeople<D>;
}
