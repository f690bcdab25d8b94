import { minuteMs, type Incident } from '../calendar.ts';
import { CallRecord } from './call-record.ts';
import type { Caller } from './callers.ts';
import { callForHelp } from './emergency.ts';
import type { Matter } from '../orders/matter.types.ts';
import { describe, pickMatter, worded, type MatterGroup } from '../orders/matters.ts';
import { messages } from './messages.ts';
import { queueFor } from './queue.ts';
import type { Stage } from '../stage.ts';

type Wish = 'agent' | 'repair' | 'bills' | 'info' | 'opinion' | 'message' | 'emergency' | 'hangUp';

/** What callers press in the main menu, out of a hundred. */
const wishes: Readonly<Record<Wish, number>> = {
  ...{ agent: 58, repair: 9, bills: 7, info: 7, hangUp: 8 },
  ...{ opinion: 3, message: 3, emergency: 0.45 },
};
/** Who gave up waiting often tries again soon. */
const againShare = 0.45;
/** Who was asked for a message mostly hangs up, above all at night. */
const silentShare = 0.62;

/** Somebody calls a hotline. What follows the menu is done when its time comes. */
export function callIn(
  stage: Stage,
  at: number,
  caller: Caller,
  incident: Incident['what'] | undefined,
): void {
  const { history, ids, chance, graph } = stage;
  const { estate, person, isOnly } = caller;
  const call = new CallRecord(history, ids, {
    ...{ direction: 'inbound', at, did: estate.did, number: caller.number, estateId: estate.id },
    personId: isOnly ? (person?.personId ?? null) : null,
    flow: { id: estate.flowId, version: graph.flowVersions[estate.flowId] ?? 1 },
    switchNode: graph.switchNode,
  });
  stage.records.push(call);
  call.wait(chance.between(0.2, 0.6)).answer();
  call.node('welcome', 'play').wait(chance.between(3.5, 5));
  call.node('main', 'collect');
  const wish = incident === undefined ? chance.weighted(wishes) : 'agent';
  if (wish === 'hangUp') {
    call.wait(chance.between(1, 20)).end();
    return;
  }
  call.wait(chance.between(2, wish === 'agent' ? 22 : 14));
  stage.later(call.now, () => follow(stage, call, caller, wish));
}

function follow(
  stage: Stage,
  call: CallRecord,
  caller: Caller,
  wish: Exclude<Wish, 'hangUp'>,
): void {
  switch (wish) {
    case 'agent':
      call.key('main', '0').node('agent', 'transfer');
      askForAgent(stage, call, caller);
      return;
    case 'repair':
      repair(stage, call, caller);
      return;
    case 'bills':
      bills(stage, call, caller);
      return;
    case 'info':
      information(stage, call);
      return;
    case 'opinion':
      opinion(stage, call, caller);
      return;
    case 'message':
      call.key('main', '7');
      message(stage, call, caller);
      return;
    case 'emergency':
      call.key('main', '9').node('emergency', 'transfer');
      if (!callForHelp(stage, call, caller)) speak(stage, call, caller, 'emergencies', 'emergency');
      call.end();
  }
}

function askForAgent(stage: Stage, call: CallRecord, caller: Caller): void {
  const { chance } = stage;
  const end = queueFor(stage, call, caller);
  switch (end) {
    case 'message':
      call.node('noAgent', 'play').wait(3);
      message(stage, call, caller);
      return;
    case 'agent':
      call.wait(0.4).node('rateAgent', 'collect');
      rate(stage, call);
      return;
    case 'abandoned': {
      call.end();
      const again = call.now + chance.between(2, 25) * minuteMs;
      if (chance.is(againShare)) {
        stage.later(again, (at) => {
          if (stage.dayOf(at) === stage.dayOf(call.now)) callIn(stage, at, caller, undefined);
        });
      }
      return;
    }
    case 'caller':
    case 'callback':
      call.end();
  }
}

/** 1 is very good on the telephone, and 5 in the tables. */
function rate({ chance, history, ids }: Stage, call: CallRecord): void {
  const engagement = history.engagement.at(-1);
  call.wait(chance.between(3, 10));
  if (engagement?.callId !== call.id || chance.is(0.28)) {
    call.end();
    return;
  }
  const key = chance.weighted({ 1: 62, 2: 24, 3: 8, 4: 3.5, 5: 2.5 });
  const score = 6 - Number(key);
  call.key('rateAgent', key).node('rateAgent', 'survey');
  call.event('survey.answered', { survey: 'service', score });
  history.surveyAnswer.push({
    ...{ id: ids.at(call.now), survey: 'service', question: 'service', score, callId: call.id },
    ...{ campaignId: null, contactId: null, workOrderId: null, personId: call.row.personId },
    ...{ staffId: engagement.staffId, queueId: engagement.queueId, at: new Date(call.now) },
  });
  call.node('rated', 'hangup').wait(2.5).end();
}

const repairKeys: Readonly<Record<string, string>> = {
  ...{ water: '1', electricity: '2', gas: '3', house: '4' },
};
const spokenKinds: Readonly<Record<string, string>> = {
  ...{ '1': '水路', '2': '电路', '3': '燃气', '4': '房屋', '5': '其他' },
};

