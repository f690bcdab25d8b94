import { sql } from 'kysely';
import { inScope, narrowedBy, type Db, type Readable, type Scope } from '../db/index.ts';
import { anyOf, namedBy, ofNumber, ofOrderNumber, type Asked } from './named-things.ts';
import { contains } from './search-queries.ts';

const most = 500;

/** Who did it, and what it was done to: entries of the audit that have one of either are meant. */
export interface ActsNamed {
  staffIds: string[];
  subjects: string[];
}

/** What a text means above the audit: staff, people and homes, numbers, orders, calls, or anything with that name. */
export async function actsNamed(scope: Scope, db: Readable, asked: Asked): Promise<ActsNamed> {
  const named = await namedBy(scope, db, asked);
  const rows = narrowedBy(scope, db);
  const q = asked.q.normalize('NFKC').trim();
  const [staff, things, orders, calls] = await Promise.all([
    staffCalled(rows, q),
    thingsCalled(rows, q),
    orderNumbers(scope, db, named),
    callsOf(scope, db, named),
  ]);
  return {
    staffIds: staff,
    subjects: [q, ...staff, ...things, ...orders, ...calls, ...named.personIds],
  };
}

async function staffCalled(db: Db, q: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`SELECT id::text AS id FROM staff
    WHERE display_name ILIKE ${contains(q)} OR username ILIKE ${contains(q)} LIMIT ${most}`.execute(
    db,
  );
  return rows.map(({ id }) => id);
}

/** Tables of a few hundred rows, whose names staff know. */
async function thingsCalled(db: Db, q: string): Promise<string[]> {
  const like = contains(q);
  const { rows } = await sql<{ id: string }>`
    SELECT id FROM (
      SELECT id::text FROM campaign WHERE name ILIKE ${like}
      UNION ALL SELECT id::text FROM campaign_list WHERE name ILIKE ${like}
      UNION ALL SELECT id::text FROM article WHERE title ILIKE ${like} OR title_en ILIKE ${like}
      UNION ALL SELECT id::text FROM queue WHERE settings ->> 'name' ILIKE ${like}
      UNION ALL SELECT id FROM flow WHERE name ILIKE ${like}
      UNION ALL SELECT code FROM skill WHERE name::text ILIKE ${like}
      UNION ALL SELECT code FROM break_reason WHERE name::text ILIKE ${like}
      UNION ALL SELECT code FROM wrap_up_reason WHERE name::text ILIKE ${like}
    ) AS called LIMIT ${most}`.execute(db);
  return rows.map(({ id }) => id);
}

type Found = Awaited<ReturnType<typeof namedBy>>;

async function orderNumbers(
  scope: Scope,
  db: Readable,
  { terms, roomIds }: Found,
): Promise<string[]> {
  const meant = [
    ...ofOrderNumber(terms),
    ...(roomIds.length === 0 ? [] : [sql<boolean>`work_order.room_id = ANY(${roomIds}::uuid[])`]),
  ];
  if (meant.length === 0) return [];
  const rows = await inScope(db, scope, 'workOrder')
    .select('number')
    .where(anyOf(meant))
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  return rows.map(({ number }) => number);
}

/** Calls of a number and what was recorded of them, and entries of the do-not-call list. */
async function callsOf(scope: Scope, db: Readable, { terms }: Found): Promise<string[]> {
  const meant = ofNumber(sql`call.caller_number`, terms);
  if (meant.length === 0) return [];
  const calls = await inScope(db, scope, 'call')
    .select('id')
    .where(anyOf(meant))
    .orderBy('id', 'desc')
    .limit(most)
    .execute();
  const ids = calls.map(({ id }) => id);
  const { rows } = await sql<{ id: string }>`
    SELECT id::text AS id FROM recording WHERE call_id = ANY(${ids}::uuid[])
    UNION ALL SELECT id::text FROM do_not_call
      WHERE number IS NOT NULL AND ${anyOf(ofNumber(sql`do_not_call.number`, terms))}
    LIMIT ${most}`.execute(narrowedBy(scope, db));
  return [...ids, ...rows.map(({ id }) => id)];
}
