/** The demo's past: rows that could have been written by real calls, and the same ones every time. */
import fc from 'fast-check';
import t from 'tap';
import { DateTime } from 'luxon';
import { checkTransition } from '../../src/core/states.ts';
import { historyDays, yesterday } from '../../src/demo/calendar.ts';
import { Chance } from '../../src/demo/chance.ts';
import { isDemoId } from '../../src/demo/demo-ids.ts';
import { makeHistory } from '../../src/demo/history.ts';
import { historyTables, type History } from '../../src/demo/rows.ts';
import {
  attemptTransitions,
  campaignTransitions,
  contactTransitions,
} from '../../src/outbound/index.ts';
import { nextState } from '../../src/workorders/transitions.ts';
import { demoGraph } from '../support/demo-graph.ts';

const zone = 'Asia/Shanghai';
const day = '2026-11-29';
const end = DateTime.fromISO(day, { zone }).plus({ days: 1 }).toMillis();
const graph = demoGraph();
const usual = makeHistory(graph, { seed: 'one', lastDay: day });

/** Every rule below is asked of each of these. */
const overNewYear = makeHistory(graph, { seed: 'two', lastDay: '2027-02-20' });
const bare = makeHistory(
  demoGraph(40, {
    trunk: undefined,
    agents: graph.agents.slice(0, 2),
    lastNumbers: { '261129': 7 },
  }),
  { seed: 'three', lastDay: day },
);
const histories: readonly (readonly [name: string, history: History])[] = [
  ['as usual', usual],
  ['over new year', overNewYear],
  ['two agents and no way out', bare],
];

const time = (at: Date | null): number => at?.getTime() ?? NaN;
function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [row]);
    else known.push(row);
  }
  return groups;
}

void t.test('the same seed, day and people make the same rows; another day makes others', (t) => {
  const again = makeHistory(graph, { seed: 'one', lastDay: day });
  t.equal(JSON.stringify(again), JSON.stringify(usual));
  t.not(JSON.stringify(overNewYear.call[0]), JSON.stringify(usual.call[0]));
  t.end();
});

void t.test('it ends yesterday evening where the estate lies, and fills six weeks', (t) => {
  t.equal(yesterday(new Date('2026-11-29T16:30:00Z'), zone), '2026-11-29', 'past midnight there');
  t.equal(yesterday(new Date('2026-11-29T15:30:00Z'), zone), '2026-11-28');
  const days = new Set(
    usual.call.map(({ startedAt }) => DateTime.fromJSDate(startedAt, { zone }).toISODate()),
  );
  t.equal(days.size, historyDays);
  for (const rows of Object.values(usual)) {
    for (const row of rows) {
      for (const [name, value] of Object.entries(row)) {
        if (value instanceof Date && name !== 'expiresAt' && value.getTime() >= end) {
          t.fail(`${name} ${value.toISOString()} is not over`);
        }
      }
    }
  }
  t.end();
});

void t.test('every row is known by its id as one of the demo, and ids sort by time', (t) => {
  const ids = historyTables.flatMap((table) =>
    usual[table].flatMap((row) => ('id' in row ? [row.id] : [row.callId])),
  );
  t.ok(ids.every((id) => isDemoId(id) && /^[0-9a-f-]{36}$/.test(id)));
  t.notOk(isDemoId('01990000-0000-7de0-8000-000000000000'), 'nothing of version 7');
  const calls = [...usual.call].sort((a, b) => (a.id < b.id ? -1 : 1));
  t.ok(
    calls.every(
      (call, at) => at === 0 || time(calls[at - 1]?.startedAt ?? null) <= time(call.startedAt),
    ),
  );
  for (const table of historyTables) {
    const own = usual[table].flatMap((row) => ('id' in row ? [row.id] : []));
    t.equal(new Set(own).size, own.length, table);
  }
  t.end();
});

