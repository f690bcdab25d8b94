import { HandleTimes } from '../../src/agents/acd/queues/handle-times.ts';
import { Waits } from '../../src/agents/acd/queues/figures.ts';
import t from 'tap';
import fc from 'fast-check';
import {
  countWaits,
  type FinishedWait,
  decide,
  effectivePriority,
  keepingPlace,
  RoutingIndex,
  serviceLevel,
  type Decision,
  type Preference,
  type RoutingAgent,
  type RoutingQueue,
  type RoutingWorld,
  type WaitingCaller,
} from '../../src/agents/acd/routing/index.ts';

const start = Date.UTC(2026, 10, 24, 2);
const second = 1000;
const minute = 60 * second;

const queueOf = (queueId: string, facts: Partial<RoutingQueue> = {}): RoutingQueue => ({
  queueId,
  strategy: 'longest_idle',
  skills: [],
  priority: 0,
  ageingPerMinute: 1,
  offerSec: 20,
  maxWaitSec: null,
  maxLength: null,
  overflow: 'message',
  isActive: true,
  ...facts,
});
const callerOf = (callId: string, queueId: string, facts: Partial<WaitingCaller> = {}) => ({
  callId,
  queueId,
  enteredAt: start,
  waitingSince: facts.enteredAt ?? start,
  priority: 0,
  isEmergency: false,
  isVip: false,
  preferred: [],
  resting: [],
  siteId: null,
  isAdmitted: false,
  visited: [],
  isVirtual: false,
  ...facts,
});
const agentOf = (staffId: string, facts: Partial<RoutingAgent> = {}): RoutingAgent => ({
  staffId,
  skills: {},
  queueIds: ['q0'],
  isAvailable: true,
  isFree: true,
  isPhoneReady: true,
  idleSince: start,
  handledToday: 0,
  lastOfferedAt: null,
  order: 0,
  siteIds: null,
  ...facts,
});
const worldOf = (parts: Partial<RoutingWorld>): RoutingWorld => ({
  queues: [queueOf('q0')],
  callers: [],
  agents: [],
  offers: [],
  ...parts,
});
const offersOf = (decisions: readonly Decision[]) =>
  decisions.flatMap((one) => (one.kind === 'offer' ? [[one.callId, ...one.staffIds]] : []));

