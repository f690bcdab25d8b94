import { sql, type RawBuilder } from 'kysely';
import type { Static } from 'typebox';
import type { DoNotCallScope, DoNotCallView } from '../../contract/campaigns/do-not-call.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import {
  allInSites,
  doNotCallInSites,
  doNotCallOnlyInSites,
  narrowedBy,
  personInSites,
  type Db,
  type Readable,
  type Scope,
} from '../../db/index.ts';
import { normaliseNumber } from '../../property/index.ts';
import {
  AlreadyLiftedError,
  AlreadyListedError,
  BadEndError,
  BadNumberListError,
  DoNotCallNotFoundError,
  LiftedElsewhereError,
  NobodyNamedError,
} from './do-not-call.errors.ts';

type Matter = Static<typeof DoNotCallScope>;

/** As it is shown, with instants as the database has them. */
export type DoNotCallEntryRow = Omit<DoNotCallView, 'until' | 'createdAt' | 'liftedAt'> & {
  until: Date | null;
  createdAt: Date;
  liftedAt: Date | null;
};

/** Who reads: whose data they may read, and whether they may see whole numbers. */
export interface Reader {
  reach: Scope;
  seesNumbers: boolean;
}

export interface DoNotCallFilter {
  state?: 'active' | 'over' | undefined;
  scope?: Matter | undefined;
  /** A number or part of it, a name, or words of the reason. */
  q?: string | undefined;
  id?: string;
  before?: string | undefined;
  limit: number;
}

/** Newest first. */
export async function listDoNotCall(
  db: Readable,
  reader: Reader,
  now: Date,
  { state, scope, q, id, before, limit }: DoNotCallFilter,
): Promise<DoNotCallEntryRow[]> {
  const active = isActive(now);
  const { sites } = reader.reach;
  const conditions = [
    doNotCallInSites(reader.reach),
    ...(state === undefined ? [] : [state === 'active' ? active : sql<boolean>`NOT ${active}`]),
    ...(scope === undefined ? [] : [sql<boolean>`do_not_call.scope = ${scope}`]),
    ...(id === undefined ? [] : [sql<boolean>`do_not_call.id = ${id}`]),
    ...(before === undefined ? [] : [sql<boolean>`do_not_call.id < ${before}`]),
    ...(q === undefined || q.trim() === '' ? [] : [matches(q.trim(), reader)]),
  ];
  const { rows } = await sql<DoNotCallEntryRow>`
    SELECT do_not_call.id, do_not_call.number, do_not_call.scope, do_not_call.until,
      do_not_call.source, do_not_call.reason, do_not_call.call_id, do_not_call.created_by,
      do_not_call.created_at, do_not_call.lifted_at, do_not_call.lifted_by,
      do_not_call.lifted_reason, ${active} AS is_active,
      (SELECT jsonb_build_object('id', who.id, 'name', who.name) FROM person AS who
        WHERE who.id = coalesce(do_not_call.person_id, known.person_id)) AS person,
      (SELECT jsonb_build_object('id', campaign.id, 'name', campaign.name) FROM campaign
        WHERE do_not_call.reason = 'campaign ' || campaign.id
          AND ${allInSites(sql`campaign.site_ids`, sites)}
      ) AS campaign
    FROM do_not_call LEFT JOIN LATERAL (
      SELECT phone.person_id FROM person_phone AS phone
      WHERE phone.number = do_not_call.number
        AND ${personInSites(sql`phone.person_id`, sites)}
      ORDER BY phone.is_primary DESC, phone.id LIMIT 1
    ) AS known ON true
    WHERE ${sql.join(conditions, sql` AND `)}
    ORDER BY do_not_call.id DESC LIMIT ${limit}`.execute(narrowedBy(reader.reach, db));
  return rows;
}

/** Throws `do_not_call.not_found`. */
export async function findDoNotCall(
  db: Readable,
  reader: Reader,
  now: Date,
  id: string,
): Promise<DoNotCallEntryRow> {
  const [row] = await listDoNotCall(db, reader, now, { id, limit: 1 });
  if (row === undefined) throw new DoNotCallNotFoundError();
  return row;
}

export interface NewEntry {
  number: string | null;
  personId: string | null;
  scope: Matter;
  until: Date | null;
  reason: string;
}

/** Who enters something: of what lies outside their sites they are told nothing, so they may enter it again. */
export interface Writer extends Omit<Reader, 'seesNumbers'> {
  /** `staff:wang` */
  by: string;
}

/** `db` must be a transaction. Returns its id. */
export async function addDoNotCall(
  db: Db,
  clock: Clock,
  entry: NewEntry,
  { by, ...reader }: Writer,
): Promise<string> {
  const now = clock.now();
  if (entry.number === null && entry.personId === null) throw new NobodyNamedError();
  if (entry.until !== null && entry.until <= now) throw new BadEndError();
  await lockList(db);
  const { rows } = await sql<{ id: string }>`SELECT id FROM do_not_call
    WHERE ${isActive(now)} AND scope = ${entry.scope}
      AND number IS NOT DISTINCT FROM ${entry.number}::text
      AND person_id IS NOT DISTINCT FROM ${entry.personId}::uuid
      AND (until IS NULL OR until >= ${entry.until}::timestamptz)
      AND ${doNotCallInSites(reader.reach)} LIMIT 1`.execute(db);
  if (rows[0] !== undefined) throw new AlreadyListedError(rows[0].id);
  const id = newId();
  await db
    .insertInto('doNotCall')
    .values({ ...entry, id, source: 'staff', callId: null, createdBy: by, createdAt: now })
    .execute();
  return id;
}