void t.test('a call is over, and its legs and timeline lie within it', (t) => {
  for (const [name, { call, callLeg, callEvent }] of histories) {
    const legs = groupBy(callLeg, ({ callId }) => callId);
    const events = groupBy(callEvent, ({ callId }) => callId);
    const faults = call.filter((one) => {
      const [from, to] = [time(one.startedAt), time(one.endedAt)];
      const own = legs.get(one.id) ?? [];
      const told = events.get(one.id) ?? [];
      const isOrdered = told.every(
        ({ seq, at }, index) =>
          seq === index + 1 &&
          time(at) >= Math.max(from, time(told[index - 1]?.at ?? one.startedAt)),
      );
      const areWithin = own.every(
        (leg) => time(leg.startedAt) >= from && time(leg.endedAt) <= to && leg.hangupCause !== null,
      );
      const isAnswered =
        one.answeredAt === null || (time(one.answeredAt) >= from && time(one.answeredAt) <= to);
      const callers = own.filter(({ role }) => role === 'caller');
      return !(
        from <= to &&
        one.state === 'ended' &&
        isOrdered &&
        areWithin &&
        isAnswered &&
        callers.length === 1
      );
    });
    t.same(faults.slice(0, 2), [], name);
  }
  t.end();
});

void t.test(
  'a wait has ended, and who was answered has one offer and one talk from then on',
  (t) => {
    for (const [name, { queueEntry, offer, engagement, call }] of histories) {
      const offers = groupBy(offer, ({ callId }) => callId);
      const talks = groupBy(engagement, ({ callId }) => callId);
      const outcomes = new Map(call.map((one) => [one.id, one.outcome]));
      const faults = queueEntry.filter(({ callId, state, enteredAt, leftAt, answeredBy }) => {
        const own = offers.get(callId) ?? [];
        const accepted = own.filter(({ result }) => result === 'accepted');
        const talk = talks.get(callId) ?? [];
        if (state === 'waiting' || state === 'callback') return true;
        if (leftAt === null || leftAt < enteredAt || own.some(({ result }) => result === null)) {
          return true;
        }
        // A callback is kept in a call of its own.
        if (outcomes.get(callId) === 'callback') return accepted.length + talk.length > 0;
        if (state !== 'answered') return accepted.length + talk.length > 0;
        const since = time(talk[0]?.talkSince ?? null);
        return !(
          accepted.length === 1 &&
          talk.length === 1 &&
          time(accepted[0]?.endedAt ?? null) === leftAt.getTime() &&
          since >= leftAt.getTime() &&
          since <= leftAt.getTime() + 5000 &&
          answeredBy === talk[0]?.staffId
        );
      });
      t.same(faults.slice(0, 2), [], name);
    }
    t.end();
  },
);

void t.test('nobody is in two talks at once, and nobody is rung while they talk', (t) => {
  for (const [name, { offer, engagement }] of histories) {
    const busy = groupBy(
      [
        ...engagement.map((one) => ({ ...one, from: time(one.talkSince), to: time(one.endedAt) })),
        ...offer
          .filter(({ result }) => result !== 'accepted')
          .map((one) => ({ ...one, from: time(one.madeAt), to: time(one.endedAt) })),
      ],
      ({ staffId }) => staffId,
    );
    for (const spans of busy.values()) {
      spans.sort((one, other) => one.from - other.from);
      const clash = spans.find((one, at) => at > 0 && one.from < (spans[at - 1]?.to ?? 0));
      t.same(clash, undefined, name);
    }
  }
  t.end();
});

