import type { OrderDraft } from '../../../contract/agents/agents.ts';
import type { Clock } from '../../../core/clock.ts';
import { newId } from '../../../core/ids.ts';
import { InOrder } from '../../../core/concurrency/in-order.ts';
import type { Pool } from '../../../db/index.ts';

export interface OpenEngagement {
  id: string;
  callId: string;
  staffId: string;
  queueId: string | null;
  talkUntil: Date | null;
  wrapUpEndsAt: Date | null;
}

/** Rows of who talked when in which call, and of half-written orders. */
export interface EngagementStore {
  begin(facts: {
    callId: string;
    staffId: string;
    queueId: string | null;
    legId: string;
  }): Promise<void>;
  /** The talk is over; the wrap-up begins. */
  talked(callId: string, staffId: string, wrapUpEndsAt: Date | null): Promise<void>;
  end(
    callId: string,
    staffId: string,
    wrapUp?: { reasonCode: string; note: string; nextContactAt: Date | null },
  ): Promise<boolean>;
  open(): Promise<OpenEngagement[]>;
  /** Talks that are not over as far as the rows know, of calls of that switch; of all without one. */
  talks(switchNode?: string): Promise<
    {
      callId: string;
      staffId: string;
      queueId: string | null;
      talkSince: Date;
      switchNode: string;
    }[]
  >;
  draft(callId: string): Promise<OrderDraft>;
  saveDraft(callId: string, staffId: string, draft: OrderDraft): Promise<void>;
}

/** @param onHandled told of each finished piece of a queue's work, in seconds of talk and wrap-up. */
export function createEngagementStore(
  db: Pool,
  clock: Clock,
  onHandled: (queueId: string, sec: number) => void,
): EngagementStore {
  /** By call and agent: a talk may be over before its row is there, and its wrap-up as soon as it began. */
  const writes = new InOrder();
  const inOrder = <T>(callId: string, staffId: string, write: () => Promise<T>): Promise<T> =>
    writes.run(`${callId} ${staffId}`, write);
  const begin: EngagementStore['begin'] = async ({ callId, staffId, queueId, legId }) => {
    // After a restart the same conversation goes on.
    const known = await db
      .selectFrom('engagement')
      .select('id')
      .where('callId', '=', callId)
      .where('staffId', '=', staffId)
      .where('talkUntil', 'is', null)
      .executeTakeFirst();
    if (known !== undefined) return;
    await db
      .insertInto('engagement')
      .values({ id: newId(), callId, staffId, queueId, legId, talkSince: clock.now() })
      .execute();
  };
  return {
    begin: (facts) => inOrder(facts.callId, facts.staffId, () => begin(facts)),
    talked: (callId, staffId, wrapUpEndsAt) =>
      inOrder(callId, staffId, async () => {
        await db
          .updateTable('engagement')
          .set({ talkUntil: clock.now(), wrapUpEndsAt })
          .where('callId', '=', callId)
          .where('staffId', '=', staffId)
          .where('talkUntil', 'is', null)
          .execute();
      }),
    end: (callId, staffId, wrapUp) =>
      inOrder(callId, staffId, async () => {
        const now = clock.now();
        const done = await db
          .updateTable('engagement')
          .set({
            endedAt: now,
            ...(wrapUp === undefined
              ? {}
              : {
                  reasonCode: wrapUp.reasonCode,
                  note: wrapUp.note,
                  nextContactAt: wrapUp.nextContactAt,
                }),
          })
          .where('callId', '=', callId)
          .where('staffId', '=', staffId)
          .where('talkUntil', 'is not', null)
          .where('endedAt', 'is', null)
          .returning(['queueId', 'talkSince'])
          .execute();
        for (const { queueId, talkSince } of done) {
          if (queueId !== null) onHandled(queueId, (now.getTime() - talkSince.getTime()) / 1000);
        }
        return done.length > 0;
      }),
    open: () =>
      db
        .selectFrom('engagement')
        .select(['id', 'callId', 'staffId', 'queueId', 'talkUntil', 'wrapUpEndsAt'])
        .where('endedAt', 'is', null)
        .execute(),
    async talks(switchNode) {
      let query = db
        .selectFrom('engagement')
        .innerJoin('call', 'call.id', 'engagement.callId')
        .select([
          'engagement.callId',
          'engagement.staffId',
          'engagement.queueId',
          'engagement.talkSince',
          'call.switchNode',
        ])
        .where('engagement.talkUntil', 'is', null)
        .where('engagement.endedAt', 'is', null);
      if (switchNode !== undefined) query = query.where('call.switchNode', '=', switchNode);
      return query.execute();
    },
    async draft(callId) {
      const row = await db
        .selectFrom('orderDraft')
        .select('draft')
        .where('callId', '=', callId)
        .executeTakeFirst();
      return row?.draft ?? {};
    },
    async saveDraft(callId, staffId, draft) {
      const facts = {
        draft: JSON.stringify(draft),
        updatedBy: staffId,
        updatedAt: clock.now(),
      };
      await db
        .insertInto('orderDraft')
        .values({ callId, ...facts })
        .onConflict((conflict) => conflict.column('callId').doUpdateSet(facts))
        .execute();
    },
  };
}
