import { onlyWhile } from '../../core/concurrency/only-while.ts';
import type { Clock } from '../../core/clock.ts';
import type { Latencies } from '../../core/latencies.ts';
import type { Log } from '../../core/log.ts';
import type { Cti } from '../../cti/index.ts';
import type { Pool } from '../../db/index.ts';
import type { EngagementStore } from './sessions/engagement-store.ts';
import { agentEndpoint } from './sessions/endpoints.ts';
import { createSeatStore } from './sessions/seat-store.ts';
import { Seats } from './sessions/seats.ts';
import { queueCounts, Waits } from './queues/figures.ts';
import { Acd } from './queues/acd.ts';
import { measureHandling, type HandleTimes } from './queues/handle-times.ts';
import { knownNumber } from '../../property/index.ts';
import { isThere } from './queues/callbacks.ts';
import { createQueueStore, type QueueStore } from './queues/queue-store.ts';
import type { AcdListeners } from './queues/waiting.types.ts';

export interface AcdOptions {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Pick<Cti, 'call' | 'calls'>;
  latencies: Latencies;
  /** Trunks to outside numbers, the preferred one first. */
  trunks: readonly string[];
}

/** Who sits and who waits, while this service drives the switch. Empty; the rows are read by whoever opens it. */
export interface OpenAcd {
  seats: Seats;
  acd: Acd;
  /** Of today, those that are over. */
  waits: Waits;
  handleTimes: HandleTimes;
  store: QueueStore;
  engagements: EngagementStore;
}

/** @param over once aborted, nothing of this is written any more: the rows are kept by another service. */
export function openAcd(
  { db, clock, log, cti, latencies, trunks }: AcdOptions,
  over: AbortSignal,
  listeners: AcdListeners,
): OpenAcd {
  const seats = new Seats({ store: onlyWhile(createSeatStore(db, clock), over), clock, log });
  const measured = measureHandling(db, clock);
  const { handleTimes } = measured;
  const waits = new Waits();
  const engagements = onlyWhile(measured.engagements, over);
  const store = onlyWhile(createQueueStore(db, clock), over);
  const isOutgoing = (callId: string) => cti.call(callId)?.direction === 'outbound';
  const acd = new Acd({
    ...{ seats, store, listeners, latencies, clock, log },
    figures: queueCounts(waits, handleTimes, isOutgoing),
    telephony: {
      endpointOf: (seat) => agentEndpoint(trunks, seat),
      hasDutyPhones: trunks.length > 0,
      liveNumbers: () => cti.calls.filter(isThere).map(knownNumber),
    },
  });
  return { seats, acd, waits, handleTimes, store, engagements };
}
