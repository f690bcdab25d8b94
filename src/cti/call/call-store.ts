import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { outboxRow, type Pool } from '../../db/index.ts';
import type { CallDirection } from '../../db/schema.ts';
import type { CallChange } from './call.types.ts';
import { saveCalls, type PendingCall } from './save-calls.ts';

export interface NewCall {
  id: string;
  legId: string;
  direction: CallDirection;
  did: string;
  callerNumber: string;
  startedAt: Date;
  switchNode: string;
}

/**
 * Rows of calls, legs and their events. A new call is written at once; what happens to it then is
 * gathered for `lingerMs` and written for all calls together, in the order in which it happened. A
 * promise resolves when its part is stored. Where a caller is stands on the switch, so that a killed
 * service loses no place, at most the last moments of a timeline.
 */
export interface CallStore {
  begin(call: NewCall): Promise<void>;
  answered(callId: string, legId: string): Promise<void>;
  update(callId: string, change: CallChange): Promise<void>;
  append(callId: string, kind: string, data: Record<string, unknown>): Promise<void>;
  /** Ends the row; false when it had ended before. */
  end(callId: string, cause: string): Promise<boolean>;
  /** Calls of a node that are not over as far as the rows know. */
  open(switchNode: string): Promise<readonly { id: string; legId: string }[]>;
  /** Writes what is gathered; resolves when all of it is stored. */
  close(): Promise<void>;
}

/** A write costs the service about as much as the rest of a step; nobody watches a timeline faster. */
const lingerMs = 100;

interface Batch {
  calls: Map<string, PendingCall>;
  saved: Promise<ReadonlySet<string>>;
}

export function createCallStore(db: Pool, clock: Clock, log: Log): CallStore {
  let batch: Batch | undefined;
  let saving: Promise<unknown> = Promise.resolve();

  /** What waits for that call, and the promise of the write that will carry it. */
  function pending(callId: string): { call: PendingCall; saved: Promise<ReadonlySet<string>> } {
    batch ??= newBatch();
    const call = batch.calls.get(callId) ?? { id: callId, change: {}, events: [] };
    batch.calls.set(callId, call);
    return { call, saved: batch.saved };
  }

  function newBatch(): Batch {
    const calls = new Map<string, PendingCall>();
    const saved = new Promise((resolve) => setTimeout(resolve, lingerMs))
      .then(() => saving)
      .then(() => {
        // Until here more may join; what comes now begins the next batch.
        if (batch?.calls === calls) batch = undefined;
        const write = save([...calls.values()]);
        saving = write.catch(() => undefined);
        return write;
      });
    saved.catch((error: unknown) =>
      log.error({ reason: messageOf(error) }, 'the timeline of calls could not be stored'),
    );
    return { calls, saved };
  }

  /** Together; one by one when that fails, so that one bad row costs no other call its own. */
  async function save(calls: readonly PendingCall[]): Promise<ReadonlySet<string>> {
    try {
      return await saveCalls(db, calls);
    } catch (error) {
      if (calls.length === 1) throw error;
      const all = await Promise.allSettled(calls.map((call) => saveCalls(db, [call])));
      for (const one of all) {
        if (one.status === 'rejected') {
          log.error(
            { reason: messageOf(one.reason) },
            'the timeline of a call could not be stored',
          );
        }
      }
      return new Set(all.flatMap((one) => (one.status === 'fulfilled' ? [...one.value] : [])));
    }
  }

  return {
    begin: (call) => beginCall(db, call, clock.now()),
    async answered(callId, legId) {
      const { call, saved } = pending(callId);
      call.answered ??= { at: clock.now(), legId };
      await saved;
    },
    async update(callId, change) {
      const { call, saved } = pending(callId);
      Object.assign(call.change, change);
      await saved;
    },
    async append(callId, kind, data) {
      const { call, saved } = pending(callId);
      call.events.push({ at: clock.now(), kind, data });
      await saved;
    },
    async end(callId, cause) {
      const { call, saved } = pending(callId);
      call.ended ??= { at: clock.now(), cause };
      return (await saved).has(callId);
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
    async close() {
      await batch?.saved.catch(() => undefined);
      await saving;
    },
  };
}

/** Call, first leg and the news of it, in one statement; nothing when the call is there already. */
async function beginCall(db: Pool, call: NewCall, now: Date): Promise<void> {
  const { legId, ...row } = call;
  const told = outboxRow('call.started', { callId: call.id, did: call.did }, now);
  await db
    .with('made', (qb) =>
      qb
        .insertInto('call')
        .values({ ...row, state: 'ringing' })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .returning(['id', 'direction', 'callerNumber', 'startedAt']),
    )
    .with('leg', (qb) =>
      qb
        .insertInto('callLeg')
        .columns(['id', 'callId', 'role', 'direction', 'number', 'startedAt'])
        .expression((from) =>
          from
            .selectFrom('made')
            .select((made) => [
              made.cast<string>(made.val(legId), 'uuid').as('id'),
              'made.id as callId',
              made.val('caller' as const).as('role'),
              'made.direction',
              'made.callerNumber as number',
              'made.startedAt',
            ]),
        ),
    )
    .insertInto('outbox')
    .columns(['name', 'payload', 'at'])
    .expression((from) =>
      from
        .selectFrom('made')
        .select((made) => [
          made.val(told.name).as('name'),
          made.cast<string>(made.val(told.payload), 'jsonb').as('payload'),
          made.cast<Date>(made.val(told.at), 'timestamptz').as('at'),
        ]),
    )
    .execute();
}