void t.test('who gets which caller', async (t) => {
  await t.test('given each strategy, then the agent whom it names', (t) => {
    const agents = [
      agentOf('a', { idleSince: start + 3, handledToday: 5, order: 2, lastOfferedAt: start + 1 }),
      agentOf('b', { idleSince: start + 1, handledToday: 7, order: 3, lastOfferedAt: start + 9 }),
      agentOf('c', { idleSince: start + 2, handledToday: 1, order: 4, lastOfferedAt: start + 5 }),
      agentOf('d', { idleSince: start + 9, handledToday: 9, order: 1, lastOfferedAt: start + 8 }),
      agentOf('e', { idleSince: start + 8, handledToday: 8, order: 9, lastOfferedAt: null }),
    ].map((one) => ({ ...one, skills: { repairs: one.staffId === 'a' ? 5 : 3 } }));
    const skills = [{ skill: 'repairs', minLevel: 2 }];
    const chosen = (strategy: RoutingQueue['strategy']) =>
      offersOf(
        decide(
          worldOf({
            queues: [queueOf('q0', { strategy, skills })],
            callers: [callerOf('c1', 'q0')],
            agents,
          }),
          start + 10,
        ),
      )[0]?.slice(1);
    t.same(chosen('longest_idle'), ['b']);
    t.same(chosen('fewest_calls'), ['c']);
    t.same(chosen('round_robin'), ['e']);
    t.same(chosen('top_down'), ['d']);
    t.same(chosen('skill_level'), ['a']);
    t.same(chosen('ring_all'), ['b', 'c', 'a', 'e', 'd']);
    t.end();
  });

  await t.test('given an emergency in a lesser queue, then it is served before everybody', (t) => {
    const world = worldOf({
      queues: [queueOf('q0', { priority: 100, ageingPerMinute: 100 }), queueOf('q1')],
      callers: [
        callerOf('waits an hour', 'q0', { enteredAt: start - 60 * minute, isVip: true }),
        callerOf('emergency', 'q1', { isEmergency: true }),
      ],
      agents: [agentOf('a', { queueIds: ['q0', 'q1'] })],
    });
    t.same(offersOf(decide(world, start)), [['emergency', 'a']]);
    t.end();
  });

  await t.test('given ageing, then a long wait outgrows a higher priority', (t) => {
    const callers = [
      callerOf('old', 'q0', { enteredAt: start - 30 * minute }),
      callerOf('vip', 'q0', { isVip: true }),
    ];
    const agents = [agentOf('a')];
    const first = (ageingPerMinute: number) =>
      offersOf(
        decide(worldOf({ queues: [queueOf('q0', { ageingPerMinute })], callers, agents }), start),
      )[0]?.[0];
    t.equal(first(1), 'vip');
    t.equal(first(2), 'old');
    t.end();
  });

  await t.test('given a last agent who talks, then the caller is kept, but not for long', (t) => {
    const preferred: Preference[] = [
      { staffId: 'last', kind: 'last_agent', until: start + 30 * second },
    ];
    const index = RoutingIndex.from(
      worldOf({
        callers: [callerOf('c1', 'q0', { preferred })],
        agents: [agentOf('last', { isFree: false }), agentOf('other')],
      }),
    );
    t.same(index.decide(start), []);
    t.equal(index.nextChangeAt(), start + 30 * second);
    t.same(offersOf(index.decide(start + 30 * second)), [['c1', 'other']]);
    t.end();
  });

  await t.test('given a last agent who goes home, then anybody takes the caller at once', (t) => {
    const preferred: Preference[] = [
      { staffId: 'last', kind: 'last_agent', until: start + 30 * second },
    ];
    const index = RoutingIndex.from(
      worldOf({
        callers: [callerOf('c1', 'q0', { preferred })],
        agents: [agentOf('last', { isFree: false }), agentOf('other')],
      }),
    );
    index.decide(start);
    index.setAgent(agentOf('last', { isFree: false, isAvailable: false }));
    t.same(offersOf(index.decide(start + second)), [['c1', 'other']]);
    t.end();
  });

  await t.test(
    'given a lost browser, then the same agent first, then the head of the queue',
    (t) => {
      const preferred: Preference[] = [
        { staffId: 'lost', kind: 'return', until: start + 15 * second },
      ];
      const index = RoutingIndex.from(
        worldOf({
          callers: [
            callerOf('vip', 'q0', { isVip: true, enteredAt: start - 10 * minute }),
            callerOf('cut off', 'q0', { preferred }),
          ],
          agents: [agentOf('lost', { isAvailable: false, isPhoneReady: false })],
        }),
      );
      t.same(index.decide(start), [], 'waited for while the page reloads');
      index.setAgent(agentOf('lost'));
      t.same(offersOf(index.decide(start + second)), [['cut off', 'lost']]);
      index.refused('cut off', 'lost', start + minute);
      index.setAgent(agentOf('other'));
      t.same(offersOf(index.decide(start + 2 * second)), [
        ['cut off', 'other'],
        ['vip', 'lost'],
      ]);
      t.end();
    },
  );

  await t.test('given an agent who declined, then others first, and again after the rest', (t) => {
    const index = RoutingIndex.from(
      worldOf({ callers: [callerOf('c1', 'q0')], agents: [agentOf('a')] }),
    );
    index.decide(start);
    index.refused('c1', 'a', start + 30 * second);
    t.same(index.decide(start + second), []);
    t.equal(index.view.position('c1'), 1, 'the place is kept');
    t.equal(index.nextChangeAt(), start + 30 * second);
    t.same(offersOf(index.decide(start + 30 * second)), [['c1', 'a']]);
    t.end();
  });

  await t.test('given ring all, then whoever becomes free joins the ringing', (t) => {
    const index = RoutingIndex.from(
      worldOf({
        queues: [queueOf('q0', { strategy: 'ring_all' })],
        callers: [callerOf('c1', 'q0')],
        agents: [agentOf('a'), agentOf('b', { isFree: false })],
      }),
    );
    t.same(offersOf(index.decide(start)), [['c1', 'a']]);
    index.setAgent(agentOf('b'));
    t.match(index.decide(start + second), [{ staffIds: ['b'], expiresAt: start + 20 * second }]);
    index.answered('c1', 'b');
    index.enter(callerOf('c2', 'q0'));
    t.same(offersOf(index.decide(start + 2 * second)), [['c2', 'a']], 'a is free again');
    t.end();
  });
});

