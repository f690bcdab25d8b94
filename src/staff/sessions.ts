import type { Clock } from '../core/clock.ts';
import type { Db } from '../db/index.ts';
import { tokenHash } from './accounts.ts';
import { audit } from './audit.ts';

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

/** Sessions that stand, newest first: all, or those of one person. */
export async function sessionList(
  db: Db,
  clock: Clock,
  { staffId, token }: { staffId: string | undefined; token: string },
): Promise<SessionView[]> {
  const rows = await db
    .selectFrom('staffSession')
    .innerJoin('staff', 'staff.id', 'staffSession.staffId')
    .where('expiresAt', '>', clock.now())
    .$if(staffId !== undefined, (query) => query.where('staffId', '=', staffId ?? ''))
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
  const own = tokenHash(token);
  return rows.map(({ tokenHash: theirs, ...row }) => ({ ...row, isCurrent: theirs === own }));
}

/** Whose session it was; undefined when there is none, or it is another's and `of` is given. */
export async function endSession(
  db: Db,
  clock: Clock,
  { id, actor, of }: { id: string; actor: string; of: string | undefined },
): Promise<string | undefined> {
  const ended = await db
    .deleteFrom('staffSession')
    .where('id', '=', id)
    .$if(of !== undefined, (query) => query.where('staffId', '=', of ?? ''))
    .returning('staffId')
    .executeTakeFirst();
  if (ended === undefined) return undefined;
  await audit(db, clock, { staffId: actor, act: 'session.ended', subject: ended.staffId });
  return ended.staffId;
}