void t.test('figures are those of a centre that does well, not perfectly', (t) => {
  const offered = usual.queueEntry.filter(({ state }) => state !== 'overflowed');
  const within = offered.filter(
    ({ state, enteredAt, leftAt }) =>
      state === 'answered' && time(leftAt) - enteredAt.getTime() <= 15_000,
  );
  const share = (count: number, of: number): number => count / of;
  const level = share(within.length, offered.length);
  t.ok(level > 0.72 && level < 0.9, `service level ${level}`);
  const left = share(
    usual.queueEntry.filter(({ state }) => state === 'abandoned').length,
    offered.length,
  );
  t.ok(left > 0.02 && left < 0.14, `abandoned ${left}`);
  const ratings = usual.surveyAnswer.filter(({ survey }) => survey === 'service');
  const mean = ratings.reduce((sum, { score }) => sum + score, 0) / ratings.length;
  t.ok(ratings.length > 200 && mean > 4 && mean < 4.8, `${ratings.length} ratings of ${mean}`);
  const kinds = new Set(usual.workOrder.map(({ kind }) => kind));
  t.equal(kinds.size, 10, 'orders of all kinds');
  const states = new Set(usual.workOrder.map(({ state }) => state));
  t.equal(states.size, 8, 'in all states');
  const inbound = usual.call.filter(({ direction }) => direction === 'inbound');
  const callers = new Set(inbound.map(({ callerNumber }) => callerNumber));
  t.ok(callers.size < inbound.length * 0.8, 'many call again');
  const hours = groupBy(inbound, ({ startedAt }) =>
    DateTime.fromJSDate(startedAt, { zone }).toFormat('HH'),
  );
  const count = (hour: string): number => hours.get(hour)?.length ?? 0;
  t.ok(count('09') > count('13') && count('18') > count('13') && count('13') > count('03') * 5);
  t.ok(usual.outsideCall.some(({ purpose }) => purpose === 'callback'));
  t.end();
});

void t.test('a rating belongs to a talk of its call, once', (t) => {
  for (const [name, { surveyAnswer, engagement }] of histories) {
    const talks = groupBy(engagement, ({ callId }) => callId);
    const ratings = surveyAnswer.filter(({ survey }) => survey === 'service');
    const faults = ratings.filter(({ callId, staffId, queueId, score, at }) => {
      const talk = talks.get(callId)?.at(-1);
      const isTheirs = talk?.staffId === staffId && talk.queueId === queueId;
      return !(isTheirs && score >= 1 && score <= 5 && time(at) >= time(talk.talkUntil));
    });
    t.same(faults.slice(0, 2), [], name);
    t.equal(new Set(ratings.map(({ callId }) => callId)).size, ratings.length, name);
  }
  t.end();
});

void t.test('an order is where its history left it, by steps that are allowed', (t) => {
  for (const [name, { workOrder, workOrderEvent }] of histories) {
    const steps = groupBy(workOrderEvent, ({ workOrderId }) => workOrderId);
    const supervisor = `staff:${graph.supervisor.id}`;
    for (const order of workOrder) {
      const own = steps.get(order.id) ?? [];
      const [first] = own;
      const last = own.at(-1);
      const isWhole =
        first?.fromState === null &&
        first.toState === 'new' &&
        time(first.at) === order.createdAt.getTime() &&
        last?.toState === order.state &&
        time(last.at) === order.updatedAt.getTime();
      if (!isWhole) {
        t.same(own, order, name);
      }
      for (const [at, step] of own.slice(1).entries()) {
        const before = own[at];
        if (before === undefined || step.fromState !== before.toState || step.at < before.at) {
          t.fail(`${name}: ${order.number} has a gap`);
          continue;
        }
        if (step.kind !== 'transition') {
          t.equal(step.toState, step.fromState);
          continue;
        }
        const by = step.actor === supervisor ? 'supervisor' : 'staff';
        const moved = { kind: order.kind, state: before.toState };
        nextState(moved, { to: step.toState, by, note: step.note });
      }
    }
  }
  t.end();
});

void t.test('numbers of orders go on from those of each day, in the order of their times', (t) => {
  for (const [from, { workOrder }] of [
    [0, usual],
    [7, bare],
  ] as const) {
    for (const [date, orders] of groupBy(workOrder, ({ number }) => number.split('-')[0] ?? '')) {
      const serials = orders.map(({ number }) => Number(number.split('-')[1]));
      const first = date === '261129' ? from : 0;
      t.same(
        serials,
        serials.map((_, at) => first + at + 1),
        date,
      );
    }
  }
  t.end();
});

void t.test(
  'orders say what people say: many sentences, full-width punctuation, no empty slot',
  (t) => {
    const written = usual.workOrder.map(({ summary }) => summary);
    const counts = groupBy(written, (one) => one);
    t.ok(counts.size > written.length * 0.4, `${counts.size} of ${written.length} differ`);
    t.ok(Math.max(...[...counts.values()].map((one) => one.length)) < written.length * 0.03);
    const notes = [...usual.workOrderEvent, ...usual.engagement].map(({ note }) => note);
    for (const text of [...written, ...notes]) {
      if (/[一-鿿][,;:!?.]|[{}]|undefined|null/.test(text)) {
        t.fail(text);
      }
    }
    t.end();
  },
);

