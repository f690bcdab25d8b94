import { sql } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import { narrowedBy, staffInSites, type Db, type Readable, type Scope } from '../../db/index.ts';
import { tokenHash } from './accounts.ts';
import { audit } from '../audit/audit.ts';

export interface SessionView {
  id: string;
  staffId: string;
  username: string;
  displayName: string;
  createdAt: Date;
  expiresAt: Date;
  userAgent: string;
  address: string;
  isCurrent: boolean;
}

export interface SessionFilter {
  /** Left out: everybody's whom the reader manages. */
  staffId: string | undefined;
  token: string;
}

/** Sessions that stand, newest first: all, or those of one person. */
export async function sessionList(
  scope: Scope,
  db: Readable,
  clock: Clock,
  { staffId, token }: SessionFilter,
): Promise<SessionView[]> {
  const rows = await narrowedBy(scope, db)
    .selectFrom('staffSession')
    .innerJoin('staff', 'staff.id', 'staffSession.staffId')
    .where('expiresAt', '>', clock.now())
    .$if(staffId !== undefined, (query) => query.where('staffId', '=', staffId ?? ''))
    .where((where) =>
      where.or([
        where('staffId', '=', scope.staffId),
        staffInSites(sql`staff_session.staff_id`, scope.sites),
      ]),
    )
    .select([
      'staffSession.id',
      'staffSession.staffId',
      'staffSession.tokenHash',
      'staffSession.createdAt',
      'staffSession.expiresAt',
      'staffSession.userAgent',
      'staffSession.address',
      'staff.username',
      'staff.displayName',
    ])
    .orderBy('staffSession.id', 'desc')
    .limit(1000)
    .execute();
  const current = tokenHash(token);
  return rows.map(({ tokenHash: theirs, ...row }) => ({ ...row, isCurrent: theirs === current }));
}

/** Whose session it was; undefined when there is none, or it is another's and `of` is given. */
export async function endSession(
  { sites, staffId: actor }: Scope,
  db: Db,
  clock: Clock,
  { id, of }: { id: string; of: string | undefined },
): Promise<string | undefined> {
  const ended = await db
    .deleteFrom('staffSession')
    .where('id', '=', id)
    .$if(of !== undefined, (query) => query.where('staffId', '=', of ?? ''))
    .where((where) =>
      where.or([where('staffId', '=', actor), staffInSites(sql`staff_session.staff_id`, sites)]),
    )
    .returning('staffId')
    .executeTakeFirst();
  if (ended === undefined) return undefined;
  await audit(db, clock, { staffId: actor, act: 'session.ended', subject: ended.staffId });
  return ended.staffId;
}
