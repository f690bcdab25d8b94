import { secondMs } from '../calendar.ts';
import type { CallRecord } from './call-record.ts';
import type { Caller } from './callers.ts';
import { entryOf, writeOffer } from './queue.ts';
import type { Stage } from '../stage.ts';
import { talk } from './talk.ts';

/** Everybody who is free is rung at once. False when nobody is: the caller is asked to speak. */
export function callForHelp(stage: Stage, call: CallRecord, caller: Caller): boolean {
  const { history, ids, chance, graph, rotaOf } = stage;
  const { id: queueId, offerSec, wrapUpSec } = graph.queues.emergency;
  const enteredAt = call.now;
  const free = rotaOf(enteredAt)?.freeAt(enteredAt) ?? [];
  const [first, ...others] = free;
  if (first === undefined) return false;
  const alarmId = ids.at(enteredAt);
  call.event('alarm.raised', { alarmId });
  call.event('queue.entered', { queueId });
  const legs = free.map((staff) => {
    call.event('offer.made', { staffId: staff.id, offer: 'emergency' });
    return call.agentLeg(staff);
  });
  call.wait(Math.min(12, chance.logNormal(3.5, 0.4)));
  for (const [index, staff] of [first, ...others].entries()) {
    const leg = legs[index];
    const result = index === 0 ? 'accepted' : 'withdrawn';
    const facts = { staff, queueId, kind: 'emergency' as const, madeAt: enteredAt };
    writeOffer(stage, call, { ...facts, result, ringSec: offerSec });
    if (leg === undefined) continue;
    if (index === 0) leg.answeredAt = new Date(call.now);
    else call.endLeg(leg);
  }
  const [leg] = legs;
  if (leg === undefined) return false;
  call.event('offer.accepted', { staffId: first.id });
  const answeredAt = new Date(call.now);
  history.queueEntry.push({
    ...entryOf(stage, call, enteredAt, queueId),
    ...{ state: 'answered', leftAt: answeredAt, answeredBy: first.id },
  });
  call.event('queue.left', { queueId, how: 'answered' });
  history.alarm.push({
    ...{ id: alarmId, kind: 'emergency', raisedAt: new Date(enteredAt), callId: call.id },
    ...{ queueId: null, estateId: call.row.estateId, details: {} },
    ...{ acknowledgedBy: first.displayName, acknowledgedAt: answeredAt, clearedAt: answeredAt },
  });
  for (const staff of others) rotaOf(enteredAt)?.occupy(staff, call.now + secondMs);
  call.until(call.now + 200);
  talk(stage, call, { staff: first, queueId, leg, caller, group: 'emergencies', wrapUpSec });
  return true;
}
