import { Value } from 'typebox/value';
import { QueueSettings, type QueueView } from '../../../contract/agents/queues.ts';
import { changesBetween, mustChange } from '../../../core/changes.ts';
import type { Clock } from '../../../core/clock.ts';
import { newId } from '../../../core/ids.ts';
import { emit, within, type Db } from '../../../db/index.ts';
import { audit } from '../../../organisation/index.ts';
import {
  QueueCodeTakenError,
  QueueInUseError,
  QueueNotFoundError,
  QueueSettingsError,
} from '../../agents.errors.ts';

/** Queues that the shipped flows send callers to: they are switched off, never removed. */
const shippedCodes = ['general', 'emergency'];

/**
 * Changes to queues by people; each is in the audit. Whoever changes one lets the live queues read it again, once it is
 * committed.
 */
export interface QueueAdmin {
  all(): Promise<QueueView[]>;
  /** Throws `queue.code_taken`, `queue.bad_settings`. */
  add(actor: string, code: string, settings: QueueSettings): Promise<string>;
  /** Throws `queue.not_found`, `queue.bad_settings`, `request.unchanged`. */
  change(actor: string, queueId: string, change: Partial<QueueSettings>): Promise<void>;
  /** Only a queue in which nobody has ever waited; throws `queue.in_use`. */
  remove(actor: string, queueId: string): Promise<void>;
  /** Whoever serves it, in order of `top_down`, whole; throws `queue.not_found`, `queue.bad_settings`, `request.unchanged`. */
  setMembers(actor: string, queueId: string, staffIds: readonly string[]): Promise<void>;
}

export function createQueueAdmin(db: Db, clock: Clock): QueueAdmin {
  return {
    async all() {
      const rows = await db.selectFrom('queue').selectAll().orderBy('code').execute();
      return rows.map((row) => ({
        queueId: row.id,
        code: row.code,
        ...Value.Parse(QueueSettings, row.settings),
      }));
    },
    add: (actor, code, settings) =>
      within(db, async (trx) => {
        const id = newId();
        await check(trx, id, settings);
        const made = await trx
          .insertInto('queue')
          .values({ id, code, settings: JSON.stringify(settings) })
          .onConflict((conflict) => conflict.column('code').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (made === undefined) throw new QueueCodeTakenError(code);
        const details = { code };
        await audit(trx, clock, { staffId: actor, act: 'queue.created', subject: id, details });
        await emit(trx, 'queue.created', { queueId: id }, clock.now());
        return id;
      }),
    change: (actor, queueId, change) =>
      within(db, async (trx) => {
        const before = await rowOf(trx, queueId);
        mustChange(before.settings, change);
        const settings = { ...before.settings, ...change };
        await check(trx, queueId, settings);
        await trx
          .updateTable('queue')
          .set({ settings: JSON.stringify(settings) })
          .where('id', '=', queueId)
          .execute();
        const details = { ...change, changes: changesBetween(before.settings, change) };
        await audit(trx, clock, {
          staffId: actor,
          act: 'queue.changed',
          subject: queueId,
          details,
        });
        await emit(trx, 'queue.changed', { queueId }, clock.now());
      }),
    remove: (actor, queueId) =>
      within(db, async (trx) => {
        const { code, settings } = await rowOf(trx, queueId);
        if (shippedCodes.includes(code) || (await isUsed(trx, queueId))) {
          throw new QueueInUseError();
        }
        await trx.deleteFrom('queue').where('id', '=', queueId).execute();
        // Nothing else knows what it was called.
        const details = { code, name: settings.name };
        await audit(trx, clock, {
          staffId: actor,
          act: 'queue.removed',
          subject: queueId,
          details,
        });
        await emit(trx, 'queue.removed', { queueId }, clock.now());
      }),
    setMembers: (actor, queueId, staffIds) =>
      within(db, async (trx) => {
        await rowOf(trx, queueId);
        const wanted = [...new Set(staffIds)];
        await checkStaff(trx, wanted);
        const before = await trx
          .selectFrom('queueMember')
          .select('staffId')
          .where('queueId', '=', queueId)
          .orderBy('place')
          .execute();
        const members = { staffIds: before.map(({ staffId }) => staffId) };
        mustChange(members, { staffIds: wanted });
        await trx.deleteFrom('queueMember').where('queueId', '=', queueId).execute();
        const rows = wanted.map((staffId, place) => ({ queueId, staffId, place }));
        if (rows.length > 0) await trx.insertInto('queueMember').values(rows).execute();
        const changes = changesBetween(members, { staffIds: wanted });
        const details = { staffIds: wanted, changes };
        await audit(trx, clock, {
          staffId: actor,
          act: 'queue.membersSet',
          subject: queueId,
          details,
        });
        await emit(trx, 'queue.changed', { queueId }, clock.now());
      }),
  };
}

async function rowOf(db: Db, queueId: string) {
  const row = await db
    .selectFrom('queue')
    .select(['code', 'settings'])
    .where('id', '=', queueId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new QueueNotFoundError();
  return row;
}

/** Skills exist, and the overflow leads to another queue that does. */
async function check(db: Db, queueId: string, { skills, overflow }: QueueSettings): Promise<void> {
  if (typeof overflow !== 'string') {
    const target = await db
      .selectFrom('queue')
      .select('id')
      .where('id', '=', overflow.queueId)
      .where('id', '!=', queueId)
      .executeTakeFirst();
    if (target === undefined) {
      throw new QueueSettingsError('overflow', 'overflow.queueId must name another queue.');
    }
  }
  const wanted = [...new Set(skills.map((one) => one.skill))];
  if (wanted.length < skills.length) {
    throw new QueueSettingsError('skills', 'skills must name each skill once.');
  }
  if (wanted.length === 0) return;
  const known = await db.selectFrom('skill').select('code').where('code', 'in', wanted).execute();
  const unknown = wanted.filter((code) => !known.some((one) => one.code === code));
  if (unknown.length > 0) {
    throw new QueueSettingsError('skills', `skills: there is no ${unknown.join(', ')}.`);
  }
}

async function checkStaff(db: Db, staffIds: readonly string[]): Promise<void> {
  if (staffIds.length === 0) return;
  const known = await db
    .selectFrom('staff')
    .select('id')
    .where('id', 'in', staffIds)
    .where('role', 'in', ['agent', 'supervisor', 'admin'])
    .where('isDisabled', '=', false)
    .execute();
  if (known.length === staffIds.length) return;
  throw new QueueSettingsError('staffIds', 'staffIds must name agents whose accounts are active.');
}

/** Whether records speak of it, or another queue sends its callers there. */
async function isUsed(db: Db, queueId: string): Promise<boolean> {
  for (const table of ['queueEntry', 'queueWait', 'offer', 'engagement', 'alarm'] as const) {
    const row = await db
      .selectFrom(table)
      .select('queueId')
      .where('queueId', '=', queueId)
      .limit(1)
      .executeTakeFirst();
    if (row !== undefined) return true;
  }
  const others = await db.selectFrom('queue').select('settings').execute();
  return others.some(
    ({ settings: { overflow } }) => typeof overflow !== 'string' && overflow.queueId === queueId,
  );
}

/** Each with its agents, in order. */
export async function queueList(db: Db) {
  const rows = await db.selectFrom('queue').selectAll().orderBy('code').execute();
  const members = await db.selectFrom('queueMember').selectAll().orderBy('place').execute();
  return rows.map(({ id, code, settings }) => ({
    queueId: id,
    code,
    ...settings,
    members: members
      .filter((one) => one.queueId === id)
      .map(({ staffId, place }) => ({ staffId, place })),
  }));
}
