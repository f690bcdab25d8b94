import { sql } from 'kysely';
import {
  inScope,
  type PagePosition,
  type Readable,
  type Recording,
  type Scope,
} from '../db/index.ts';

/** Newest first; `after` is where the page before ended. */
export function recordingsPage(
  scope: Scope,
  db: Readable,
  { callId, estateId }: { callId?: string | undefined; estateId?: string | undefined },
  limit: number,
  after: PagePosition | undefined,
): Promise<Recording[]> {
  let query = inScope(db, scope, 'recording')
    .selectAll()
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (callId !== undefined) query = query.where('callId', '=', callId);
  if (estateId !== undefined) {
    query = query.where(sql<boolean>`EXISTS (SELECT FROM call
      WHERE call.id = recording.call_id AND call.estate_id = ${estateId})`);
  }
  if (after !== undefined) {
    query = query.where((where) =>
      where(where.refTuple('startedAt', 'id'), '<', where.tuple(after.at, after.id)),
    );
  }
  return query.execute();
}

export function recordingIn(
  scope: Scope,
  db: Readable,
  id: string,
): Promise<Recording | undefined> {
  return inScope(db, scope, 'recording').selectAll().where('id', '=', id).executeTakeFirst();
}
