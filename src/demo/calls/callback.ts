import { secondMs } from '../calendar.ts';
import { CallRecord } from './call-record.ts';
import type { Caller } from './callers.ts';
import type { GraphStaff } from '../graph.ts';
import type { RowOf } from '../rows.ts';
import type { Stage } from '../stage.ts';
import { talk } from './talk.ts';

interface Promised {
  /** In which it was chosen. */
  call: CallRecord;
  caller: Caller;
  entry: RowOf<'queueEntry'>;
  tries?: number;
}

const mostTries = 3;
/** As `agents/acd/queues/callbacks.ts` has it. */
const pauseSec = { busy: 2 * 60, no_answer: 10 * 60 } as const;
const ringSec = 40;

/** The caller keeps the place in the queue, and is rung when the next agent is free; three times at most. */
export function callBackLater(stage: Stage, promised: Promised): void {
  stage.later(promised.call.now + 15 * secondMs, (at) => ring(stage, promised, at));
}

function ring(stage: Stage, promised: Promised, at: number): void {
  const { chance, rotaOf } = stage;
  const { call, tries = 0 } = promised;
  const rota = rotaOf(at);
  const next = rota?.next(at);
  if (next === undefined) {
    end(promised, rota?.closesAt ?? at, 'overflowed', null);
    return;
  }
  if (next.at > at) {
    // Whoever comes first meanwhile is served first.
    stage.later(next.at, (later) => ring(stage, promised, later));
    return;
  }
  // Who was not there the first time is often still away.
  const talked = tries === 0 ? 66 : 45;
  const result = chance.weighted({ talked, no_answer: 24, busy: 10 });
  const endedAt = place(stage, promised, next.staff, at, result);
  call.event('callback.ended', { result, staffId: next.staff.id }, endedAt.hungUp);
  if (result === 'talked') {
    end(promised, endedAt.answered, 'answered', next.staff.id);
  } else if (tries + 1 >= mostTries) {
    end(promised, endedAt.hungUp, 'overflowed', next.staff.id);
  } else {
    const again = { ...promised, tries: tries + 1 };
    stage.later(endedAt.hungUp + pauseSec[result] * secondMs, (later) => ring(stage, again, later));
  }
}

function end(
  { entry }: Promised,
  at: number,
  state: 'answered' | 'overflowed',
  by: string | null,
): void {
  entry.state = state;
  entry.leftAt = new Date(Math.max(at, entry.enteredAt.getTime()));
  entry.answeredBy = by;
}

/** A call of ours: the agent's telephone first, then the customer's. */
function place(
  stage: Stage,
  { caller }: Promised,
  staff: GraphStaff,
  at: number,
  result: 'talked' | 'no_answer' | 'busy',
): { answered: number; hungUp: number } {
  const { history, ids, chance, graph, rotaOf } = stage;
  // Agents' calls show the first hotline, whoever is called; see `agents/conversations/serving/dial-out.ts`.
  const [first = caller.estate] = [...graph.estates].sort((a, b) => (a.did < b.did ? -1 : 1));
  const call = new CallRecord(history, ids, {
    ...{ direction: 'outbound', at, did: first.did, number: caller.number, estateId: first.id },
    ...{ personId: caller.isOnly ? (caller.person?.personId ?? null) : null, flow: undefined },
    switchNode: graph.switchNode,
  });
  stage.records.push(call);
  history.outsideCall.push({
    ...{ id: ids.at(at), at: new Date(at), purpose: 'callback', number: caller.number },
    ...{ staffId: staff.id, callId: call.id, refusal: null },
  });
  const leg = call.agentLeg(staff);
  call.wait(chance.between(1.2, 3));
  leg.answeredAt = new Date(call.now);
  const joined = call.now;
  call.wait(
    result === 'busy'
      ? chance.between(2, 4)
      : result === 'talked'
        ? chance.between(6, 20)
        : ringSec,
  );
  const answered = call.now;
  if (result === 'talked') {
    call.answer();
    const facts = { staff, queueId: null, leg, caller, group: undefined };
    talk(stage, call, { ...facts, wrapUpSec: 60, joinedAt: joined });
    call.end();
    return { answered, hungUp: call.now };
  }
  call.endLeg(leg).end(result === 'busy' ? 'USER_BUSY' : 'NO_ANSWER');
  const wrapUpEnds = call.now + 60 * secondMs;
  const writtenAt = call.now + chance.between(4, 20) * secondMs;
  history.engagement.push({
    ...{ id: ids.at(joined), callId: call.id, staffId: staff.id, queueId: null, legId: leg.id },
    ...{ talkSince: new Date(joined), talkUntil: new Date(call.now) },
    ...{ wrapUpEndsAt: new Date(wrapUpEnds), endedAt: new Date(Math.round(writtenAt)) },
    ...{
      reasonCode: 'call_back',
      note: result === 'busy' ? '占线，稍后再拨。' : '无人接听，稍后再拨。',
    },
    nextContactAt: null,
  });
  call.event('call.wrappedUp', { staffId: staff.id, reason: 'call_back' }, writtenAt);
  rotaOf(at)?.occupy(staff, writtenAt + secondMs);
  return { answered, hungUp: call.now };
}
