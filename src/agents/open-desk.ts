import { onlyWhile } from '../core/concurrency/only-while.ts';
import type { Call, Endpoint } from '../cti/index.ts';
import { Adoptions } from './adoption.ts';
import type { AgentsOptions, Desk } from './agents.types.ts';
import { Alarms } from './alarms.ts';
import { callBack } from './call-back.ts';
import { buildPop } from './desk/pop.ts';
import { Emergencies } from './emergencies.ts';
import { followParty, writeTalk } from './follow-party.ts';
import { outsideEndpoint, permittedEndpoint } from './outside.ts';
import { keepPops } from './pops.ts';
import type { Seat } from './presence/seat.ts';
import { createSeatStore } from './presence/seat-store.ts';
import { Seats } from './presence/seats.ts';
import { Waits } from './queue/figures.ts';
import { Floor } from './queue/floor.ts';
import { measureHandling, type HandleTimes } from './queue/handle-times.ts';
import { isThere, knownNumber } from './queue/promises.ts';
import { createQueueStore, type QueueStore } from './queue/queue-store.ts';
import { Screens } from './screens.ts';
import { WrapUps } from './wrap-ups.ts';

/** Everything of the agents' side that lives as long as this service drives the switch. */
export interface OpenDesk {
  desk: Desk;
  screens: Screens;
  wrapUps: WrapUps;
  emergencies: Emergencies;
  alarms: Alarms;
  queues: QueueStore;
  handleTimes: HandleTimes;
  /** Nothing of it rings, decides or shows any more. */
  close(): void;
}

/**
 * Empty; the rows are read by whoever opens it.
 *
 * @param over once aborted, nothing of this desk is written any more: the rows are kept by another service.
 */
export function openDesk(
  options: AgentsOptions,
  onCall: (call: Call) => void,
  over: AbortSignal,
): OpenDesk {
  const { db, clock, log, cti, trunks, dialling, board } = options;
  const seats = new Seats({ store: onlyWhile(createSeatStore(db, clock), over), clock, log });
  const measured = measureHandling(db, clock);
  const { handleTimes } = measured;
  const waits = new Waits();
  const engagements = onlyWhile(measured.engagements, over);
  const queues = onlyWhile(createQueueStore(db, clock), over);
  const endpointOf = (seat: Seat): Endpoint =>
    seat.phone === 'outside' && seat.number !== null
      ? outsideEndpoint(trunks, seat.number)
      : { kind: 'user', user: seat.username };
  const floor = new Floor({
    ...{ seats, store: queues, clock, log, waits, handleTimes, endpointOf },
    isOutgoing: (callId) => cti.call(callId)?.direction === 'outbound',
    latencies: options.latencies,
    hasDutyPhones: trunks.length > 0,
    onChange: ({ queueIds, staffIds }) => {
      for (const queueId of queueIds) screens.showQueue(queueId);
      for (const staffId of staffIds) screens.showDesk(staffId);
    },
    onCallback: (caller, staffId) => void callBack(desk, caller, staffId),
    liveNumbers: () => cti.calls.filter(isThere).map(knownNumber),
  });
  const desk: Desk = {
    ...{ ...options, seats, floor, waits, engagements, endpointOf, onCall },
    conversations: new Map(),
    pops: keepPops(async (callId) => {
      const pop = await buildPop(db, clock, callId);
      if (pop === undefined) throw new Error('the call has no row');
      return pop;
    }),
    adoptions: new Adoptions((callId, staffId) => wrapUps.skip(staffId, callId)),
    show: (staffId) => screens.showDesk(staffId),
    onConversation: (conversation) => screens.showConversation(conversation),
    onJoining: (conversation, party) => writeTalk(desk, conversation, party),
    onParty: (...change) => followParty(desk, { wrapUps, emergencies }, ...change),
    outside: (wish) => permittedEndpoint(dialling, trunks, wish),
  };
  const wrapUps = new WrapUps({
    ...{ seats, store: engagements, clock, log },
    onEnd: (_callId, staffId) => screens.showDesk(staffId),
  });
  const screens = new Screens(desk, wrapUps);
  const alarms = new Alarms({ db, clock, log, board });
  const emergencies = new Emergencies(desk, alarms);
  seats.onChange = (staffId, seat) => {
    floor.onSeat(staffId, seat);
    screens.onSeat(staffId, seat);
  };
  return {
    ...{ desk, screens, wrapUps, emergencies, alarms, queues, handleTimes },
    close() {
      floor.stop();
      wrapUps.stop();
      screens.stop();
      emergencies.stop();
    },
  };
}
