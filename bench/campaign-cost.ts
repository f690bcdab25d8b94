import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../src/core/clock.ts';
import { until } from '../src/core/wait.ts';
import { saveList } from '../src/outbound/index.ts';
import { ask, launch, noonZone } from '../test/support/campaigns.ts';
import { openCarrier, type Carrier } from '../test/support/carrier.ts';
import { startService, type Service } from '../test/support/service.ts';
import { cpuMs } from './cpu.ts';
import type { Bench } from './figure.ts';

/** How much more an attempt, and the writing down of a contact, may cost among a hundred times as many. */
const growth = 1.3;
const callsPerSecond = 30;
const patience = { timeoutMs: 600_000, everyMs: 50 };

interface Cost {
  contacts: number;
  /** Wall time of writing down whom it is for, per contact. */
  prepareMs: number;
  /** Processor time of the service. */
  attemptMs: number;
  attemptsPerSecond: number;
}

/**
 * What an attempt costs the service while ever more contacts wait: processor time from its claim to its
 * result, in calls of about four seconds that are answered, confirmed and hung up.
 */
export const campaignCost: Bench = async ({ isQuick, tell }) => {
  const carrier = await openCarrier({ answerAfterMs: 200, keys: '1', hangUpAfterMs: 800 }, 2000);
  const service = await startService({
    TRUNKS: `carrier=127.0.0.1:${carrier.port}`,
    CALLS_PER_SECOND: String(callsPerSecond),
    LOG_LEVEL: 'warn',
  });
  try {
    const count = isQuick ? 60 : 600;
    // The first is only for the warmth of the program.
    const sizes = isQuick ? [1000, 1000, 5000] : [1000, 1000, 10_000, 100_000];
    const costs: Cost[] = [];
    for (const [at, contacts] of sizes.entries()) {
      const cost = await costOf(service, carrier, { series: at, contacts, count });
      tell(told(cost));
      if (at > 0) costs.push(cost);
    }
    const [first, last] = [costs[0], costs.at(-1)];
    if (first === undefined || last === undefined) throw new Error('nothing was measured');
    const ratio = last.attemptMs / first.attemptMs;
    const preparing = last.prepareMs / first.prepareMs;
    return {
      what: `CPU per attempt, ${first.contacts} → ${last.contacts} contacts waiting`,
      measured: `${first.attemptMs.toFixed(1)} → ${last.attemptMs.toFixed(1)} ms (× ${ratio.toFixed(2)})`,
      limit: `× ${growth}, and as much for writing a contact down`,
      isMet: ratio <= growth && preparing <= growth,
      notes: costs.map(told),
    };
  } finally {
    await service.stop();
    await carrier.close();
  }
};

async function costOf(
  service: Service,
  carrier: Carrier,
  { series, contacts, count }: { series: number; contacts: number; count: number },
): Promise<Cost> {
  const { db } = service.database;
  const numbers = Array.from({ length: contacts }, (_, at) =>
    String(13_000_000_000 + series * 1e6 + at),
  );
  const list = await saveList(
    { db, clock: systemClock },
    { name: `${contacts}`, text: ['number', ...numbers].join('\n') },
    'staff:supervisor',
  );
  const began = performance.now();
  const id = await launch(service, {
    name: `${contacts} 户`,
    kind: 'notice',
    settings: {
      audience: { listId: list.id },
      script: {
        flowId: 'campaign-notice',
        texts: { message: { 'zh-CN': '这是一次演练。', en: 'This is a drill.' } },
        isHumanVoice: false,
      },
      timeZone: noonZone(),
      ...{ callsPerSecond, maxLines: 500, attemptsPerContact: 1, fallback: [] },
    },
  });
  const isPrepared = async () =>
    (await db.selectFrom('campaign').select('isPrepared').where('id', '=', id).executeTakeFirst())
      ?.isPrepared;
  await until('all contacts to be written down', isPrepared, patience);
  const prepareMs = (performance.now() - began) / contacts;
  const from = carrier.calls.length;
  const reaches = (calls: number) =>
    until(`${calls} calls`, () => carrier.calls.length - from >= calls, patience);
  // Calls of the beginning are under way when the count begins, and as many when it ends.
  await reaches(200);
  const before = { cpu: cpuMs(service.pid), at: performance.now() };
  await reaches(200 + count);
  const cpu = cpuMs(service.pid) - before.cpu;
  const seconds = (performance.now() - before.at) / 1000;
  await ask(service, 'supervisor', `/campaigns/${id}/stop`, {});
  await until(
    'the last call to end',
    () => carrier.calls.every((one) => one.endedAt !== undefined),
    patience,
  );
  await delay(1000);
  return { contacts, prepareMs, attemptMs: cpu / count, attemptsPerSecond: count / seconds };
}

function told({ contacts, prepareMs, attemptMs, attemptsPerSecond }: Cost): string {
  return `${contacts} contacts: ${prepareMs.toFixed(2)} ms to write one down, ${attemptMs.toFixed(1)} ms of processor time an attempt, ${attemptsPerSecond.toFixed(1)} attempts a second`;
}
