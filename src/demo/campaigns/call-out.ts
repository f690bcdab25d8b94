import type { AttemptResult } from '../../outbound/index.ts';
import { DateTime } from 'luxon';
import { CallRecord } from '../calls/call-record.ts';
import type { Answer } from './campaign-plans.ts';
import type { Campaign, ContactRow } from './campaign.types.ts';
import type { RowOf } from '../rows.ts';
import type { Stage } from '../stage.ts';

type Attempt = RowOf<'attempt'>;

/** How often people pick up, by the local hour: little in the morning, much in the evening. */
function answersAt(hour: number): number {
  return hour < 9 ? 42 : hour < 17 ? 56 : 68;
}

/** What an attempt comes to. */
export function resultOf(
  { chance }: Stage,
  { plan }: Campaign,
  { attempts, nextAt, timeZone, createdAt }: ContactRow,
): AttemptResult {
  const hour = DateTime.fromJSDate(nextAt ?? createdAt, { zone: timeZone }).hour;
  const picked = chance.weighted({
    answered: answersAt(hour),
    ...{ no_answer: 24, busy: 7, off: 5, rejected: 4, invalid: attempts === 1 ? 0.6 : 0 },
  });
  if (picked !== 'answered') return picked;
  return chance.weighted(plan.answers as Record<Answer, number>);
}

const unanswered: Readonly<Record<string, readonly [cause: string, from: number, to: number]>> = {
  no_answer: ['NO_ANSWER', 0, 0],
  busy: ['USER_BUSY', 1.5, 4],
  off: ['SUBSCRIBER_ABSENT', 3, 7],
  rejected: ['CALL_REJECTED', 4, 14],
  invalid: ['UNALLOCATED_NUMBER', 0.8, 2],
};

/** The call of an attempt, from its row to what the person pressed. */
export function callOut(
  stage: Stage,
  campaign: Campaign,
  about: { contact: ContactRow; attempt: Attempt; result: AttemptResult },
): CallRecord {
  const { history, ids, chance, graph } = stage;
  const { attempt, result } = about;
  const { row } = campaign;
  const call = new CallRecord(history, ids, {
    ...{ direction: 'outbound', at: attempt.createdAt.getTime() + 8, did: attempt.callerId },
    ...{ number: attempt.number, estateId: null, personId: null, flow: undefined },
    switchNode: graph.switchNode,
    id: attempt.callId,
  });
  stage.records.push(call);
  const failed = unanswered[result];
  if (failed !== undefined) {
    const [cause, from, to] = failed;
    return call.wait(to === 0 ? row.settings.ringSec : chance.between(from, to)).end(cause);
  }
  call.wait(Math.min(row.settings.ringSec - 1, chance.logNormal(9, 0.45))).answer();
  call.row.estateId = about.contact.estateId;
  call.row.flowId = row.settings.script.flowId;
  call.row.flowVersion = graph.flowVersions[row.settings.script.flowId] ?? 1;
  const isMachine = result === 'machine';
  attempt.answerer = {
    answerer: isMachine ? 'machine' : 'person',
    atMs: chance.integer(isMachine ? 2600 : 1100, isMachine ? 5200 : 2300),
    why: isMachine ? 'long_greeting' : 'short_greeting',
  };
  call.node('hello', 'collect');
  answer(stage, campaign, { ...about, call });
  return call.end();
}

interface Line {
  contact: ContactRow;
  attempt: Attempt;
  result: AttemptResult;
  call: CallRecord;
}

function answer(stage: Stage, campaign: Campaign, line: Line): void {
  const { chance } = stage;
  const { call, result } = line;
  switch (result) {
    case 'hung_up_early':
      call.wait(chance.between(1, 5.5));
      return;
    case 'unconfirmed':
      call.wait(chance.between(8, 40));
      return;
    case 'machine':
      act(call.wait(5), 'machine', 'machine');
      call.node('machineMessage', 'hangup').wait(chance.between(8, 16)).outcome('machine');
      return;
    case 'wrong_person':
      act(call.wait(chance.between(6, 12)).key('hello', '2'), 'wrong', 'wrongPerson');
      call.node('wrongSaid', 'hangup').wait(2).outcome('wrong_person');
      return;
    case 'stopped_calling':
      stopCalling(stage, campaign, line);
      return;
    case 'answered_survey':
      survey(stage, campaign, line);
      return;
    default:
      agree(stage, campaign, line);
  }
}

function act(call: CallRecord, node: string, what: string): CallRecord {
  return call.node(node, 'campaign').event('campaign.acted', { act: what, node });
}

