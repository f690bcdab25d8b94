import { sql } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import { keyOf, targetsOf, type AuditTarget } from './audit-targets.ts';
import {
  narrowedBy,
  parsePage,
  staffInSites,
  toPage,
  type Db,
  type Page,
  type PageRequest,
  type Readable,
  type Scope,
} from '../../db/index.ts';

/** Who did what to what, for good. `staffId` is null for what happened by itself. */
export async function audit(
  db: Db,
  clock: Clock,
  entry: {
    staffId: string | null;
    act: string;
    subject: string;
    details?: Record<string, unknown>;
  },
): Promise<void> {
  await db
    .insertInto('auditEntry')
    .values({
      id: newId(),
      staffId: entry.staffId,
      act: entry.act,
      subject: entry.subject,
      details: JSON.stringify(entry.details ?? {}),
      at: clock.now(),
    })
    .execute();
}

export interface AuditFilter extends PageRequest {
  staffId?: string;
  /** `recording.played`, or a beginning such as `staff.`. */
  act?: string;
  subject?: string;
  /** What a search means: done by one of these, or to one of those. */
  named?: { staffIds: readonly string[]; subjects: readonly string[] };
  from?: Date;
  to?: Date;
}

export interface AuditView {
  id: string;
  staffId: string | null;
  staffName: string | null;
  act: string;
  subject: string;
  target: AuditTarget | null;
  details: Record<string, unknown>;
  at: Date;
}

/** Acts of staff of the scope alone, and the reader's own; newest first. */
export async function auditList(
  scope: Scope,
  given: Readable,
  filter: AuditFilter,
): Promise<Page<AuditView>> {
  const { limit, after } = parsePage(filter);
  const { staffId, act, subject, named, from, to } = filter;
  const db = narrowedBy(scope, given);
  let query = db
    .selectFrom('auditEntry')
    .leftJoin('staff', 'staff.id', 'auditEntry.staffId')
    .select([
      'auditEntry.id',
      'auditEntry.staffId',
      'staff.displayName as staffName',
      'auditEntry.act',
      'auditEntry.subject',
      'auditEntry.details',
      'auditEntry.at',
    ])
    .where((where) =>
      where.or([
        where('auditEntry.staffId', '=', scope.staffId),
        staffInSites(sql`audit_entry.staff_id`, scope.sites),
      ]),
    )
    .orderBy('auditEntry.at', 'desc')
    .orderBy('auditEntry.id', 'desc')
    .limit(limit + 1);
  if (staffId !== undefined) query = query.where('auditEntry.staffId', '=', staffId);
  if (act !== undefined) {
    query = query.where('act', 'like', `${act.replaceAll(/[\\%_]/g, (char) => `\\${char}`)}%`);
  }
  if (subject !== undefined) query = query.where('subject', '=', subject);
  if (named !== undefined) {
    query = query.where(sql<boolean>`(audit_entry.staff_id = ANY(${[...named.staffIds]}::uuid[])
      OR audit_entry.subject = ANY(${[...named.subjects]}::text[]))`);
  }
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  if (after !== undefined) {
    query = query.where((where) =>
      where(where.refTuple('auditEntry.at', 'auditEntry.id'), '<', where.tuple(after.at, after.id)),
    );
  }
  const rows = await query.execute();
  const targets = await targetsOf(db, rows);
  return toPage(
    rows.map((row) => ({ ...row, target: targets.get(keyOf(row)) ?? null })),
    limit,
    (row) => ({ at: row.at, id: row.id }),
    (row) => row,
  );
}
