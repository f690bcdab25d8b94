import { sql } from 'kysely';
import type { Clock } from '../../core/clock.ts';
import { emit, type Pool } from '../../db/index.ts';
import type { CallDirection } from '../../db/schema.ts';
import type { CallChange } from './call.types.ts';

export interface NewCall {
  id: string;
  legId: string;
  direction: CallDirection;
  did: string;
  callerNumber: string;
  startedAt: Date;
  switchNode: string;
}

/** Rows of calls, legs and their events. */
export interface CallStore {
  begin(call: NewCall): Promise<void>;
  answered(callId: string, legId: string): Promise<void>;
  update(callId: string, change: CallChange): Promise<void>;
  append(callId: string, kind: string, data: Record<string, unknown>): Promise<void>;
  /** Ends the row; false when it had ended before. */
  end(callId: string, cause: string): Promise<boolean>;
  /** Calls of a node that are not over as far as the rows know. */
  open(switchNode: string): Promise<readonly { id: string; legId: string }[]>;
}

export function createCallStore(db: Pool, clock: Clock): CallStore {
  const append: CallStore['append'] = async (callId, kind, data) => {
    await db
      .insertInto('callEvent')
      .values((row) => ({
        callId,
        seq: row
          .selectFrom('callEvent')
          .where('callId', '=', callId)
          .select(sql<number>`coalesce(max(seq), 0) + 1`.as('seq')),
        at: clock.now(),
        kind,
        data: JSON.stringify(data),
      }))
      .execute();
  };
  return {
    append,
    async begin(call) {
      await db.transaction().execute(async (trx) => {
        const { legId, ...row } = call;
        const made = await trx
          .insertInto('call')
          .values({ ...row, state: 'ringing' })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .returning('id')
          .executeTakeFirst();
        if (made === undefined) return;
        await trx
          .insertInto('callLeg')
          .values({
            id: legId,
            callId: call.id,
            role: 'caller',
            direction: call.direction,
            number: call.callerNumber,
            startedAt: call.startedAt,
          })
          .execute();
        await emit(trx, 'call.started', { callId: call.id, did: call.did }, clock.now());
      });
    },
    async answered(callId, legId) {
      const answeredAt = clock.now();
      await db
        .updateTable('call')
        .set({ state: 'in_flow', answeredAt })
        .where('id', '=', callId)
        .where('answeredAt', 'is', null)
        .where('endedAt', 'is', null)
        .execute();
      await db
        .updateTable('callLeg')
        .set({ answeredAt })
        .where('id', '=', legId)
        .where('answeredAt', 'is', null)
        .execute();
    },
    async update(callId, change) {
      await db.updateTable('call').set(change).where('id', '=', callId).execute();
    },
    end(callId, cause) {
      const endedAt = clock.now();
      return db.transaction().execute(async (trx) => {
        const row = await trx
          .updateTable('call')
          .set({ state: 'ended', endedAt, hangupCause: cause })
          .where('id', '=', callId)
          .where('endedAt', 'is', null)
          .returning(['outcome'])
          .executeTakeFirst();
        if (row === undefined) return false;
        await trx
          .updateTable('callLeg')
          .set({ endedAt, hangupCause: cause })
          .where('callId', '=', callId)
          .where('endedAt', 'is', null)
          .execute();
        await emit(
          trx,
          'call.ended',
          { callId, hangupCause: cause, outcome: row.outcome },
          endedAt,
        );
        return true;
      });
    },
    open: (switchNode) =>
      db
        .selectFrom('call')
        .innerJoin('callLeg', 'callLeg.callId', 'call.id')
        .where('call.switchNode', '=', switchNode)
        .where('call.endedAt', 'is', null)
        .where('callLeg.role', '=', 'caller')
        .select(['call.id', 'callLeg.id as legId'])
        .execute(),
  };
}
