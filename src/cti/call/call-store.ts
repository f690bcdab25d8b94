import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { isUnreachable, type Pool } from '../../db/index.ts';
import { beginCall, type NewCall } from './begin-call.ts';
import type { CallChange } from './call.types.ts';
import { saveCalls, type PendingCall } from './save-calls.ts';
import { ignore } from '../../core/ignore.ts';

/**
 * Rows of calls, legs and their events. A new call is written at once; what happens to it then is
 * gathered for `lingerMs` and written for all calls together, in the order in which it happened. A
 * promise resolves when its part is stored. Where a caller is stands on the switch, so that a killed
 * service loses no place, at most the last moments of a timeline. While the database is away, all of it
 * waits in memory, new calls too, and is written when it is back.
 */
export interface CallStore {
  begin(call: NewCall): Promise<void>;
  /** For a caller who is there whether we can write or not: waits for no database that is away. */
  beginWhenAble(call: NewCall): Promise<void>;
  answered(callId: string, legId: string): Promise<void>;
  update(callId: string, change: CallChange): Promise<void>;
  append(callId: string, kind: string, data: Record<string, unknown>): Promise<void>;
  /** Ends the row; false when it had ended before. */
  end(callId: string, cause: string): Promise<boolean>;
  /** Calls of a node that are not over as far as the rows know. */
  open(switchNode: string): Promise<readonly OpenCall[]>;
  /** Writes what is gathered; resolves when all of it is stored. */
  close(): Promise<void>;
}

interface OpenCall {
  id: string;
  legId: string;
  direction: 'inbound' | 'outbound';
}

/** A write costs the service about as much as the rest of a step; nobody watches a timeline faster. */
const lingerMs = 100;

const retryMs = 1000;
/** How long an orderly stop waits for a database that is away. */
const farewellMs = 5000;

interface Batch {
  calls: Map<string, PendingCall>;
  saved: Promise<ReadonlySet<string>>;
}

export function createCallStore(db: Pool, clock: Clock, log: Log): CallStore {
  let batch: Batch | undefined;
  let saving: Promise<unknown> = Promise.resolve();
  let closingSince: number | undefined;
  const begins = createBeginnings(db);

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
      .then(() => begins.idle([...calls.keys()]))
      .then(() => {
        // Until here more may join; what comes now begins the next batch.
        if (batch?.calls === calls) batch = undefined;
        const write = save([...calls.values()]);
        saving = ignore(write, 'told to each that waits for it');
        return write;
      });
    saved.catch((error: unknown) =>
      log.error({ reason: messageOf(error) }, 'timelines of calls not written'),
    );
    return { calls, saved };
  }

  /** Together; one by one when that fails, so that one bad row costs no other call its own. */
  async function save(calls: readonly PendingCall[]): Promise<ReadonlySet<string>> {
    try {
      return await patiently(() => saveCalls(db, calls));
    } catch (error) {
      if (calls.length === 1 || isUnreachable(error)) throw error;
      const all = await Promise.allSettled(calls.map((call) => saveCalls(db, [call])));
      for (const one of all) {
        if (one.status === 'rejected') {
          log.error({ reason: messageOf(one.reason) }, 'timeline of a call not written');
        }
      }
      return new Set(all.flatMap((one) => (one.status === 'fulfilled' ? [...one.value] : [])));
    }
  }

  /** Again and again while the database is away. */
  async function patiently<T>(write: () => Promise<T>): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await write();
      } catch (error) {
        const isOver = closingSince !== undefined && performance.now() - closingSince > farewellMs;
        if (!isUnreachable(error) || isOver) throw error;
        if (tries === 0) {
          log.warn({ reason: messageOf(error) }, 'database unreachable; calls are written later');
        }
        await delay(retryMs);
      }
    }
  }

  return {
    begin: (call) => begins.begin(call),
    async beginWhenAble(call) {
      try {
        await begins.begin(call);
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        pending(call.id).call.begun = call;
      }
    },
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
        .select(['call.id', 'call.direction', 'callLeg.id as legId'])
        .execute(),
    async close() {
      closingSince = performance.now();
      if (batch !== undefined) await ignore(batch.saved, 'told to each that waits for it');
      await saving;
    },
  };
}

/** Rows of new calls that are being written: what has happened to them since waits for their row. */
function createBeginnings(db: Pool) {
  const beginning = new Map<string, Promise<void>>();
  return {
    async begin(call: NewCall): Promise<void> {
      const begun = beginCall(db, call);
      beginning.set(call.id, begun);
      try {
        await begun;
      } finally {
        beginning.delete(call.id);
      }
    },
    async idle(callIds: readonly string[]): Promise<void> {
      await Promise.allSettled(callIds.flatMap((id) => beginning.get(id) ?? []));
    },
  };
}