function repair(stage: Stage, call: CallRecord, caller: Caller): void {
  const { chance } = stage;
  call.key('main', '2').node('repair', 'lookup');
  if (caller.home === undefined) call.node('repairUnknown', 'play').wait(4);
  call.node('repairKind', 'collect').wait(chance.between(3, 12));
  const matter = spoken(stage, call, caller, 'repairs');
  const key = repairKeys[matter.category] ?? '5';
  const category = repairKeys[matter.category] === undefined ? 'other' : matter.category;
  call.key('repairKind', key);
  const summary = `${spokenKinds[key] ?? ''}报修（电话语音）`;
  record(stage, call, caller, 'repairSpeak', 'repairOrder', { ...matter, category }, summary);
}

function opinion(stage: Stage, call: CallRecord, caller: Caller): void {
  const { chance } = stage;
  call.key('main', '3').node('opinion', 'collect').wait(chance.between(2, 7));
  const isComplaint = chance.is(0.75);
  call.key('opinion', isComplaint ? '1' : '2');
  const matter = spoken(stage, call, caller, isComplaint ? 'complaints' : 'suggestions');
  const summary = `${isComplaint ? '投诉' : '建议'}（电话语音）`;
  const filed = { ...matter, category: 'phone' };
  record(stage, call, caller, 'opinionSpeak', 'opinionOrder', filed, summary);
}

function speak(
  stage: Stage,
  call: CallRecord,
  caller: Caller,
  group: MatterGroup,
  kind: Matter['kind'],
): void {
  const matter = { ...spoken(stage, call, caller, group), kind, category: 'phone' };
  const summary = '紧急情况（电话语音）';
  record(stage, call, caller, 'emergencySpeak', 'emergencyOrder', matter, summary);
}

function spoken(stage: Stage, call: CallRecord, caller: Caller, group: MatterGroup): Matter {
  const { chance, dayOf } = stage;
  return worded(chance, pickMatter(chance, dayOf(call.now)?.month ?? 1, group), caller.home);
}

/** Spoken behind the tone, made an order by the flow, and mended by whoever listens to it. */
function record(
  stage: Stage,
  call: CallRecord,
  caller: Caller,
  speakNode: string,
  orderNode: string,
  { summary: heard, ...matter }: Matter,
  summary: string,
): void {
  const { chance, orders } = stage;
  call.node(speakNode, 'record').wait(chance.between(14, 50));
  call.node(orderNode, 'order').wait(0.3);
  // Until it is sorted out by staff, nothing spoken is more than minor; an emergency is.
  const isSerious = matter.kind === 'emergency';
  orders.push({
    ...{ at: call.now, matter: { ...matter, summary, isSerious }, heard, source: 'ivr' },
    ...{ actor: 'ivr', estateId: caller.estate.id, roomId: caller.home?.roomId ?? null },
    ...{ personId: caller.person?.personId ?? null, callId: call.id },
    ...{ contactNumber: caller.number, key: `${call.id}:${call.step}` },
  });
  call.outcome('order_made');
  call.row.roomId = caller.home?.roomId ?? null;
  call.row.personId = caller.person?.personId ?? null;
  call.node('repairDone', 'collect').wait(chance.between(6, 16));
  if (chance.is(0.5)) call.node('goodbye', 'hangup').wait(2);
  call.end();
}

function message(stage: Stage, call: CallRecord, caller: Caller): void {
  const { chance, orders } = stage;
  call.node('message', 'record');
  if (chance.is(silentShare)) {
    call.wait(chance.between(2, 12)).end();
    return;
  }
  call.wait(chance.between(10, 45)).node('messageOrder', 'order').wait(0.3);
  const [heard, fix] = chance.pick(messages);
  const words = (text: string) => describe(chance, text, caller.home);
  orders.push({
    at: call.now,
    matter: { kind: 'message', category: 'phone', summary: '电话留言', fix: words(fix) },
    ...{ heard: words(heard), source: 'ivr', actor: 'ivr', estateId: caller.estate.id },
    ...{ roomId: caller.home?.roomId ?? null, personId: caller.person?.personId ?? null },
    ...{ callId: call.id, contactNumber: caller.number, key: `${call.id}:${call.step}` },
  });
  call.outcome('message_left');
  call.node('messageDone', 'play').wait(2).node('goodbye', 'hangup').wait(2).end();
}

/** The demo gives a PIN to two owners alone; the others are told to ask for one. */
function bills(stage: Stage, call: CallRecord, caller: Caller): void {
  const { chance } = stage;
  call.key('main', '1').node('bills', 'lookup');
  if (caller.person === undefined) {
    call.node('billsUnknown', 'play').wait(5);
    message(stage, call, caller);
    return;
  }
  call.node('billsPin', 'verifyPin').wait(chance.between(4, 12));
  const { personId, hasPin } = caller.person;
  if (hasPin) {
    call.event('pin.checked', { result: 'ok', personId }).outcome('bill_heard');
    call.row.personId = personId;
    call.node('billsLookup', 'lookup').node('billsRead', 'collect').wait(chance.between(12, 30));
    call.end();
    return;
  }
  call.event('pin.checked', { result: 'unset', personId });
  call.node('billsUnset', 'play').wait(5);
  if (chance.is(0.5)) {
    call.key('billsUnset', '0').node('agent', 'transfer');
    askForAgent(stage, call, caller);
  } else message(stage, call, caller);
}

function information({ chance }: Stage, call: CallRecord): void {
  call.key('main', '5').node('info', 'collect').wait(chance.between(4, 14));
  call.key('info', String(chance.integer(1, 9))).node('infoFind', 'lookup');
  call.node('infoCount', 'play').wait(2).outcome('article_heard');
  call.node('infoRead', 'read').wait(chance.between(15, 80)).end();
}
