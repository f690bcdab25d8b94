import { sql, type RawBuilder, type SelectQueryBuilder } from 'kysely';
import type { Database } from './schema.ts';
import type { Db } from './database.ts';
import {
  allInSites,
  areInSites,
  callInSites,
  faxInSites,
  inSites,
  personInSites,
  type Sites,
  type SiteThing,
} from './sites.ts';

/** Whose data may be read: the sites of whoever asks. Made of a member or by the program with a reason, never by hand. */
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

  /** What the program reads for a call, a job or a rule, and no person. The reason is for whoever reads the code. */
  static everything(_reason: string): Scope {
    return new Scope(null, nobody);
  }

  sees(estateId: string): boolean {
    return this.sites?.includes(estateId) ?? true;
  }
}

/** No account has this id. */
const nobody = '00000000-0000-0000-0000-000000000000';

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
  article: (sites: Sites) =>
    sql<boolean>`(article.estate_id IS NULL OR ${inSites(sql`article.estate_id`, sites)})`,
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

/**
 * The database in the hands of whoever answers people. It is no `Db`: nothing is read by it but what takes a scope
 * beside it, or is of no site (`withoutSites`).
 */
export interface ForPeople<D extends Db> {
  readonly 'read it with a scope: inScope(db, scope, table) or narrowedBy(scope, db)': D;
}

/** What a read that narrows itself to a scope takes: the database of the API, or that of the program. */
export type Readable = Db | ForPeople<Db>;

/** A pool or a transaction that writes for people: what is named to it has been held to their sites (site-guard.ts). */
export type ForWrites<D extends Db> = {
  selectFrom(table: NamedSiteTable): ReadItByInScope;
  selectFrom<const Tables extends readonly string[]>(
    tables: Tables & ([Extract<Tables[number], NamedSiteTable>] extends [never] ? never : unknown),
  ): ReadItByInScope;
} & D;

/** What reading a table of sites without a scope comes to: nothing that can be read. */
export interface ReadItByInScope {
  readonly 'this table holds data of sites: read it by inScope(db, scope, table)': never;
}

type NamedSiteTable = SiteTable | `${SiteTable} as ${string}`;

export function forPeople<D extends Db>(db: D): ForPeople<D> {
  return db as unknown as ForPeople<D>;
}

export function forWrites<D extends Db>(db: D): ForWrites<D> {
  return db as ForWrites<D>;
}

/** For a question that joins tables and narrows itself: whoever asks it has to hold a scope. */
export function narrowedBy(_scope: Scope, db: Readable): Db {
  return db as Db;
}

/** For what is of no site: accounts, sessions, codes, keys of writes. The reason is for whoever reads the code. */
export function withoutSites<D extends Db>(db: ForPeople<D>, _reason: string): D {
  return db as unknown as D;
}

/** Rows of a table as far as they lie in the scope. */
export function inScope<Table extends SiteTable>(
  db: Readable,
  scope: Scope,
  table: Table,
): SelectQueryBuilder<Database, Table, object> {
  const whole: SiteTable = table;
  const rows = narrowedBy(scope, db).selectFrom(whole).where(narrowed[table](scope.sites));
  return rows;
}

/** A call in the scope, or one that whoever asks talks in or is asked to: they act in it, wherever it belongs. */
export function callsWithOwn(db: Readable, scope: Scope) {
  const { sites, staffId } = scope;
  return narrowedBy(scope, db)
    .selectFrom('call')
    .where(
      sql<boolean>`(${callInSites(sites)}
        OR EXISTS (SELECT FROM engagement WHERE call_id = call.id AND staff_id = ${staffId})
        OR EXISTS (SELECT FROM offer WHERE call_id = call.id AND staff_id = ${staffId}))`,
    );
}

/** Whether all of these exist and lie in the scope. */
export function areInScope(
  scope: Scope,
  db: Readable,
  thing: SiteThing,
  ids: readonly string[],
): Promise<boolean> {
  return areInSites(narrowedBy(scope, db), thing, ids, scope);
}