void t.test('waiting', async (t) => {
  await t.test(
    'given a full queue, then only newcomers go elsewhere, and none in a circle',
    (t) => {
      const index = RoutingIndex.from(
        worldOf({
          queues: [
            queueOf('q0', { maxLength: 1, overflow: { queueId: 'q1' } }),
            queueOf('q1', { maxLength: 1, overflow: { queueId: 'q0' } }),
          ],
        }),
      );
      for (const [at, callId] of ['c1', 'c2', 'c3'].entries()) {
        index.enter(callerOf(callId, 'q0', { enteredAt: start + at }));
      }
      const decisions = index.decide(start + second);
      t.match(decisions, [
        { callId: 'c2', fromQueueId: 'q0', to: { queueId: 'q1' }, why: 'length' },
        { callId: 'c3', fromQueueId: 'q0', to: { queueId: 'q1' }, why: 'length' },
        { callId: 'c3', fromQueueId: 'q1', to: 'message', why: 'length' },
      ]);
      t.equal(index.view.caller('c2')?.queueId, 'q1');
      t.equal(index.view.caller('c3'), undefined);
      t.equal(index.view.caller('c1')?.queueId, 'q0');
      t.end();
    },
  );

  await t.test(
    'given too long a wait, then overflow at that instant, but not while it rings',
    (t) => {
      const queues = [queueOf('q0', { maxWaitSec: 60, overflow: 'callback' })];
      const index = RoutingIndex.from(worldOf({ queues, callers: [callerOf('c1', 'q0')] }));
      index.decide(start);
      t.equal(index.nextChangeAt(), start + 60 * second);
      index.setAgent(agentOf('a'));
      index.decide(start + 59 * second);
      t.same(index.decide(start + 60 * second), [], 'a phone rings');
      index.removeAgent('a');
      t.match(index.decide(start + 61 * second), [{ callId: 'c1', to: 'callback', why: 'wait' }]);
      t.end();
    },
  );

  await t.test('given a callback that keeps its place, then it is called in its turn', (t) => {
    const first = callerOf('first', 'q0', { isAdmitted: true });
    const index = RoutingIndex.from(
      worldOf({
        queues: [queueOf('q0', { maxWaitSec: 60 })],
        callers: [first, callerOf('second', 'q0', { enteredAt: start + second })],
      }),
    );
    index.enter(keepingPlace(first));
    index.decide(start);
    t.equal(index.view.position('first'), 1);
    index.leave('second');
    t.same(index.decide(start + 10 * minute), [], 'and no wait is too long for it');
    index.setAgent(agentOf('a'));
    t.match(index.decide(start + 11 * minute), [{ callId: 'first', isCallback: true }]);
    t.end();
  });

  await t.test('given shared agents, then the expected wait counts all of their work', (t) => {
    const busy = { isFree: false };
    const index = RoutingIndex.from(
      worldOf({
        queues: [queueOf('q0'), queueOf('q1', { priority: 10 }), queueOf('nobody')],
        callers: [
          callerOf('ahead', 'q1'),
          callerOf('one', 'q0'),
          callerOf('two', 'q0', { enteredAt: start + second }),
          callerOf('alone', 'nobody'),
        ],
        agents: [
          agentOf('a', { ...busy, queueIds: ['q0', 'q1'] }),
          agentOf('b', { ...busy, queueIds: ['q0'] }),
          agentOf('on a break', { ...busy, isAvailable: false }),
        ],
      }),
    );
    index.decide(start + second);
    const wait = (callId: string) => index.view.expectedWaitSec(callId, start + second, () => 120);
    // Two agents; ahead of `two` are `one` and, for one of the agents, `ahead`.
    t.equal(wait('two'), (120 * 3) / 2);
    t.equal(wait('one'), (120 * 2) / 2);
    t.equal(wait('ahead'), 120);
    t.equal(wait('alone'), null);
    t.equal(index.view.position('two'), 2);
    t.end();
  });

  await t.test('given calls of a queue, then its handling time is measured, from a guess', (t) => {
    const times = new HandleTimes();
    t.equal(times.averageSec('q0'), 240, 'nobody knows yet');
    times.add('q0', 60, 5);
    t.equal(times.averageSec('q0'), 150, 'a guess counts for five calls');
    times.add('q0', 60, 1000);
    t.ok(times.averageSec('q0') < 70, 'and is soon forgotten');
    for (let at = 0; at < 300; at += 1) times.add('q0', 600);
    t.ok(times.averageSec('q0') > 550, 'as are old days');
    times.add('q1', 80_000);
    t.ok(times.averageSec('q1') <= 800, 'a wrap-up that was left open over night is no work');
    t.end();
  });

  await t.test('given finished waits, then the service level by each formula', (t) => {
    const counts = countWaits(
      [
        { waitedMs: 10_000, end: 'answered' },
        { waitedMs: 20_000, end: 'answered' },
        { waitedMs: 20_001, end: 'answered' },
        { waitedMs: 4000, end: 'abandoned' },
        { waitedMs: 15_000, end: 'abandoned' },
        { waitedMs: 18_000, end: 'callback' },
        { waitedMs: 1000, end: 'overflowed' },
      ],
      20,
    );
    t.equal(serviceLevel(counts), 40);
    t.equal(serviceLevel(counts, 'answered_of_offered'), 200 / 6);
    t.equal(serviceLevel(counts, 'left_within_limit'), 500 / 6);
    t.equal(serviceLevel(countWaits([], 20)), null);
    t.end();
  });
});

