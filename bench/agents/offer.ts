import { setTimeout as delay } from 'node:timers/promises';
import type { WaitingCaller } from '../../src/agents/acd/routing/index.ts';
import { newId } from '../../src/core/ids.ts';
import { until } from '../../src/core/concurrency/wait.ts';
import type { InboundSession } from '../../src/switch/sip/user-agent.types.ts';
import type { Bench } from '../figure.ts';
import { openFloor, type BenchFloor } from './floor.ts';
import { quantileMs, readHistogram, since } from './histogram.ts';
import { openSilentPhones, type SilentCall } from './silent-phones.ts';

const offerLimitMs = 20;
const memoryLimitMb = 300;
const freedPerSecond = 5;

/**
 * 200 agents talk to callers at SIP telephones, 100 more callers hear music, and behind them wait 450 who keep
 * their place and have hung up: rows of the real queue, no legs, since two processors cannot play music to
 * 500 people and measure beside it. Agents become free in turn. Then callers come until 500 calls live.
 */
export const agentsOffer: Bench = async ({ isQuick, tell }) => {
  const size = isQuick
    ? { agents: 20, live: 30, kept: 45, freed: 40, most: 50 }
    : { agents: 200, live: 300, kept: 450, freed: 400, most: 500 };
  const phones = await openSilentPhones();
  const floor = await openFloor({
    agents: size.agents,
    trunkPort: phones.port,
    queue: { wrapUpSec: 0, maxLength: null, maxWaitSec: null, announceEverySec: null },
    tell,
  });
  const { service, numbers } = floor;
  const talks: InboundSession[] = [];
  phones.onTaken = (session) => talks.push(session);
  const calls = new Set<SilentCall>();
  let dialled = 0;
  const comes = () => {
    dialled += 1;
    const call = phones.dial('4000', numbers[dialled % numbers.length] ?? '', service.sipPort);
    call.session.onAnswer = () => void setTimeout(() => call.press('0'), 300);
    calls.add(call);
    void call.ended.then(() => calls.delete(call));
  };
  const waiting = async (): Promise<number> => {
    const { count } = await service.database.db
      .selectFrom('queueEntry')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('state', 'in', ['waiting', 'callback'])
      .executeTakeFirstOrThrow();
    return count;
  };
  try {
    await keepPlaces(floor, size.kept);
    await service.kill();
    await service.start();
    await floor.openScreens();
    const gather = async (count: number) => {
      while (calls.size < count) {
        comes();
        await delay(120);
      }
    };
    tell(`${size.live} callers come, 8 a second`);
    await gather(size.live);
    await until('all of them to wait', async () => (await waiting()) === size.live + size.kept, {
      timeoutMs: 120_000,
    });
    const empty = await readHistogram(service, 'lingting_offer_seconds');
    tell(`${size.agents} agents say that they are ready`);
    for (const agent of floor.agents) await floor.setPresence(agent, 'available');
    await until('all of them to talk', () => talks.length >= size.agents, { timeoutMs: 60_000 });
    await delay(3000);
    const before = await readHistogram(service, 'lingting_offer_seconds');
    tell(`${size.freed} agents become free, ${freedPerSecond} a second, ${calls.size} calls live`);
    let least = Infinity;
    const began = Date.now();
    for (let at = 0; at < size.freed; at += 1) {
      await delay(Math.max(0, began + (at * 1000) / freedPerSecond - Date.now()));
      talks.shift()?.hangup();
      comes();
      if (at % 20 === 19) least = Math.min(least, await waiting());
    }
    await delay(2000);
    const after = await readHistogram(service, 'lingting_offer_seconds');
    const offers = since(before, after);
    const p99 = quantileMs(offers, 0.99);
    const ready = since(empty, before);
    tell(`callers come until ${size.most} calls live`);
    await gather(size.most);
    await delay(10_000);
    const memoryMb = floor.memoryMb();
    const live = calls.size;
    return [
      {
        what: `agent free → offer sent, p99, ${least} waiting, ${size.agents} agents`,
        measured: `${p99} ms`,
        limit: `≤ ${offerLimitMs} ms`,
        isMet: p99 <= offerLimitMs && offers.count >= size.freed * 0.95,
        notes: [
          `${offers.count} offers to agents whose talk had ended, ${freedPerSecond}/s; p50 ${quantileMs(offers, 0.5)} ms, p95 ${quantileMs(offers, 0.95)} ms (upper bounds of buckets)`,
          `${ready.count} offers to agents who said that they were ready, 18/s: p99 ${quantileMs(ready, 0.99)} ms`,
          `${size.kept} of those who wait have hung up and keep their place (rows, no leg)`,
        ],
      },
      {
        what: `memory of the service at ${live} live calls`,
        measured: `${memoryMb.toFixed(0)} MB`,
        limit: `≤ ${memoryLimitMb} MB`,
        isMet: memoryMb <= memoryLimitMb,
        notes: [
          `VmRSS of the service process after ${dialled} calls, ${size.agents} of them talks now, the others in the queue`,
        ],
      },
    ];
  } finally {
    await floor.close();
    await phones.close();
  }
};

/** Callers who will be called back when it is their turn: behind everybody who comes within the hour. */
async function keepPlaces({ service, queueId, numbers }: BenchFloor, count: number): Promise<void> {
  const { db } = service.database;
  const later = Date.now() + 3_600_000;
  for (let at = 0; at < count; at += 1) {
    const callId = newId();
    const caller: WaitingCaller = {
      ...{ callId, queueId, enteredAt: later, waitingSince: later, priority: 0 },
      ...{ isEmergency: false, isVip: false, preferred: [], resting: [], siteId: null },
      ...{ isAdmitted: true, visited: [], isVirtual: true },
    };
    const now = new Date();
    await db
      .insertInto('call')
      .values({
        ...{
          id: callId,
          direction: 'inbound',
          state: 'ended',
          did: '4000',
          switchNode: 'embedded',
        },
        ...{ callerNumber: numbers[at] ?? '', startedAt: now, endedAt: now },
      })
      .execute();
    await db
      .insertInto('queueEntry')
      .values({
        ...{ callId, queueId, state: 'callback', enteredAt: new Date(later) },
        caller: JSON.stringify(caller),
      })
      .execute();
  }
}
