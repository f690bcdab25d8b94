import { secondMs } from '../calendar.ts';
import { callBackLater } from './callback.ts';
import type { CallRecord } from './call-record.ts';
import type { Caller } from './callers.ts';
import type { GraphStaff } from '../graph.ts';
import type { Rota } from './rota.ts';
import type { RowOf } from '../rows.ts';
import type { Stage } from '../stage.ts';
import { talk } from './talk.ts';

/** How somebody who asked for an agent left the queue. */
export type QueueEnd = 'agent' | 'caller' | 'abandoned' | 'callback' | 'message';

type OfferResult = NonNullable<RowOf<'offer'>['result']>;

/** How long people wait before they give up: most a minute or so, some not at all. */
const patience = { medianSec: 58, spread: 0.8, leastSec: 3 } as const;
const callbackShare = 0.3;
/** Nobody is promised a call that would come after the agents have gone home. */
const promiseBeforeCloseMs = 40 * 60_000;
const connectMs = 250;

/** Leads a caller through the general queue, at the record's time. */
export function queueFor(stage: Stage, call: CallRecord, caller: Caller): QueueEnd {
  const { chance, rotaOf } = stage;
  const rota = rotaOf(call.now);
  if (rota?.isStaffed(call.now) !== true) return 'message';
  const enteredAt = call.now;
  call.event('queue.entered', { queueId: stage.graph.queues.general.id });
  const waits = Math.max(patience.leastSec, chance.logNormal(patience.medianSec, patience.spread));
  const leavesAt = enteredAt + waits * secondMs;
  for (;;) {
    const next = rota.next(call.now + 120);
    if (next !== undefined && maySuggest(stage, rota, call, next.at)) {
      const chosenAt = call.now + chance.between(8, 35) * secondMs;
      if (chosenAt < Math.min(leavesAt, next.at) && chance.is(callbackShare)) {
        return keepPlace(stage, call, caller, enteredAt, chosenAt);
      }
    }
    if (next === undefined || next.at >= leavesAt) {
      // Who has waited in vain until the agents went home is asked for a message.
      const isStranded = next === undefined && leavesAt > rota.closesAt;
      call.until(isStranded ? Math.max(rota.closesAt, call.now + secondMs) : leavesAt);
      leave(stage, call, enteredAt, { state: isStranded ? 'overflowed' : 'abandoned' });
      return isStranded ? 'message' : 'abandoned';
    }
    call.until(next.at);
    const result = offer(stage, call, next.staff, leavesAt, rota);
    if (result === 'withdrawn') {
      leave(stage, call, enteredAt, { state: 'abandoned' });
      return 'abandoned';
    }
    if (result !== undefined) {
      leave(stage, call, enteredAt, { state: 'answered', by: next.staff.id });
      call.event('queue.left', { queueId: stage.graph.queues.general.id, how: 'answered' });
      call.until(call.now + connectMs);
      const { general } = stage.graph.queues;
      return talk(stage, call, {
        ...{ staff: next.staff, queueId: general.id, leg: result, caller, group: undefined },
        wrapUpSec: general.wrapUpSec,
      });
    }
  }
}

function maySuggest({ graph }: Stage, rota: Rota, { now }: CallRecord, freeAt: number): boolean {
  if (graph.trunk === undefined || freeAt - now < 12 * secondMs) return false;
  return now < rota.closesAt - promiseBeforeCloseMs;
}

