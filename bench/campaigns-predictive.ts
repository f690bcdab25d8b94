import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../src/core/concurrency/wait.ts';
import { ask, finished, launch, noonZone } from '../test/support/campaigns.ts';
import { openCarrier, type Carrier } from '../test/support/carrier.ts';
import { randomOf } from '../test/support/dialling-simulation.ts';
import type { Service } from '../test/support/service.ts';
import { openFloor } from './agents/floor.ts';
import type { Bench } from './figure.ts';

const agentCount = 20;
const answerRate = 0.6;
const ringMs = 6000;
const talkMs = 40_000;
const wrapUpSec = 6;
const cap = 0.03;
/** Said to people for whom no agent is free (16 CFR 310.4(b)(4): within two seconds). */
const mostSilenceMs = 2000;

/**
 * A predictive campaign on the line: agents at desk telephones, people of whom some answer, after a while,
 * talk, and hang up. What the simulation promises is counted on real calls. `--minutes=<n>`.
 */
export const campaignsPredictive: Bench = async ({ isQuick, tell }) => {
  const minutes = Number(
    process.argv.find((one) => one.startsWith('--minutes='))?.split('=')[1] ?? (isQuick ? 1.5 : 4),
  );
  const carrier = await openCarrier({ answerAfterMs: 300 }, 2000);
  const floor = await openFloor({
    agents: agentCount,
    trunkPort: carrier.port,
    queue: { wrapUpSec, maxLength: null, maxWaitSec: null, announceEverySec: null },
    tell,
  });
  const { service } = floor;
  try {
    for (const agent of floor.agents) await floor.setPresence(agent, 'available');
    const numbers = peopleOf(carrier, Math.ceil(minutes * agentCount * 8));
    const id = await startCampaign(service, floor.queueId, numbers);
    await until('the first talk', async () => (await connectedOf(service, id)) > 0, {
      timeoutMs: 60_000,
    });
    // Until agents talk as on a usual day.
    await delay(talkMs);
    const from = new Date();
    tell(`measuring for ${minutes} min`);
    for (let minute = 0; minute < minutes; minute += 0.5) {
      await delay(Math.min(30_000, (minutes - minute) * 60_000));
      tell(`${await connectedOf(service, id)} talks, ${carrier.calls.length} calls`);
    }
    const to = new Date();
    await ask(service, 'supervisor', `/campaigns/${id}/stop`, {});
    await finished(service, id);
    const result = await resultsOf(service, id);
    const talkMinutes = await talkMinutesOf(service, { from, to });
    const told = await silencesOf(service, carrier, id);
    const share = result.abandoned / Math.max(1, result.abandoned + result.connected);
    const slowest = told.at(-1) ?? 0;
    return {
      what: `predictive dialling, ${agentCount} agents, ${minutes} min`,
      measured: `${(share * 100).toFixed(1)} % abandoned, ${talkMinutes.toFixed(1)} min of talk an hour and agent`,
      limit: `${cap * 100} % abandoned, each told within ${mostSilenceMs} ms`,
      isMet: share <= cap && slowest <= mostSilenceMs && result.connected > 0,
      notes: [
        `${result.connected} people talked with an agent, ${result.abandoned} found none free, ${result.dialled} calls`,
        told.length === 0
          ? 'nobody had to be told that no agent is free'
          : `told after ${told.map((ms) => `${ms} ms`).join(', ')} of their answer`,
        `${answerRate * 100} % answer after ${ringMs / 1000} s, talk ${talkMs / 1000} s on average, ${wrapUpSec} s to wrap up: ${((60 * talkMs) / (talkMs + wrapUpSec * 1000)).toFixed(0)} min of talk at the very most`,
      ],
    };
  } finally {
    await floor.close();
    await carrier.close();
  }
};

/** People of a list, each with what they do: the same on every run. */
function peopleOf(carrier: Carrier, count: number): string[] {
  const random = randomOf(20_261_126);
  return Array.from({ length: count }, (_, at) => {
    const number = String(13_600_000_000 + at);
    const isAway = random() >= answerRate;
    const answerAfterMs = ringMs * (0.4 + 1.2 * random());
    const hangUpAfterMs = Math.max(3000, -talkMs * Math.log(1 - random()));
    carrier.subscribers.set(number, isAway ? { isAway } : { answerAfterMs, hangUpAfterMs });
    return number;
  });
}

async function startCampaign(
  service: Service,
  queueId: string,
  numbers: readonly string[],
): Promise<string> {
  const list = await ask<{ id: string }>(service, 'supervisor', '/campaign-lists', {
    name: '满意度回访',
    text: ['number', ...numbers].join('\n'),
  });
  return launch(service, {
    name: '满意度回访',
    kind: 'agent_list',
    purpose: 'service',
    settings: {
      ...{ mode: 'predictive', queueId, abandonCap: cap, abandonFormula: 'live' },
      audience: { listId: list.id },
      timeZone: noonZone(),
      ...{ callsPerSecond: 20, maxLines: 200, ringSec: 15, attemptsPerContact: 1, fallback: [] },
      sheet: {
        script: { 'zh-CN': '您好，请问您对保洁满意吗？', en: 'Are you content?' },
        fields: [],
        dispositions: [{ code: 'done', label: { 'zh-CN': '已完成', en: 'Done' } }],
      },
    },
  });
}

async function resultsOf({ database: { db } }: Service, campaignId: string) {
  const rows = await db
    .selectFrom('attempt')
    .select('result')
    .where('campaignId', '=', campaignId)
    .execute();
  const of = (result: string) => rows.filter((row) => row.result === result).length;
  return { dialled: rows.length, connected: of('agent'), abandoned: of('abandoned') };
}

async function connectedOf(service: Service, campaignId: string): Promise<number> {
  return (await resultsOf(service, campaignId)).connected;
}

/** Minutes of talk an hour and agent, within a span of time. */
async function talkMinutesOf(
  { database: { db } }: Service,
  { from, to }: { from: Date; to: Date },
): Promise<number> {
  const talks = await db.selectFrom('engagement').select(['talkSince', 'talkUntil']).execute();
  const talkedMs = talks.reduce((sum, { talkSince, talkUntil }) => {
    const begin = Math.max(talkSince.getTime(), from.getTime());
    const end = Math.min((talkUntil ?? to).getTime(), to.getTime());
    return sum + Math.max(0, end - begin);
  }, 0);
  return (talkedMs / (to.getTime() - from.getTime()) / agentCount) * 60;
}

/** From the answer of each who found no agent free until they were told so, the shortest first. */
async function silencesOf(
  { database: { db } }: Service,
  carrier: Carrier,
  campaignId: string,
): Promise<number[]> {
  const rows = await db
    .selectFrom('attempt')
    .innerJoin('callEvent', 'callEvent.callId', 'attempt.callId')
    .select(['attempt.number', 'callEvent.at'])
    .where('attempt.campaignId', '=', campaignId)
    .where('attempt.result', '=', 'abandoned')
    .where('callEvent.kind', '=', 'campaign.acted')
    .execute();
  const answeredAt = (number: string) =>
    carrier.calls.find((one) => one.number === number)?.answeredAt ?? 0;
  return rows
    .map(({ number, at }) => at.getTime() - answeredAt(number))
    .sort((one, other) => one - other);
}