/**
 * `db` must be a transaction. Returns how many other entries that one sees still keep them from being called.
 * Throws `permission.all_sites` when it also keeps somebody of other sites from being called.
 */
export async function liftDoNotCall(
  db: Db,
  clock: Clock,
  id: string,
  { by, reason, ...reader }: Writer & { reason: string },
): Promise<number> {
  const now = clock.now();
  const entry = await db
    .selectFrom('doNotCall')
    .select(['number', 'personId', 'until', 'liftedAt'])
    .select(doNotCallOnlyInSites(reader.reach).as('isOnlyTheirs'))
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (entry === undefined) throw new DoNotCallNotFoundError();
  if (!entry.isOnlyTheirs) throw new LiftedElsewhereError();
  const hasEnded = entry.until !== null && entry.until <= now;
  if (entry.liftedAt !== null || hasEnded) throw new AlreadyLiftedError();
  await db
    .updateTable('doNotCall')
    .set({ liftedAt: now, liftedBy: by, liftedReason: reason })
    .where('id', '=', id)
    .execute();
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM do_not_call
    WHERE ${isActive(now)} AND (number = ${entry.number} OR person_id = ${entry.personId})
      AND ${doNotCallInSites(reader.reach)}`.execute(db);
  return rows[0]?.count ?? 0;
}

const mostNumbers = 100_000;
const batchSize = 1000;

/** What all entries of a list have in common. */
export type NewList = Pick<NewEntry, 'scope' | 'until' | 'reason'>;

/** `db` must be a transaction. Numbers that are listed already in this scope, and as long, are left out. */
export async function importDoNotCall(
  db: Db,
  clock: Clock,
  numbers: readonly string[],
  { scope, until, reason, by, ...reader }: NewList & Writer,
): Promise<{ added: number; known: number }> {
  const now = clock.now();
  if (until !== null && until <= now) throw new BadEndError();
  if (numbers.length === 0) {
    throw new BadNumberListError('The list has no number that can be used.');
  }
  if (numbers.length > mostNumbers) {
    throw new BadNumberListError(`The list has more than ${mostNumbers} numbers; split it.`);
  }
  await lockList(db);
  let added = 0;
  for (let from = 0; from < numbers.length; from += batchSize) {
    const batch = numbers.slice(from, from + batchSize);
    const { numAffectedRows = 0n } = await sql`
      INSERT INTO do_not_call (id, number, scope, until, source, reason, created_by, created_at)
      SELECT one.id, one.number, ${scope}, ${until}::timestamptz, 'import', ${reason}, ${by}, ${now}
      FROM unnest(${batch.map(() => newId())}::uuid[], ${batch}::text[]) AS one (id, number)
      WHERE NOT EXISTS (SELECT FROM do_not_call WHERE ${isActive(now)}
        AND do_not_call.number = one.number AND do_not_call.scope = ${scope}
        AND (do_not_call.until IS NULL OR do_not_call.until >= ${until}::timestamptz)
        AND ${doNotCallInSites(reader.reach)})`.execute(db);
    added += Number(numAffectedRows);
  }
  return { added, known: numbers.length - added };
}

/** Two who enter the same number make one entry of it. */
async function lockList(db: Db): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('do_not_call'))`.execute(db);
}

function isActive(now: Date): RawBuilder<boolean> {
  return sql<boolean>`(do_not_call.lifted_at IS NULL
    AND (do_not_call.until IS NULL OR do_not_call.until > ${now}::timestamptz))`;
}

/** Who sees no whole numbers finds one only by all of its digits. */
function matches(q: string, { reach, seesNumbers }: Reader): RawBuilder<boolean> {
  const words = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
  const digits = q.normalize('NFKC').replaceAll(/\D/g, '');
  const whole = normaliseNumber(q);
  // Only digits: a number, by its indexes. Whoever sees them finds it by its first or last digits.
  if (/^[+\d\s().-]{3,}$/.test(q.normalize('NFKC'))) {
    const ways = [sql`do_not_call.number = ${whole}`];
    if (seesNumbers && digits.length >= 3) {
      ways.push(sql`do_not_call.number LIKE ${`${digits}%`}`);
      ways.push(sql`reverse(do_not_call.number) LIKE ${`${[...digits].reverse().join('')}%`}`);
    }
    return sql<boolean>`(do_not_call.number IS NOT NULL AND (${sql.join(ways, sql` OR `)}))`;
  }
  const ways = [
    sql`do_not_call.reason ILIKE ${words}`,
    sql`EXISTS (SELECT FROM person AS who WHERE (who.name ILIKE ${words} OR who.name_pinyin ILIKE ${words})
      AND (who.id = do_not_call.person_id OR EXISTS (SELECT FROM person_phone AS phone
        WHERE phone.person_id = who.id AND phone.number = do_not_call.number))
      AND ${personInSites(sql`who.id`, reach.sites)})`,
  ];
  if (whole !== '') ways.push(sql`do_not_call.number = ${whole}`);
  if (seesNumbers && digits.length >= 3) ways.push(sql`do_not_call.number LIKE ${`%${digits}%`}`);
  return sql<boolean>`(${sql.join(ways, sql` OR `)})`;
}