/** Rings one agent: the leg when they answer, undefined when somebody else is to be rung. */
function offer(
  stage: Stage,
  call: CallRecord,
  staff: GraphStaff,
  leavesAt: number,
  rota: Rota,
): RowOf<'callLeg'> | 'withdrawn' | undefined {
  const { chance } = stage;
  const { offerSec, id: queueId } = stage.graph.queues.general;
  const madeAt = call.now;
  const kind = chance.weighted({ accepted: 90, declined: 3, no_answer: 6, unreachable: 1 });
  const ringsSec = {
    accepted: Math.min(offerSec - 1, Math.max(1.5, chance.logNormal(7, 0.5))),
    declined: chance.between(2, 8),
    no_answer: offerSec,
    unreachable: 0.8,
  }[kind];
  call.event('offer.made', { staffId: staff.id, offer: 'queue' });
  const leg = call.agentLeg(staff);
  const endsAt = madeAt + ringsSec * secondMs;
  const result: OfferResult = leavesAt < endsAt ? 'withdrawn' : kind;
  call.until(Math.min(endsAt, leavesAt));
  writeOffer(stage, call, { staff, queueId, kind: 'queue', madeAt, result, ringSec: offerSec });
  if (result === 'withdrawn') {
    rota.occupy(staff, call.now + secondMs);
    call.endLeg(leg, 'ORIGINATOR_CANCEL');
    return 'withdrawn';
  }
  if (result === 'accepted') {
    leg.answeredAt = new Date(call.now);
    call.event('offer.accepted', { staffId: staff.id });
    return leg;
  }
  call.endLeg(leg, result === 'no_answer' ? 'NO_ANSWER' : 'CALL_REJECTED');
  call.event(result === 'no_answer' ? 'offer.expired' : `offer.${result}`, { staffId: staff.id });
  if (result === 'no_answer') rota.miss(staff, call.now);
  else rota.occupy(staff, call.now + 30 * secondMs);
  return undefined;
}

export function writeOffer(
  { history, ids }: Stage,
  call: CallRecord,
  one: {
    staff: GraphStaff;
    queueId: string;
    kind: RowOf<'offer'>['kind'];
    madeAt: number;
    result: OfferResult;
    ringSec: number;
  },
): void {
  const { staff, queueId, kind, madeAt, result, ringSec } = one;
  history.offer.push({
    ...{ id: ids.at(madeAt), callId: call.id, staffId: staff.id, queueId, kind },
    ...{ fromStaffId: null, legId: null, madeAt: new Date(madeAt) },
    ...{ expiresAt: new Date(madeAt + ringSec * secondMs), endedAt: new Date(call.now), result },
  });
}

/** The row of the wait, which is over at the record's time. The database makes `queue_wait` of it. */
function leave(
  stage: Stage,
  call: CallRecord,
  enteredAt: number,
  { state, by }: { state: RowOf<'queueEntry'>['state']; by?: string },
): void {
  const entry = entryOf(stage, call, enteredAt, stage.graph.queues.general.id);
  stage.history.queueEntry.push({
    ...{ ...entry, state, leftAt: new Date(call.now), answeredBy: by ?? null },
  });
  if (state === 'abandoned') call.outcome('abandoned');
}

export function entryOf(
  { graph }: Pick<Stage, 'graph'>,
  { id: callId, row }: CallRecord,
  enteredAt: number,
  queueId: string,
): RowOf<'queueEntry'> {
  const caller = {
    ...{ callId, queueId, enteredAt, waitingSince: enteredAt, priority: 0 },
    ...{ isEmergency: queueId === graph.queues.emergency.id, isVip: false, preferred: [] },
    ...{ resting: [], siteId: row.estateId, isAdmitted: true, visited: [], isVirtual: false },
  };
  return {
    ...{ callId, queueId, state: 'waiting', caller, enteredAt: new Date(enteredAt) },
    ...{ leftAt: null, answeredBy: null, callbackNumber: null },
  };
}

/** They hang up and are called as soon as somebody is free. */
function keepPlace(
  stage: Stage,
  call: CallRecord,
  caller: Caller,
  enteredAt: number,
  chosenAt: number,
): 'callback' {
  call.until(chosenAt).outcome('callback');
  const entry = entryOf(stage, call, enteredAt, stage.graph.queues.general.id);
  stage.history.queueEntry.push(entry);
  callBackLater(stage, { call, caller, entry });
  call.wait(stage.chance.between(5, 8));
  return 'callback';
}
