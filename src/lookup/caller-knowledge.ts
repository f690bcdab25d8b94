import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Pool } from '../db/index.ts';
import type { Pops } from './pops.ts';
import { callerFacts, type CallerFacts } from './caller-facts.ts';

/** What the records know of a caller, while one is led to an agent. */
export interface CallerKnowledge {
  /** Resolves when screens can show who calls, or it could not be read. */
  pop(callId: string): Promise<void>;
  /** For the router. A database that is away keeps nobody from the queue: they are like everybody then. */
  facts(callId: string): Promise<CallerFacts>;
}

export function callerKnowledge({
  db,
  clock,
  log,
  pops,
}: {
  db: Pool;
  clock: Clock;
  log: Log;
  pops: Pick<Pops, 'read'>;
}): CallerKnowledge {
  return {
    async pop(callId) {
      try {
        await pops.read(callId);
      } catch (error) {
        log.error({ callId, reason: messageOf(error) }, 'screen pop not read');
      }
    },
    async facts(callId) {
      try {
        return await callerFacts(db, clock, callId);
      } catch (error) {
        log.error({ callId, reason: messageOf(error) }, 'caller not in the queue');
        return { isVip: false, accountStaffId: null, lastStaffId: null };
      }
    },
  };
}
