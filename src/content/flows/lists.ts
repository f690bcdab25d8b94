import type { Db } from '../../db/index.ts';
import { FlowVersionNotFoundError } from '../content.errors.ts';

/** All flows, each with the version that new calls get. */
export function flowList(db: Db) {
  return db
    .selectFrom('flow')
    .leftJoin('flowVersion', (join) =>
      join
        .onRef('flowVersion.flowId', '=', 'flow.id')
        .onRef('flowVersion.version', '=', 'flow.liveVersion'),
    )
    .select(['flow.id', 'flow.name', 'flow.liveVersion', 'flowVersion.definition'])
    .orderBy('flow.id')
    .execute();
}

/** Newest first. Throws `flow_version.not_found`. */
export async function flowVersions(db: Db, flowId: string) {
  const rows = await versionsOf(db, flowId).limit(200).execute();
  if (rows.length === 0) throw new FlowVersionNotFoundError();
  return rows;
}

/** Throws `flow_version.not_found`. */
export async function flowVersion(db: Db, flowId: string, version: number) {
  const row = await versionsOf(db, flowId).where('version', '=', version).executeTakeFirst();
  if (row === undefined) throw new FlowVersionNotFoundError();
  return row;
}

function versionsOf(db: Db, flowId: string) {
  return db
    .selectFrom('flowVersion')
    .innerJoin('flow', 'flow.id', 'flowVersion.flowId')
    .leftJoin('staff', 'staff.id', 'flowVersion.authorId')
    .where('flowId', '=', flowId)
    .select([
      'flowVersion.flowId',
      'flowVersion.version',
      'flowVersion.checksum',
      'flowVersion.authorId',
      'staff.displayName as authorName',
      'flowVersion.note',
      'flowVersion.definition',
      'flowVersion.createdAt',
      'flow.liveVersion',
    ])
    .orderBy('version', 'desc');
}
