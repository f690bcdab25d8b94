/**
 * How fast the router decides: 500 callers wait, 200 agents, 10 skills, 20 queues. Prints decisions a
 * second, told event by event and for the whole world at once. Exit code 1 below the budget.
 */
import { performance } from 'node:perf_hooks';
import {
  decide,
  RoutingIndex,
  type RoutingAgent,
  type RoutingQueue,
  type WaitingCaller,
} from '../src/agents/acd/routing/index.ts';

const budget = 20_000;
const counts = { waiting: 500, agents: 200, skills: 10, queues: 20 };
const start = Date.UTC(2026, 10, 24, 2);
let seed = 7;
const random = (below: number) => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed % below;
};
const strategies = [
  ...(['longest_idle', 'fewest_calls', 'round_robin', 'top_down', 'skill_level'] as const),
];

const queues = Array.from({ length: counts.queues }, (_, at): RoutingQueue => ({
  queueId: `queue ${at}`,
  strategy: strategies[at % strategies.length] ?? 'longest_idle',
  skills: [{ skill: `skill ${at % counts.skills}`, minLevel: 1 + (at % 3) }],
  priority: random(100),
  ageingPerMinute: random(10),
  offerSec: 20,
  maxWaitSec: 3600,
  maxLength: null,
  overflow: 'message',
  isActive: true,
}));
const agentOf = (at: number, isFree: boolean): RoutingAgent => ({
  staffId: `agent ${at}`,
  skills: Object.fromEntries(
    Array.from({ length: counts.skills }, (_, skill) => [`skill ${skill}`, 1 + ((at + skill) % 5)]),
  ),
  queueIds: queues.filter((_, queue) => (queue + at) % 3 === 0).map((one) => one.queueId),
  isAvailable: true,
  isFree,
  isPhoneReady: true,
  idleSince: start + at,
  handledToday: at % 7,
  lastOfferedAt: null,
  order: at,
  siteIds: at % 4 === 0 ? ['site 0', 'site 1'] : null,
});
const agents = Array.from({ length: counts.agents }, (_, at) => agentOf(at, true));
let calls = 0;
const callerAt = (now: number): WaitingCaller => ({
  callId: `call ${String((calls += 1)).padStart(8, '0')}`,
  queueId: `queue ${random(counts.queues)}`,
  enteredAt: now,
  waitingSince: now,
  priority: random(20),
  isEmergency: random(500) === 0,
  isVip: random(20) === 0,
  preferred:
    random(10) === 0
      ? [{ staffId: `agent ${random(counts.agents)}`, kind: 'last_agent', until: now + 500 }]
      : [],
  resting: [],
  siteId: `site ${random(3)}`,
  isAdmitted: false,
  visited: [],
  isVirtual: false,
});

/** Seconds of processor time, so that a busy machine does not slow the router down. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function eventByEvent(events: number): { perSecond: number; p99Us: number } {
  const index = RoutingIndex.from({ queues, callers: [], agents: [], offers: [] });
  for (const agent of agents) index.setAgent({ ...agent, isFree: false });
  for (let at = 0; at < counts.waiting; at += 1) index.enter(callerAt(start + at));
  let now = start + counts.waiting;
  index.decide(now);
  let decisions = 0;
  const times: number[] = [];
  const began = cpuSeconds();
  for (let turn = 0; turn < events; turn += 1) {
    now += 5;
    const agent = agents[turn % counts.agents];
    if (agent === undefined) break;
    const from = performance.now();
    index.setAgent({ ...agent, idleSince: now });
    const made = index.decide(now);
    times.push(performance.now() - from);
    decisions += made.length;
    for (const one of made) {
      if (one.kind !== 'offer') continue;
      for (const staffId of one.staffIds) {
        if (turn % 10 === 9) index.refused(one.callId, staffId, now + 60_000);
        else index.answered(one.callId, staffId);
      }
    }
    index.setAgent({ ...agent, isFree: false });
    while (index.view.size < counts.waiting) index.enter(callerAt(now));
    decisions += index.decide(now).length;
  }
  const seconds = cpuSeconds() - began;
  times.sort((a, b) => a - b);
  return {
    perSecond: decisions / seconds,
    p99Us: (times[Math.floor(times.length * 0.99)] ?? 0) * 1000,
  };
}

function wholeWorld(runs: number): { perSecond: number; perRun: number } {
  const callers = Array.from({ length: counts.waiting }, (_, at) => callerAt(start + at));
  const world = { queues, callers, agents, offers: [] };
  const began = cpuSeconds();
  let decisions = 0;
  for (let run = 0; run < runs; run += 1) decisions += decide(world, start + 1000 + run).length;
  const seconds = cpuSeconds() - began;
  return { perSecond: decisions / seconds, perRun: decisions / runs };
}

eventByEvent(5000);
const live = eventByEvent(50_000);
wholeWorld(20);
const whole = wholeWorld(100);
console.log(
  `${counts.waiting} waiting, ${counts.agents} agents, ${counts.skills} skills, ${counts.queues} queues`,
);
console.log(`event by event: ${Math.round(live.perSecond)} decisions/s`);
console.log(`agent free -> decision: ${live.p99Us.toFixed(0)} us (p99)`);
console.log(
  `whole world at once: ${Math.round(whole.perSecond)} decisions/s, ${whole.perRun} each time`,
);
const isFast = live.perSecond >= budget && whole.perSecond >= budget;
console.log(isFast ? 'ok' : `below the budget of ${budget} decisions/s`);
process.exit(isFast ? 0 : 1);