// -- any order of events -----------------------------------------------------------------------------

/** The rule in its plainest words, written apart from the router. */
function matches(world: RoutingWorld, caller: WaitingCaller, agent: RoutingAgent, now: number) {
  const queue = world.queues.find((one) => one.queueId === caller.queueId);
  if (queue === undefined || (!queue.isActive && !caller.isEmergency)) return false;
  if (!agent.isAvailable || !agent.isFree || !agent.isPhoneReady) return false;
  if (caller.siteId !== null && agent.siteIds?.includes(caller.siteId) === false) return false;
  const rests = (staffId: string) =>
    caller.resting.some((one) => one.staffId === staffId && now < one.until);
  if (rests(agent.staffId)) return false;
  const kept = caller.preferred.filter(
    (one) =>
      now < one.until &&
      !rests(one.staffId) &&
      (one.kind === 'return' ||
        world.agents.some((other) => other.staffId === one.staffId && other.isAvailable)),
  );
  if (!caller.isEmergency && kept.length > 0) {
    return kept.some((one) => one.staffId === agent.staffId);
  }
  return (
    agent.queueIds.includes(queue.queueId) &&
    queue.skills.every(({ skill, minLevel }) => (agent.skills[skill] ?? 0) >= minLevel)
  );
}

const ids = (prefix: string, count: number) =>
  fc.nat(count - 1).map((number) => `${prefix}${number}`);
