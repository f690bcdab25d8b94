import { setTimeout as delay } from 'node:timers/promises';
import { openTelephone } from '../../scripts/phone/caller.ts';
import { until } from '../../src/core/concurrency/wait.ts';
import { openCallee, type TakenCall } from '../../test/support/callee.ts';
import { humming } from '../../test/support/hum.ts';
import type { Service } from '../../test/support/service.ts';
import type { Bench } from '../figure.ts';
import { openFloor } from './floor.ts';
import { quantileMs, readHistogram } from './histogram.ts';

const agentCount = 10;
const callerCount = 100;
const tones = { agent: 700, caller: 1000 };
/** A talk is heard out after that, then goes on for up to twice as long again. */
const earMs = 2000;

/**
 * Ten agents at desk telephones and a hundred callers who dial again and again: each talk is heard at both
 * ends, one caller in twelve loses patience, and in the end nobody is left anywhere. `--minutes=<n>`.
 */
export const agentsDay: Bench = async ({ isQuick, tell }) => {
  const minutes = Number(
    process.argv.find((one) => one.startsWith('--minutes='))?.split('=')[1] ?? (isQuick ? 1 : 10),
  );
  const agentsPhone = await openCallee('answer');
  const telephone = await openTelephone(200);
  const floor = await openFloor({
    agents: agentCount,
    trunkPort: agentsPhone.port,
    queue: { wrapUpSec: 2, maxLength: null, maxWaitSec: null, announceEverySec: 30 },
    tell,
  });
  const { service, numbers } = floor;
  const sum = { calls: 0, talks: 0, impatient: 0, deaf: 0, failed: 0 };
  const closesAt = Date.now() + minutes * 60_000;
  const isOpen = () => Date.now() < closesAt;

  /** Hears the caller, talks, and hangs up. */
  const answers = async (taken: TakenCall): Promise<void> => {
    void taken.say(humming(tones.agent)).catch(() => undefined);
    await delay(earMs);
    if (taken.end === undefined && taken.ear.toneShare(tones.caller) < 0.1) sum.deaf += 1;
    await delay(earMs + Math.random() * 2 * earMs);
    if (taken.end === undefined) taken.session.hangup();
    taken.audio.close();
  };
  const calls = async (at: number): Promise<void> => {
    await delay((at / callerCount) * 10_000);
    for (let turn = 0; isOpen(); turn += 1) {
      sum.calls += 1;
      const from = numbers[(turn * callerCount + at) % numbers.length] ?? '';
      const call = await telephone
        .dial({ number: '4000', from, host: '127.0.0.1', port: service.sipPort })
        .catch(() => undefined);
      if (call === undefined) {
        sum.failed += 1;
        await delay(1000);
        continue;
      }
      void call.say(humming(tones.caller)).catch(() => undefined);
      await call.press('0');
      const patience =
        Math.random() < 1 / 12 ? Date.now() + 10_000 + Math.random() * 20_000 : Infinity;
      let heard = false;
      while (call.end === undefined) {
        if (Date.now() > patience || !isOpen()) break;
        heard ||= call.ear.toneShare(tones.agent, 400) > 0.1;
        await delay(200);
      }
      if (heard) sum.talks += 1;
      else if (call.end === undefined) sum.impatient += 1;
      else sum.failed += 1;
      await call.close();
    }
  };
  try {
    for (const agent of floor.agents) await floor.setPresence(agent, 'available');
    let seen = 0;
    const taking = setInterval(() => {
      // Kept no longer than needed: each holds what it heard.
      for (const taken of agentsPhone.calls.splice(0)) {
        seen += 1;
        void answers(taken);
      }
    }, 50);
    const telling = setInterval(() => tell(JSON.stringify(sum)), 60_000);
    tell(`${callerCount} callers for ${minutes} min`);
    await Promise.all(Array.from({ length: callerCount }, (_, at) => calls(at)));
    clearInterval(telling);
    await until('everybody to be gone', () => isEmpty(service), { timeoutMs: 60_000 });
    clearInterval(taking);
    const left = await leftOver(service);
    const pops = await readHistogram(service, 'lingting_pop_seconds');
    const offers = await readHistogram(service, 'lingting_offer_seconds');
    const faults = sum.deaf + sum.failed + left.length;
    return [
      {
        what: `${agentCount} agents, ${callerCount} callers, ${minutes} min`,
        measured: `${faults} faults in ${sum.calls} calls`,
        limit: '0 faults',
        isMet: faults === 0 && sum.talks > 0,
        notes: [
          `${sum.talks} talks heard by the caller, ${seen} telephones answered, ${sum.impatient} hung up while waiting, ${sum.deaf} agents heard no caller, ${sum.failed} calls failed`,
          `offers to agents who became free: ${offers.count}, p99 ${quantileMs(offers, 0.99)} ms; pops on arrival: ${pops.count}`,
          `service: ${floor.memoryMb().toFixed(0)} MB at the end; ${left.join(', ') || 'nothing is left open'}`,
        ],
      },
    ];
  } finally {
    await floor.close();
    await telephone.close();
    await agentsPhone.close();
  }
};

async function isEmpty(service: Service): Promise<boolean> {
  const { liveCalls } = (await (await service.api('/health')).json()) as { liveCalls: number };
  return liveCalls === 0 && (await leftOver(service)).length === 0;
}

/** Rows of people who are not there any more. */
async function leftOver({ database: { db } }: Service): Promise<string[]> {
  const [calls, legs, lines, talks, offers] = await Promise.all([
    db.selectFrom('call').select('id').where('endedAt', 'is', null).execute(),
    db.selectFrom('callLeg').select('id').where('endedAt', 'is', null).execute(),
    db.selectFrom('queueEntry').select('callId').where('state', '=', 'waiting').execute(),
    db.selectFrom('engagement').select('id').where('endedAt', 'is', null).execute(),
    db.selectFrom('offer').select('id').where('endedAt', 'is', null).execute(),
  ]);
  return Object.entries({ calls, legs, lines, talks, offers })
    .filter(([, rows]) => rows.length > 0)
    .map(([what, rows]) => `${rows.length} open ${what}`);
}
