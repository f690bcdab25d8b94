import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../src/core/clock.ts';
import { silentLog } from '../src/core/log.ts';
import { until } from '../src/core/concurrency/wait.ts';
import { startPostgres } from '../src/local/postgres.ts';
import { saveList } from '../src/outbound/index.ts';
import { ask, launch, noonZone } from '../test/support/campaigns.ts';
import { openCarrier, type Carrier } from '../test/support/carrier.ts';
import { startService, type Service } from '../test/support/service.ts';
import { cpuMs, familyCpuMs } from './cpu.ts';
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
  /** The same of Postgres. */
  databaseMs: number;
  attemptsPerSecond: number;
}

/**
 * What an attempt costs the service while ever more contacts wait: processor time from its claim to its
 * result, in calls of about four seconds that are answered, confirmed and hung up.
 */
export const campaignCost: Bench = async ({ isQuick, tell }) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'lingting-bench-'));
  const postgres = await startPostgres({ dataDir, log: silentLog(), isDurable: true });
  process.env['TEST_POSTGRES_URL'] = postgres.url;
  const postmaster = postmasterOf(dataDir);
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
      const cost = await costOf(service, carrier, { series: at, contacts, count, postmaster });
      tell(told(cost));
      if (at > 0) costs.push(cost);
    }
    const [first, last] = [costs[0], costs.at(-1)];
    if (first === undefined || last === undefined) throw new Error('nothing was measured');
    const ratio = last.attemptMs / first.attemptMs;
    const preparing = last.prepareMs / first.prepareMs;
    const database = last.databaseMs / first.databaseMs;
    return {
      what: `CPU per attempt, ${first.contacts} → ${last.contacts} contacts waiting`,
      measured: `${first.attemptMs.toFixed(1)} → ${last.attemptMs.toFixed(1)} ms (× ${ratio.toFixed(2)})`,
      limit: `× ${growth}, and as much for Postgres and for writing a contact down`,
      isMet: ratio <= growth && preparing <= growth && database <= growth,
      notes: costs.map(told),
    };
  } finally {
    await service.stop();
    await carrier.close();
    await postgres.stop();
    delete process.env['TEST_POSTGRES_URL'];
    rmSync(dataDir, { recursive: true, force: true });
  }
};

function postmasterOf(dataDir: string): number {
  const file = path.join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
  return Number(readFileSync(file, 'utf8').split('\n')[0]);
}

async function costOf(
  service: Service,
  carrier: Carrier,
  {
    series,
    contacts,
    count,
    postmaster,
  }: {
    series: number;
    contacts: number;
    count: number;
    postmaster: number;
  },
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
  const measure = () => ({
    service: cpuMs(service.pid),
    database: familyCpuMs(postmaster),
    at: performance.now(),
  });
  const before = measure();
  await reaches(200 + count);
  const after = measure();
  const seconds = (after.at - before.at) / 1000;
  await ask(service, 'supervisor', `/campaigns/${id}/stop`, {});
  await until(
    'the last call to end',
    () => carrier.calls.every((one) => one.endedAt !== undefined),
    patience,
  );
  await delay(1000);
  return {
    contacts,
    prepareMs,
    attemptMs: (after.service - before.service) / count,
    databaseMs: (after.database - before.database) / count,
    attemptsPerSecond: count / seconds,
  };
}

function told({ contacts, prepareMs, attemptMs, databaseMs, attemptsPerSecond }: Cost): string {
  return `${contacts} contacts: ${prepareMs.toFixed(2)} ms to write one down; an attempt takes ${attemptMs.toFixed(1)} ms of the service's processor time and ${databaseMs.toFixed(1)} ms of Postgres's; ${attemptsPerSecond.toFixed(1)} attempts a second`;
}