function stopCalling(
  { history, ids, chance }: Stage,
  { row }: Campaign,
  { call, attempt }: Line,
): void {
  act(call.wait(chance.between(5, 14)).key('hello', '9'), 'stop', 'stopCalling');
  history.doNotCall.push({
    ...{ id: ids.at(call.now), number: attempt.number, personId: attempt.personId },
    ...{ scope: row.purpose, until: null, source: 'call', reason: `campaign ${row.id}` },
    ...{ callId: call.id, createdBy: 'ivr', createdAt: new Date(call.now) },
    ...{ liftedAt: null, liftedBy: null, liftedReason: null },
  });
  call.node('stopped', 'hangup').wait(4).outcome('stopped_calling');
}

function survey({ history, ids, chance }: Stage, { row }: Campaign, line: Line): void {
  const { call, attempt, contact } = line;
  call.wait(chance.between(7, 14)).key('hello', '1');
  const questions = Object.keys(row.settings.script.texts);
  const mood = chance.between(-0.4, 0.5);
  for (const [index, question] of questions.entries()) {
    const ask = `ask${index + 1}`;
    const score = Math.max(1, Math.min(5, Math.round(chance.logNormal(4.2 + mood, 0.16))));
    call.node(ask, 'collect').wait(chance.between(6, 13)).key(ask, String(score));
    act(call, `note${index + 1}`, 'score');
    history.surveyAnswer.push({
      ...{ id: ids.at(call.now), survey: row.kind, question, score, callId: call.id },
      ...{ campaignId: row.id, contactId: contact.id, workOrderId: null, staffId: null },
      ...{ personId: attempt.personId, queueId: null, at: new Date(call.now) },
    });
  }
  call.node('thanks', 'hangup').wait(4).outcome('survey_answered');
}

/** Confirmed, promised or disputed: of a debt, the amount is heard before that. */
function agree(stage: Stage, { row }: Campaign, line: Line): void {
  const { chance } = stage;
  const { call, result } = line;
  call.wait(chance.between(8, 22)).key('hello', '1');
  if (row.kind === 'arrears') {
    act(call, 'facts', 'facts').node('amount', 'collect').wait(chance.between(10, 24));
    if (result === 'promised') {
      promise(stage, row, line);
      return;
    }
    if (result === 'disputed') {
      dispute(stage, line);
      return;
    }
    call.key('amount', '1');
  }
  act(call, 'confirm', 'confirm').node('confirmed', 'hangup').wait(3).outcome('confirmed');
}

function promise({ history, ids, chance }: Stage, { id }: Campaign['row'], line: Line): void {
  const { call, attempt, contact } = line;
  const key = chance.weighted({ 1: 20, 2: 34, 3: 32, 4: 14 });
  const days = { 1: 0, 2: 3, 3: 7, 4: 15 }[key];
  call.key('amount', '2').node('promise', 'collect').wait(chance.between(3, 9));
  act(call.key('promise', key), 'promiseNote', 'promise');
  const local = DateTime.fromMillis(call.now, { zone: contact.timeZone }).plus({ days });
  if (contact.roomId !== null) {
    history.paymentPromise.push({
      ...{ id: ids.at(call.now), roomId: contact.roomId, personId: attempt.personId },
      ...{ promisedOn: local.toFormat('yyyy-MM-dd'), owedFen: attempt.owedFen ?? 0 },
      ...{ callId: call.id, campaignId: id, createdAt: new Date(call.now) },
    });
  }
  call.node('promised', 'hangup').wait(5).outcome('promised');
}

function dispute({ history, ids, orders }: Stage, { call, attempt, contact }: Line): void {
  const { roomId, estateId } = contact;
  call.key('amount', '3').node('dispute', 'order').wait(0.3);
  const matter = {
    ...{ kind: 'complaint' as const, category: 'bill' },
    summary: '业主对费用有异议（欠费提醒电话）',
    fix: '已与财务核对账单，向业主逐项说明，业主认可。',
  };
  if (roomId !== null && estateId !== null) {
    const row: RowOf<'debtDispute'> = {
      ...{ id: ids.at(call.now), roomId, personId: attempt.personId, workOrderId: null },
      ...{ callId: call.id, createdAt: new Date(call.now) },
    };
    history.debtDispute.push(row);
    orders.push({
      ...{ at: call.now, matter, heard: undefined, source: 'ivr', actor: 'ivr', estateId, roomId },
      ...{ personId: attempt.personId, callId: call.id, contactNumber: attempt.number },
      key: `${call.id}:${call.step}`,
      onNumbered: (workOrderId) => {
        row.workOrderId = workOrderId;
      },
    });
  }
  act(call, 'disputeNote', 'dispute').node('disputed', 'hangup').wait(6).outcome('disputed');
}
