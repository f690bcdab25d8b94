import { createHash } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { emit, type Db } from '../../db/index.ts';
import {
  FlowChangedError,
  FlowLiveError,
  FlowNotFoundError,
  FlowVersionNotFoundError,
} from '../content.errors.ts';
import { FlowError, validateFlow } from './validate.ts';

/**
 * Adds a version, which does not make it live. The same definition again gives the version that has
 * it. `db` must be a transaction. Throws `flow.not_found`, or `flow.invalid` with every fault.
 */
export async function addFlowVersion(
  db: Db,
  { flowId, definition, authorId, note }: NewVersion,
): Promise<{ version: number; isNew: boolean }> {
  await lockFlow(db, flowId);
  const flow = validateFlow(definition);
  if (flow.id !== flowId) throw new FlowError([`id must be "${flowId}", as in the address`]);
  const json = JSON.stringify(flow);
  const checksum = createHash('sha256').update(json).digest('hex');
  const versions = await db
    .selectFrom('flowVersion')
    .select(['version', 'checksum'])
    .where('flowId', '=', flowId)
    .orderBy('version', 'desc')
    .execute();
  const same = versions.find((one) => one.checksum === checksum);
  if (same !== undefined) return { version: same.version, isNew: false };
  const version = (versions[0]?.version ?? 0) + 1;
  await db
    .insertInto('flowVersion')
    .values({ flowId, version, definition: json, checksum, authorId, note })
    .execute();
  return { version, isNew: true };
}

export interface NewVersion {
  flowId: string;
  definition: unknown;
  authorId: string;
  note: string;
}

/**
 * Makes a version live for new calls, also an older one; calls under way keep theirs. `db` must be a
 * transaction. Throws `flow.not_found`, `flow_version.not_found`, `flow.changed` or `flow.live_already`.
 */
export async function publishFlowVersion(
  db: Db,
  clock: Clock,
  { flowId, version, expectedLiveVersion }: Publication,
): Promise<{ before: number | null }> {
  const { liveVersion } = await lockFlow(db, flowId);
  if (expectedLiveVersion !== undefined && expectedLiveVersion !== liveVersion) {
    throw new FlowChangedError(liveVersion);
  }
  const row = await db
    .selectFrom('flowVersion')
    .select('definition')
    .where('flowId', '=', flowId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row === undefined) throw new FlowVersionNotFoundError();
  if (liveVersion === version) throw new FlowLiveError(version);
  // Valid when it was added; a newer program may ask for more.
  validateFlow(row.definition);
  await db.updateTable('flow').set({ liveVersion: version }).where('id', '=', flowId).execute();
  await emit(db, 'flow.published', { flowId, version }, clock.now());
  return { before: liveVersion };
}

export interface Publication {
  flowId: string;
  version: number;
  expectedLiveVersion?: number;
}

async function lockFlow(db: Db, flowId: string): Promise<{ liveVersion: number | null }> {
  const flow = await db
    .selectFrom('flow')
    .select('liveVersion')
    .where('id', '=', flowId)
    .forUpdate()
    .executeTakeFirst();
  if (flow === undefined) throw new FlowNotFoundError();
  return flow;
}
