import { setTimeout as delay } from 'node:timers/promises';
import { cpuMs, familyCpuMs } from './cpu.ts';
import type { Bench } from './figure.ts';
import { cores, numbers, startIvrWorld, type IvrWorld, type Way } from './ivr-world.ts';
import { sippCalls, type SippRun } from './sipp.ts';

const share = 0.9;
/** One without a failure counts. */
const maxWindows = 3;
const ways: readonly Way[] = ['dialplan', 'driven'];
/** Calls a second; `--rates=50,60` for others. */
const usualRates = [40, 50, 60, 65, 70, 75, 80, 85, 90, 100, 110, 120];

/** Milliseconds of processor time for one call. */
interface Costs {
  freeswitch: number;
  service: number;
  database: number;
  sipp: number;
}

interface Window extends SippRun {
  way: Way;
  perSecond: number;
  costs: Costs;
}

/**
 * Calls per second that FreeSWITCH carries without a failure, driven by us and by its own dialplan: the same
 * call, the same files, in turns at each rate, each way until three windows of a rate had a failure. FREESWITCH_BIN names it.
 */
export const ivr: Bench = async ({ isQuick, tell }) => {
  const world = await startIvrWorld(tell);
  try {
    const measure = (way: Way, perSecond: number, seconds: number) =>
      window(world, { way, perSecond, seconds });
    tell('warming up');
    for (const way of ways) await measure(way, 15, isQuick ? 3 : 10);
    const windows = await climb({
      rates: isQuick ? [5] : wantedRates(),
      measure: async (way, perSecond) => {
        const result = await measure(way, perSecond, isQuick ? 4 : 10);
        tell(lineOf(result));
        return result;
      },
    });
    return figureOf(windows, world);
  } finally {
    await world.stop();
  }
};

function wantedRates(): readonly number[] {
  const given = process.argv.find((one) => one.startsWith('--rates='));
  return given === undefined ? usualRates : given.slice('--rates='.length).split(',').map(Number);
}

/** Both ways in turns at each rate; a window that failed is repeated, since others use the machine too. */
async function climb(options: {
  rates: readonly number[];
  measure: (way: Way, perSecond: number) => Promise<Window>;
}): Promise<Window[]> {
  const windows: Window[] = [];
  const going = new Set<Way>(ways);
  for (const [turn, rate] of options.rates.entries()) {
    for (const way of turn % 2 === 0 ? ways : ways.toReversed()) {
      if (!going.has(way)) continue;
      let isClean = false;
      for (let again = 0; again < maxWindows && !isClean; again += 1) {
        const result = await options.measure(way, rate);
        windows.push(result);
        isClean = result.failed === 0;
      }
      if (!isClean) going.delete(way);
    }
    if (going.size === 0) break;
  }
  return windows;
}

function figureOf(windows: readonly Window[], { freeswitch, isApart }: IvrWorld) {
  const best = (way: Way): number =>
    Math.max(
      0,
      ...windows
        .filter((one) => one.way === way && one.failed === 0)
        .map(({ perSecond }) => perSecond),
    );
  const [native, driven] = [best('dialplan'), best('driven')];
  return {
    what: 'IVR calls on FreeSWITCH, driven by us against its dialplan',
    measured: `${driven} of ${native} calls/s (${((driven / Math.max(1, native)) * 100).toFixed(0)} %)`,
    limit: `≥ ${share * 100} %`,
    isMet: driven > 0 && driven >= share * native,
    notes: [
      freeswitch.version,
      isApart
        ? `FreeSWITCH alone on core ${cores.freeswitch}; service, Postgres and sipp on core ${cores.others}`
        : 'all on one core',
      ...windows.map(lineOf),
    ],
  };
}

function lineOf(one: Window): string {
  const { freeswitch, service, database, sipp } = one.costs;
  const ms = (value: number) => value.toFixed(1);
  return (
    `${one.way.padEnd(8)} ${one.perSecond}/s: ${one.calls} calls, ${one.failed} failed${one.reasons === '' ? '' : ` (${one.reasons})`}, ` +
    `${one.retransmissions} sent again, answer p50 ${one.answerMs.median.toFixed(0)} p99 ${one.answerMs.p99.toFixed(0)} ms; ` +
    `CPU a call: FreeSWITCH ${ms(freeswitch)}, service ${ms(service)}, Postgres ${ms(database)}, sipp ${ms(sipp)} ms`
  );
}

async function window(
  { freeswitch, service, isApart }: IvrWorld,
  { way, perSecond, seconds }: { way: Way; perSecond: number; seconds: number },
): Promise<Window> {
  const look = () => ({
    freeswitch: cpuMs(freeswitch.pid),
    service: cpuMs(service.pid),
    database: familyCpuMs(service.postmaster),
  });
  const before = look();
  const run = await sippCalls({
    port: freeswitch.sipPort,
    number: numbers[way],
    perSecond,
    seconds,
    ...(isApart ? { core: cores.others } : {}),
  });
  // What is written behind a call belongs to it.
  await delay(1500);
  const after = look();
  const each = (name: keyof typeof before) => (after[name] - before[name]) / run.calls;
  const costs: Costs = {
    freeswitch: each('freeswitch'),
    service: each('service'),
    database: each('database'),
    sipp: run.cpuMs / run.calls,
  };
  return { ...run, way, perSecond, costs };
}
