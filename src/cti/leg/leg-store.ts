import type { Clock } from '../../core/clock.ts';
import type { Pool } from '../../db/index.ts';
import type { LegRole } from './leg.types.ts';

/** Rows of legs beside the customer's. */
export interface LegStore {
  begin(leg: { id: string; callId: string; role: LegRole; number: string }): Promise<void>;
  answered(legId: string): Promise<void>;
  end(legId: string, cause: string): Promise<void>;
}

export function createLegStore(db: Pool, clock: Clock): LegStore {
  return {
    async begin({ id, callId, role, number }) {
      await db
        .insertInto('callLeg')
        .values({ id, callId, role, direction: 'outbound', number, startedAt: clock.now() })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },
    async answered(legId) {
      await db
        .updateTable('callLeg')
        .set({ answeredAt: clock.now() })
        .where('id', '=', legId)
        .where('answeredAt', 'is', null)
        .execute();
    },
    async end(legId, cause) {
      await db
        .updateTable('callLeg')
        .set({ endedAt: clock.now(), hangupCause: cause })
        .where('id', '=', legId)
        .where('endedAt', 'is', null)
        .execute();
    },
  };
}
