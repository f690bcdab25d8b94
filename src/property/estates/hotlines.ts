import { changesBetween, mustChange, type Change } from '../../core/changes.ts';
import type { Clock } from '../../core/clock.ts';
import {
  emit,
  inScope,
  type Db,
  type Hotline,
  type OpeningHours,
  type Readable,
  type Scope,
} from '../../db/index.ts';
import { findHotline, type HotlineWithEstate } from '../people/owners.ts';
import { HotlineHoursError, HotlineNotFoundError, HotlineQueueError } from '../property.errors.ts';

export type HotlineChange = {
  [Field in 'hours' | 'greeting' | 'language' | 'queueId']?: Hotline[Field] | undefined;
};

/** Dialled numbers: their hours, greeting, language and queue. */
export function hotlinesIn(scope: Scope, db: Readable): Promise<Hotline[]> {
  return inScope(db, scope, 'hotline').selectAll().orderBy('did').execute();
}

/** The first hotline of an estate, or of all; undefined when there is none. For what the program writes itself. */
export async function hotlineFor(
  db: Db,
  estateId: string | undefined,
): Promise<HotlineWithEstate | undefined> {
  let query = db.selectFrom('hotline').select('did').orderBy('createdAt').orderBy('did').limit(1);
  if (estateId !== undefined) query = query.where('estateId', '=', estateId);
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : findHotline(db, row.did);
}

/** The oldest of one estate, or of those in the scope; undefined where there is none. */
export async function firstHotline(
  scope: Scope,
  db: Db,
  estateId: string | null,
): Promise<string | undefined> {
  let rows = inScope(db, scope, 'hotline')
    .select('did')
    .orderBy('createdAt')
    .orderBy('did')
    .limit(1);
  if (estateId !== null) rows = rows.where('estateId', '=', estateId);
  return (await rows.executeTakeFirst())?.did;
}

/**
 * Counts from the next call on; says what each field was and is. `db` must be a transaction. Throws `hotline.not_found`, `hotline.bad_hours`,
 * `hotline.bad_queue`, `request.unchanged`.
 */
export async function changeHotline(
  scope: Scope,
  db: Db,
  clock: Clock,
  did: string,
  { hours, greeting, language, queueId }: HotlineChange,
): Promise<{ hotline: Hotline; changes: Record<string, Change> }> {
  if (hours !== undefined) checkHours(hours);
  if (typeof queueId === 'string') await checkQueue(db, queueId);
  const before = await inScope(db, scope, 'hotline')
    .selectAll()
    .where('did', '=', did)
    .forUpdate()
    .executeTakeFirst();
  if (before === undefined) throw new HotlineNotFoundError();
  mustChange(before, { hours, greeting, language, queueId });
  const changes = changesBetween(before, { hours, greeting, language, queueId });
  const hotline = await db
    .updateTable('hotline')
    .set({
      did,
      ...(hours === undefined ? {} : { hours: JSON.stringify(hours) }),
      ...(greeting === undefined ? {} : { greeting: JSON.stringify(greeting) }),
      ...(language === undefined ? {} : { language }),
      ...(queueId === undefined ? {} : { queueId }),
    })
    .where('did', '=', did)
    .returningAll()
    .executeTakeFirstOrThrow();
  await emit(db, 'hotline.changed', { did }, clock.now());
  return { hotline, changes };
}

async function checkQueue(db: Db, queueId: string): Promise<void> {
  const known = await db
    .selectFrom('queue')
    .select('id')
    .where('id', '=', queueId)
    .executeTakeFirst();
  if (known === undefined) throw new HotlineQueueError();
}

/** Ranges of a day end after they begin and do not overlap. */
function checkHours(hours: OpeningHours): void {
  for (const [day, ranges] of Object.entries(hours) as [string, OpeningHours['workday']][]) {
    const sorted = ranges.toSorted((a, b) => a.fromMinute - b.fromMinute);
    const isWrong = sorted.some(
      ({ fromMinute, toMinute }, at) =>
        toMinute <= fromMinute || fromMinute < (sorted[at - 1]?.toMinute ?? 0),
    );
    if (isWrong) throw new HotlineHoursError(day);
  }
}