void t.test('campaigns have ended, by the states and the rules that the dialler obeys', (t) => {
  for (const [
    name,
    { campaign, campaignEvent, campaignContact, attempt, call, ...rows },
  ] of histories) {
    const moves = groupBy(campaignEvent, ({ campaignId }) => campaignId);
    for (const one of campaign) {
      const own = moves.get(one.id) ?? [];
      for (const { fromState, toState } of own) {
        if (fromState !== null) {
          checkTransition('campaign', campaignTransitions, fromState, toState);
        }
      }
      t.ok(['finished', 'stopped'].includes(one.state) && own.at(-1)?.toState === one.state, name);
      t.same(campaignTransitions[one.state], [], 'nothing dials it');
      t.not(one.createdBy, one.approvedBy, 'somebody else has approved it');
    }
    const tries = groupBy(attempt, ({ contactId }) => contactId);
    const calls = new Map(call.map((one) => [one.id, one]));
    for (const contact of campaignContact) {
      const own = tries.get(contact.id) ?? [];
      const isOver = ['reached', 'unreached', 'excluded', 'stopped'].includes(contact.state);
      const isCounted = contact.attempts === own.length && own.length <= 6;
      if (!isOver || !isCounted || contact.fallback === 'queued') {
        t.same(own, contact, name);
      }
      t.ok(contactTransitions.waiting.includes(contact.state as 'reached'));
    }
    for (const one of attempt) {
      const made = calls.get(one.callId);
      const isOver = (attemptTransitions[one.state] as readonly string[]).length === 0;
      const hour = DateTime.fromJSDate(one.createdAt, { zone }).hour;
      const isAlike =
        time(made?.endedAt ?? null) === time(one.endedAt) &&
        made?.hangupCause === one.hangupCause &&
        made?.callerNumber === one.number;
      if (!isOver || !isAlike || hour < 8 || hour >= 22) {
        t.same(made, one, name);
      }
      t.type(one.evidence, 'object');
    }
    for (const key of ['number', 'householdKey'] as const) {
      for (const own of groupBy(attempt, (one) => one[key]).values()) {
        own.sort((a, b) => time(a.createdAt) - time(b.createdAt));
        const clash = own.find(
          (one, at) => at > 0 && time(one.createdAt) < time(own[at - 1]?.endedAt ?? null),
        );
        t.same(clash, undefined, `${name}: one live attempt at a time`);
      }
    }
    t.equal(
      rows.outboundMessage.filter(({ state }) => ['queued', 'sending'].includes(state)).length,
      0,
    );
    const paid = groupBy(rows.payment, ({ billId }) => billId);
    for (const bill of rows.bill) {
      const sum = (paid.get(bill.id) ?? []).reduce((all, { amountFen }) => all + amountFen, 0);
      t.equal(bill.paidFen, sum, 'a bill says what was paid on it');
    }
  }
  t.equal(usual.campaign.length, 4);
  t.ok(
    usual.paymentPromise.every(({ promisedOn }) => promisedOn < day),
    'no promise is pending',
  );
  t.same([bare.campaign, bare.attempt, bare.outsideCall], [[], [], []]);
  t.end();
});

void t.test('property: chance is the same for a seed, and keeps within its bounds', (t) => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 50 }), (seed, most) => {
      const [one, other] = [new Chance(seed), new Chance(seed)];
      for (let draw = 0; draw < 20; draw += 1) {
        const drawn = one.integer(1, most);
        if (drawn !== other.integer(1, most) || drawn < 1 || drawn > most) return false;
        if (one.weighted({ never: 0, ever: 1 }) !== other.weighted({ never: 0, ever: 1 })) {
          return false;
        }
        if (one.logNormal(5, 0.5) !== other.logNormal(5, 0.5)) return false;
      }
      return one.weighted({ never: 0, ever: 2 }) === 'ever';
    }),
  );
  t.end();
});
