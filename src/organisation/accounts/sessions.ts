import { sql } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import { staffInSites, type Db, type Sites } from '../../db/index.ts';
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
  /** Who reads. */
  own: string;
  sites: Sites;
}

/** Sessions that stand, newest first: all, or those of one person. */
export async function sessionList(
  db: Db,
  clock: Clock,
  { staffId, token, own, sites }: SessionFilter,
): Promise<SessionView[]> {
  const rows = await db
    .selectFrom('staffSession')
    .innerJoin('staff', 'staff.id', 'staffSession.staffId')
    .where('expiresAt', '>', clock.now())
    .$if(staffId !== undefined, (query) => query.where('staffId', '=', staffId ?? ''))
    .where((where) =>
      where.or([where('staffId', '=', own), staffInSites(sql`staff_session.staff_id`, sites)]),
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
  db: Db,
  clock: Clock,
  { id, actor, of, sites }: { id: string; actor: string; of: string | undefined; sites: Sites },
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
