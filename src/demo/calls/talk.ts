import type { CallRecord } from './call-record.ts';
import type { Caller } from './callers.ts';
import type { GraphStaff } from '../graph.ts';
import type { Matter } from '../orders/matter.types.ts';
import { pickMatter, worded, type MatterGroup } from '../orders/matters.ts';
import { staffActor, type Stage } from '../stage.ts';

export interface Talk {
  staff: GraphStaff;
  /** Null for a call that the agent made. */
  queueId: string | null;
  leg: { id: string; endedAt: Date | null; hangupCause: string | null };
  caller: Caller;
  group: MatterGroup | undefined;
  /** What an agent has for writing it down. */
  wrapUpSec: number;
  /** When the agent's part began, when that was before the customer's. */
  joinedAt?: number;
}

const longestTalkSec = 22 * 60;
const holdShare = 0.09;
/** Agents who forget to say what it was about are freed by the clock. */
const forgottenShare = 0.08;

/** Somebody is connected at the record's time: the talk, its order, its wrap-up. Returns who hung up. */
export function talk(stage: Stage, call: CallRecord, facts: Talk): 'agent' | 'caller' {
  const { chance } = stage;
  const { staff, leg } = facts;
  const since = call.now;
  const matter = matterOf(stage, facts, since);
  const isRare = chance.is(0.04);
  call.event('conversation.changed', { from: 'dialling', to: 'talking' });
  call.event('party.joined', { legId: leg.id, staffId: staff.id }).outcome('talked');
  const median = isRare ? 420 : matter.isOrder === true ? 165 : 105;
  const lasts = Math.min(longestTalkSec, Math.max(12, chance.logNormal(median, 0.55)));
  if (lasts > 60 && chance.is(holdShare)) hold(stage, call, lasts);
  const isOrder = matter.isOrder === true;
  if (isOrder) {
    call.until(since + lasts * 1000 * chance.between(0.6, 0.95));
    raise(stage, call, facts, matter);
  }
  call.until(since + lasts * 1000);
  const leaver = chance.is(0.52) ? 'agent' : 'caller';
  leg.endedAt = new Date(call.now);
  leg.hangupCause = 'NORMAL_CLEARING';
  call.event('party.left', { legId: leg.id, staffId: staff.id });
  call.event('conversation.changed', { from: 'talking', to: 'ended' });
  wrapUp(stage, call, facts, { since, matter, isOrder });
  return leaver;
}

function hold({ chance }: Stage, call: CallRecord, lastsSec: number): void {
  const since = call.now;
  call.until(since + lastsSec * 1000 * chance.between(0.2, 0.35));
  call.event('conversation.changed', { from: 'talking', to: 'held' });
  call.until(since + lastsSec * 1000 * chance.between(0.4, 0.55));
  call.event('conversation.changed', { from: 'held', to: 'talking' });
}

function matterOf(stage: Stage, { caller, group }: Talk, at: number): Matter {
  const { chance, dayOf } = stage;
  const month = dayOf(at)?.month ?? 1;
  return worded(chance, pickMatter(chance, month, group), caller.home);
}

function raise({ orders }: Stage, call: CallRecord, { caller, staff }: Talk, matter: Matter): void {
  orders.push({
    ...{ at: call.now, matter, heard: undefined, source: 'agent', actor: staffActor(staff) },
    ...{ estateId: caller.estate.id, roomId: caller.home?.roomId ?? null },
    ...{ personId: caller.person?.personId ?? null, callId: call.id },
    ...{ contactNumber: caller.number, key: null },
  });
  call.outcome('order_made');
}

function wrapUp(
  { history, ids, chance, rotaOf }: Stage,
  call: CallRecord,
  { staff, queueId, leg, wrapUpSec, joinedAt }: Talk,
  { matter, isOrder, ...talked }: { since: number; matter: Matter; isOrder: boolean },
): void {
  const since = joinedAt ?? talked.since;
  const until = call.now;
  const clockEnds = until + wrapUpSec * 1000;
  const isForgotten = wrapUpSec > 0 && chance.is(forgottenShare);
  const written = until + Math.round(chance.logNormal(24, 0.5) * 1000);
  const isWritten = !isForgotten && written < clockEnds;
  const endedAt = isWritten ? written : clockEnds;
  const reasonCode = !isWritten ? null : reasonOf(matter, isOrder);
  history.engagement.push({
    ...{ id: ids.at(since), callId: call.id, staffId: staff.id, queueId, legId: leg.id },
    ...{ talkSince: new Date(since), talkUntil: new Date(until) },
    ...{ wrapUpEndsAt: new Date(clockEnds), endedAt: new Date(endedAt), reasonCode },
    note: isWritten ? noteOf(matter, isOrder) : '',
    nextContactAt: null,
  });
  rotaOf(since)?.occupy(staff, endedAt + chance.between(1, 3) * 1000);
  if (reasonCode === null) return;
  call.event('call.wrappedUp', { staffId: staff.id, reason: reasonCode }, endedAt);
}

function reasonOf({ kind }: Matter, isOrder: boolean): string {
  if (kind === 'complaint') return 'complaint';
  return isOrder ? 'order_made' : 'answered';
}

function noteOf({ summary }: Matter, isOrder: boolean): string {
  return isOrder ? '' : summary;
}
