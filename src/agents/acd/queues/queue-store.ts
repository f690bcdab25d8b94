import { sql } from 'kysely';
import type { QueueSettings } from '../../../contract/agents/queues.ts';
import type { Clock } from '../../../core/clock.ts';
import { newId } from '../../../core/ids.ts';
import { InOrder } from '../../../core/concurrency/in-order.ts';
import type { Pool } from '../../../db/index.ts';
import type { OfferKind, OfferResult, QueueEntryState } from '../../../db/schema.ts';
import type { WaitingCaller } from '../routing/index.ts';

export interface NewOffer {
  id: string;
  callId: string;
  staffId: string;
  queueId: string | null;
  kind: OfferKind;
  fromStaffId: string | null;
  expiresAt: Date;
}

/** Rows of who waits, and of offers. */
export interface QueueStore {
  /** Writes where a caller waits; the same call again only changes what is known. */
  enter(caller: WaitingCaller): Promise<void>;
  leave(callId: string, state: Exclude<QueueEntryState, 'waiting'>, by?: string): Promise<void>;
  /** Callers who hung up while nobody watched wait no more. */
  leaveWithEndedCalls(): Promise<void>;
  /** Their place as it was before a restart. */
  waiting(): Promise<WaitingCaller[]>;
  offer(offer: NewOffer): Promise<void>;
  endOffer(offerId: string, result: OfferResult): Promise<void>;
  /** How an offer to somebody ended; one that is being answered counts as accepted. */
  offerEnd(staffId: string, offerId: string): Promise<OfferResult | undefined>;
  /** After a restart: phones that rang for a predecessor, from before that time, ring for nobody. */
  endOpenOffers(before: Date): Promise<void>;
}

export function createQueueStore(db: Pool, clock: Clock): QueueStore {
  /** By call, and by offer: what ends a row may be asked for while it is being written. */
  const entries = new InOrder();
  const offers = new InOrder();
  return {
    enter: (caller) =>
      entries.run(caller.callId, async () => {
        const facts = { queueId: caller.queueId, caller: JSON.stringify(caller) };
        await db
          .insertInto('queueEntry')
          .values({
            callId: caller.callId,
            ...facts,
            state: caller.isVirtual ? 'callback' : 'waiting',
            enteredAt: new Date(caller.enteredAt),
          })
          .onConflict((conflict) =>
            conflict.column('callId').doUpdateSet({
              ...facts,
              state: caller.isVirtual ? 'callback' : 'waiting',
              // Another queue, or again after a talk: another wait begins, and `queue_wait` gets its row.
              enteredAt: sql<Date>`CASE
                WHEN queue_entry.queue_id = excluded.queue_id AND queue_entry.left_at IS NULL
                  THEN queue_entry.entered_at
                WHEN excluded.entered_at > queue_entry.entered_at THEN excluded.entered_at
                ELSE ${clock.now()}::timestamptz END`,
              leftAt: null,
              answeredBy: null,
            }),
          )
          .execute();
      }),
    leave: (callId, state, by) =>
      entries.run(callId, async () => {
        // The last callback is given up before it rings, and may be answered all the same.
        const from: QueueEntryState[] = ['waiting', 'callback'];
        if (state === 'answered') from.push('overflowed');
        await db
          .updateTable('queueEntry')
          .set({ state, leftAt: clock.now(), answeredBy: by ?? null })
          .where('callId', '=', callId)
          .where('state', 'in', from)
          .execute();
      }),
    async leaveWithEndedCalls() {
      await db
        .updateTable('queueEntry')
        .set({ state: 'abandoned', leftAt: clock.now() })
        .where('state', '=', 'waiting')
        .where('callId', 'in', (from) =>
          from.selectFrom('call').select('id').where('endedAt', 'is not', null),
        )
        .execute();
    },
    async waiting() {
      const rows = await db
        .selectFrom('queueEntry')
        .select('caller')
        .where('state', 'in', ['waiting', 'callback'])
        .execute();
      return rows.map((row) => row.caller as WaitingCaller);
    },
    offer: (offer) =>
      offers.run(offer.id, async () => {
        await db
          .insertInto('offer')
          .values({ ...offer, legId: null, madeAt: clock.now(), result: null })
          .execute();
      }),
    offerEnd: (staffId, offerId) =>
      offers.run(offerId, async () => {
        const row = await db
          .selectFrom('offer')
          .select('result')
          .where('id', '=', offerId)
          .where('staffId', '=', staffId)
          .executeTakeFirst();
        return row === undefined ? undefined : (row.result ?? 'accepted');
      }),
    endOffer: (offerId, result) =>
      offers.run(offerId, async () => {
        await db
          .updateTable('offer')
          .set({ endedAt: clock.now(), result })
          .where('id', '=', offerId)
          .where('endedAt', 'is', null)
          .execute();
      }),
    async endOpenOffers(before) {
      await db
        .updateTable('offer')
        .set({ endedAt: clock.now(), result: 'withdrawn' })
        .where('endedAt', 'is', null)
        .where('madeAt', '<=', before)
        .execute();
    },
  };
}

const general: QueueSettings = {
  name: { 'zh-CN': '综合服务', en: 'General' },
  strategy: 'longest_idle',
  skills: [],
  priority: 10,
  ageingPerMinute: 2,
  offerSec: 20,
  wrapUpSec: 60,
  maxWaitSec: 600,
  maxLength: 100,
  overflow: 'message',
  announceEverySec: 60,
  serviceLevelSec: 15,
  serviceLevelTarget: 80,
  isActive: true,
};

const shipped: readonly (readonly [code: string, settings: QueueSettings])[] = [
  ['general', general],
  [
    'emergency',
    {
      ...general,
      name: { 'zh-CN': '紧急求助', en: 'Emergency' },
      strategy: 'ring_all',
      priority: 100,
      ageingPerMinute: 100,
      maxWaitSec: null,
      maxLength: null,
      announceEverySec: null,
      wrapUpSec: 0,
    },
  ],
];

/** The queues that every installation has; in demo mode all agents serve them. */
export async function seedQueues(db: Pool, isDemo: boolean): Promise<void> {
  for (const [code, settings] of shipped) {
    await db
      .insertInto('queue')
      .values({ id: newId(), code, settings: JSON.stringify(settings) })
      .onConflict((conflict) => conflict.column('code').doNothing())
      .execute();
  }
  if (!isDemo) return;
  const members = await db.selectFrom('queueMember').select('staffId').limit(1).execute();
  if (members.length > 0) return;
  const queues = await db.selectFrom('queue').select('id').execute();
  const agents = await db
    .selectFrom('staff')
    .select(['id', 'username'])
    .where('role', '=', 'agent')
    .orderBy('username')
    .execute();
  const rows = queues.flatMap((queue) =>
    agents.map((agent, place) => ({ queueId: queue.id, staffId: agent.id, place })),
  );
  if (rows.length > 0) await db.insertInto('queueMember').values(rows).execute();
}