const queueIds = ['q0', 'q1', 'q2'];
const skillNames = ['english', 'repairs'];
const arbitraryQueue: fc.Arbitrary<RoutingQueue> = fc.record({
  queueId: ids('q', 3),
  strategy: fc.constantFrom(
    ...(['longest_idle', 'fewest_calls', 'ring_all', 'round_robin'] as const),
    ...(['top_down', 'skill_level'] as const),
  ),
  skills: fc.array(
    fc.record({ skill: fc.constantFrom(...skillNames), minLevel: fc.integer({ min: 1, max: 3 }) }),
    { maxLength: 1 },
  ),
  priority: fc.constantFrom(0, 10, 100),
  ageingPerMinute: fc.constantFrom(0, 1, 20),
  offerSec: fc.constantFrom(5, 20),
  maxWaitSec: fc.constantFrom(null, 30, 120),
  maxLength: fc.constantFrom(null, 1, 3),
  overflow: fc.oneof(
    fc.constantFrom('message' as const, 'callback' as const),
    ids('q', 4).map((queueId) => ({ queueId })),
  ),
  isActive: fc.integer({ min: 0, max: 9 }).map((one) => one > 0),
});
const arbitraryAgent = fc.record({
  staffId: ids('a', 5),
  skills: fc.dictionary(fc.constantFrom(...skillNames), fc.integer({ min: 1, max: 5 })),
  queueIds: fc.subarray(queueIds),
  isAvailable: fc.integer({ min: 0, max: 5 }).map((one) => one > 0),
  isFree: fc.integer({ min: 0, max: 3 }).map((one) => one > 0),
  isPhoneReady: fc.integer({ min: 0, max: 7 }).map((one) => one > 0),
  handledToday: fc.nat(3),
  order: fc.nat(2),
  siteIds: fc.constantFrom(null, null, ['s0'], ['s1']),
});
const arbitraryPreference = fc.record({
  staffId: ids('a', 6),
  kind: fc.constantFrom('return' as const, 'account_agent' as const, 'last_agent' as const),
  forSec: fc.integer({ min: 0, max: 60 }),
});
const arbitraryFacts = fc.record({
  queueId: ids('q', 3),
  priority: fc.constantFrom(0, 5, 40),
  isEmergency: fc.nat(9).map((one) => one === 0),
  isVip: fc.boolean(),
  preferred: fc.array(arbitraryPreference, { maxLength: 2 }),
  siteId: fc.constantFrom(null, null, 's0', 's1'),
});
const arbitraryEvent = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('enter' as const), facts: arbitraryFacts }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat() }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('refuse' as const),
      which: fc.nat(),
      restSec: fc.constantFrom(0, 10, 60),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('agent' as const), agent: arbitraryAgent }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('logout' as const), staffId: ids('a', 5) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('queue' as const), queue: arbitraryQueue }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('emergency' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('callback' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
  // Crossing messages: about calls and agents that are not there (any more).
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stray' as const) }) },
);
type Event = typeof arbitraryEvent extends fc.Arbitrary<infer T> ? T : never;

/** A router, and beside it what must be true whatever happens. */
class Story {
  now = start;
  index: RoutingIndex;
  /** Calls that have entered and of which no end was told. */
  readonly waiting = new Set<string>();
  #calls = 0;

  constructor(queues: readonly RoutingQueue[]) {
    this.index = RoutingIndex.from(worldOf({ queues }));
  }

  happen(event: Event): void {
    const rows = this.index.view.rows();
    const someCall = (which: number) => rows.callers[which % rows.callers.length]?.callId ?? 'none';
    switch (event.do) {
      case 'enter': {
        const callId = `c${(this.#calls += 1)}`;
        const { preferred, ...facts } = event.facts;
        this.waiting.add(callId);
        this.index.enter(
          callerOf(callId, facts.queueId, {
            ...facts,
            enteredAt: this.now,
            preferred: preferred.map(({ forSec, ...one }) => ({
              ...one,
              until: this.now + forSec * second,
            })),
          }),
        );
        return;
      }
      case 'leave': {
        const callId = someCall(event.which);
        this.waiting.delete(callId);
        this.index.leave(callId);
        return;
      }
      case 'answer': {
        const offer = rows.offers[event.which % rows.offers.length];
        if (offer === undefined) return;
        this.waiting.delete(offer.callId);
        this.index.answered(offer.callId, offer.staffId);
        return;
      }
      case 'refuse': {
        const offer = rows.offers[event.which % rows.offers.length];
        if (offer === undefined) return;
        this.index.refused(offer.callId, offer.staffId, this.now + event.restSec * second);
        return;
      }
      case 'agent':
        this.index.setAgent({ ...event.agent, idleSince: this.now, lastOfferedAt: null });
        return;
      case 'logout':
        this.index.removeAgent(event.staffId);
        return;
      case 'queue':
        this.index.setQueue(event.queue);
        return;
      case 'emergency':
        this.index.change(someCall(event.which), { isEmergency: true });
        return;
      case 'callback': {
        const caller = this.index.view.caller(someCall(event.which));
        if (caller !== undefined) this.index.enter(keepingPlace(caller));
        return;
      }
      case 'restart':
        this.index = RoutingIndex.from(rows);
        return;
      case 'stray':
        this.index.leave('c0');
        this.index.refused('c0', 'a9', this.now);
        this.index.answered('c0', 'a9');
        this.index.removeAgent('a9');
    }
  }

  decide(): void {
    const before = this.index.view.rows();
    const wish = this.index.nextChangeAt();
    const decisions = this.index.decide(this.now);
    const after = this.index.view.rows();
    same(decisions, decide(before, this.now), 'the same world gives the same decisions');
    same(decide(after, this.now), [], 'nothing is left to decide');
    if (wish !== undefined && wish <= this.now) {
      const next = this.index.nextChangeAt();
      if (next !== undefined && next <= this.now) fail('time passed and is still due');
    }
    this.#checkOffers(before, after, decisions);
    this.#checkWaiting(after);
    this.#checkPriorities(after, decisions);
    this.#checkNobodyLost(after, decisions);
  }

  #checkOffers(before: RoutingWorld, after: RoutingWorld, decisions: readonly Decision[]): void {
    const staff = after.offers.map((one) => one.staffId);
    if (new Set(staff).size < staff.length) fail('an agent has two offers');
    for (const { callId } of after.offers) {
      const many = after.offers.filter((one) => one.callId === callId).length > 1;
      const caller = after.callers.find((one) => one.callId === callId);
      if (caller === undefined) fail('an offer of nobody');
      // A queue may have stopped ringing all while phones rang.
      const wasMany = before.offers.filter((one) => one.callId === callId).length > 1;
      const queue = after.queues.find((one) => one.queueId === caller?.queueId);
      if (many && !wasMany && queue?.strategy !== 'ring_all') fail('two agents for one call');
    }
    for (const one of decisions) {
      if (one.kind !== 'offer') continue;
      const caller = after.callers.find(({ callId }) => callId === one.callId);
      for (const staffId of one.staffIds) {
        const agent = before.agents.find((other) => other.staffId === staffId);
        if (caller === undefined || agent === undefined) throw new Error('an offer to nobody');
        if (!matches(after, caller, agent, this.now)) fail('an offer to somebody unfit');
        if (before.offers.some((offer) => offer.staffId === staffId)) fail('an agent who rings');
      }
    }
  }

  #checkWaiting(after: RoutingWorld): void {
    for (const caller of after.callers) {
      if (after.offers.some(({ callId }) => callId === caller.callId)) continue;
      for (const agent of freeOf(after)) {
        if (matches(after, caller, agent, this.now)) fail(`${caller.callId} waits for nothing`);
      }
    }
  }

  #checkPriorities(after: RoutingWorld, decisions: readonly Decision[]): void {
    const points = (caller: WaitingCaller | undefined) => {
      const queue = after.queues.find((one) => one.queueId === caller?.queueId);
      return caller === undefined || queue === undefined
        ? 0
        : effectivePriority(caller, queue, this.now);
    };
    // Whoever moves to another queue joins its line once those who stand in it have been served.
    const moved = decisions.filter((one) => one.kind === 'overflow').map((one) => one.callId);
    for (const one of decisions) {
      if (one.kind !== 'offer') continue;
      const served = after.callers.find(({ callId }) => callId === one.callId);
      for (const staffId of one.staffIds) {
        const agent = after.agents.find((other) => other.staffId === staffId);
        for (const other of after.callers) {
          if (after.offers.some(({ callId }) => callId === other.callId)) continue;
          if (moved.includes(other.callId)) continue;
          if (agent === undefined || !matches(after, other, agent, this.now)) continue;
          if (points(other) > points(served) + 1e-6) fail(`${other.callId} was passed over`);
        }
      }
    }
  }

  #checkNobodyLost(after: RoutingWorld, decisions: readonly Decision[]): void {
    for (const one of decisions) {
      if (one.kind === 'overflow' && typeof one.to === 'string') this.waiting.delete(one.callId);
    }
    same(
      after.callers.map(({ callId }) => callId).sort(),
      [...this.waiting].sort(),
      'all are there',
    );
  }
}

