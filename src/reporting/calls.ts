import { sql } from 'kysely';
import { agentsOfCall, callsNamed, isOwnCall, missedBy, type Asked } from '../lookup/index.ts';
import { callsWithOwn, inScope, narrowedBy, type Readable, type Scope } from '../db/index.ts';

/** Newest first; `isMine`: those that the reader answered, dialled, was asked in or missed. */
export async function callsPage(
  scope: Scope,
  db: Readable,
  { isMine, estateId, asked }: { isMine: boolean; estateId: string | undefined; asked: Asked },
  limit: number,
  before: string | undefined,
) {
  const wanted = sql<boolean>`(${
    estateId === undefined ? sql`true` : sql`call.estate_id = ${estateId}`
  } AND ${asked.q.trim() === '' ? sql`true` : await callsNamed(scope, db, asked)})`;
  // One's own are there wherever they belong, as one by one they are.
  const calls = isMine ? callsWithOwn(db, scope) : inScope(db, scope, 'call');
  return calls
    .leftJoin('person', 'person.id', 'call.personId')
    .selectAll('call')
    .select(['person.name as personName', agentsOfCall.as('agents')])
    .select(missedBy(scope.staffId).as('missed'))
    .$if(before !== undefined, (query) => query.where('call.id', '<', before ?? ''))
    .where(wanted)
    .$if(isMine, (query) => query.where(isOwnCall(scope, { before, limit, wanted })))
    .orderBy('call.id', 'desc')
    .limit(limit)
    .execute();
}

/** With its timeline and what the caller thought of it; undefined when it is not theirs to see. */
export async function callDetail(scope: Scope, db: Readable, id: string) {
  const call = await callsWithOwn(db, scope)
    .leftJoin('person', 'person.id', 'call.personId')
    .selectAll('call')
    .select(['person.name as personName', agentsOfCall.as('agents')])
    .select(missedBy(scope.staffId).as('missed'))
    .where('call.id', '=', id)
    .executeTakeFirst();
  if (call === undefined) return undefined;
  const rows = narrowedBy(scope, db);
  const events = await rows
    .selectFrom('callEvent')
    .select(['seq', 'at', 'kind', 'data'])
    .where('callId', '=', id)
    .orderBy('seq')
    .execute();
  const ratings = await rows
    .selectFrom('surveyAnswer')
    .leftJoin('staff', 'staff.id', 'surveyAnswer.staffId')
    .select(['surveyAnswer.survey', 'score', 'at', 'staff.displayName as staffName'])
    .where('callId', '=', id)
    .orderBy('at')
    .execute();
  return { ...call, events, ratings };
}