function freeOf(world: RoutingWorld): RoutingAgent[] {
  return world.agents.filter(
    ({ staffId }) => !world.offers.some((offer) => offer.staffId === staffId),
  );
}

function same(found: unknown, wanted: unknown, what: string): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    fail(`${what}:\n${JSON.stringify(found)}\n${JSON.stringify(wanted)}`);
  }
}

function fail(what: string): void {
  throw new Error(what);
}

void t.test('any order of events', async (t) => {
  await t.test(
    'given any story with restarts, then nobody is lost, doubled or passed over',
    (t) => {
      fc.assert(
        fc.property(
          fc.array(arbitraryQueue, { minLength: 1, maxLength: 4 }),
          fc.array(
            fc.record({ event: arbitraryEvent, afterMs: fc.constantFrom(0, 0, 700, 9000, 40_000) }),
            { maxLength: 60 },
          ),
          fc.boolean(),
          (queues, story, isLazy) => {
            const told = new Story([queueOf('q0'), ...queues]);
            for (const [at, { event, afterMs }] of story.entries()) {
              told.now += afterMs;
              told.happen(event);
              // Several events may come between two decisions.
              if (!isLazy || at % 3 === 0) told.decide();
            }
            told.decide();
          },
        ),
        { numRuns: 3000 },
      );
      t.end();
    },
  );
});

void t.test('a caller who comes back to a queue is counted once, as they fared best', (t) => {
  const waits = new Waits();
  const came = (end: FinishedWait['end'], waitedMs = 1000) =>
    waits.add('q', 'call', { end, waitedMs });
  const counts = () => countWaits(waits.of('q').values(), 20).offered;
  came('overflowed');
  t.equal(counts(), 0, 'passed on, they are the other queue’s');
  came('answered', 3000);
  came('abandoned');
  t.equal(counts(), 1);
  t.same([...waits.of('q').values()], [{ end: 'answered', waitedMs: 3000 }]);
  waits.add('q', 'other', { end: 'callback', waitedMs: 1 });
  waits.add('q', 'other', { end: 'abandoned', waitedMs: 2 });
  waits.add('q', 'other', { end: 'overflowed', waitedMs: 3 });
  t.same(waits.of('q').get('other'), { end: 'abandoned', waitedMs: 2 }, 'else what came last');
  t.end();
});
