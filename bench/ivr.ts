import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { speechLikeSamples } from '../scripts/phone/voice.ts';
import { until } from '../src/core/wait.ts';
import { fixedUtterances, publishFlows } from '../src/ivr/index.ts';
import { wavOf } from '../src/tts/wav.ts';
import { startFreeswitch, type Freeswitch } from '../test/support/freeswitch.ts';
import { startService } from '../test/support/service.ts';
import { benchFlow } from './bench-flow.ts';
import { cpuMs, familyCpuMs, parentOf } from './cpu.ts';
import type { Bench } from './figure.ts';
import { sippCalls, type SippRun } from './sipp.ts';

const share = 0.9;
/** One without a failure counts. */
const maxWindows = 3;
const nativeNumber = '4200';
const drivenNumber = '4100';
/** The key comes after a second and interrupts the first; the second is heard out. */
const files = { menu: 3000, farewell: 1000 } as const;

const ways = ['dialplan', 'driven'] as const;
type Way = (typeof ways)[number];

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
  const folder = mkdtempSync(path.join(tmpdir(), 'lingting-bench-ivr-'));
  const sounds = writeSounds(folder);
  const freeswitch = await startFreeswitch({ change: (conf) => addNative(conf, sounds) });
  tell(freeswitch.version);
  const service = await drivingService(freeswitch, folder);
  try {
    tell('waiting for the announcements that are rendered after the start');
    await until('the service to rest', () => isIdle(service.pid), { timeoutMs: 240_000 });
    const measure = (way: Way, perSecond: number, seconds: number) =>
      window(service, freeswitch, { way, perSecond, seconds });
    tell('warming up');
    for (const way of ways) await measure(way, 15, isQuick ? 3 : 10);
    const windows = await climb({
      rates: isQuick ? [5] : [40, 60, 70, 80, 90, 100, 110, 120],
      measure: async (way, perSecond) => {
        const result = await measure(way, perSecond, isQuick ? 4 : 10);
        tell(lineOf(result));
        return result;
      },
    });
    return figureOf(windows, freeswitch.version);
  } finally {
    await service.stop();
    await freeswitch.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

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

function figureOf(windows: readonly Window[], version: string) {
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
    notes: [version, ...windows.map(lineOf)],
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

type Service = Awaited<ReturnType<typeof drivingService>>;

async function window(
  service: Service,
  freeswitch: Freeswitch,
  { way, perSecond, seconds }: { way: Way; perSecond: number; seconds: number },
): Promise<Window> {
  const look = () => ({
    freeswitch: cpuMs(freeswitch.pid),
    service: cpuMs(service.pid),
    database: familyCpuMs(service.postmaster),
  });
  const before = look();
  const number = way === 'dialplan' ? nativeNumber : drivenNumber;
  const run = await sippCalls({ port: freeswitch.sipPort, number, perSecond, seconds });
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

async function drivingService(freeswitch: Freeswitch, folder: string) {
  const service = await startService({
    ESL_URLS: freeswitch.env['FREESWITCH_ESL'] ?? '',
    RTP_TIMEOUT_SEC: '30',
    LOG_LEVEL: 'warn',
    DEAD_MAN_SEC: '30',
    TTS_RECORDED_DIR: path.join(folder, 'recorded'),
  });
  const { db } = service.database;
  await publishFlows(db, [benchFlow()]);
  await db.updateTable('hotline').set({ flowId: 'bench' }).where('did', '=', '4100').execute();
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db);
  return {
    pid: service.pid,
    postmaster: parentOf(rows[0]?.pid ?? 0),
    stop: () => service.stop(),
  };
}

/** One file for the menu and one for the announcement, and both as recordings of the flow's sentences. */
function writeSounds(folder: string): Record<keyof typeof files, string> {
  const recorded = path.join(folder, 'recorded');
  mkdirSync(recorded);
  const wav = (ms: number) => wavOf(speechLikeSamples(ms));
  for (const { text, language } of fixedUtterances(benchFlow())) {
    const hash = createHash('sha256').update(`${language}\n${text}`).digest('hex').slice(0, 32);
    const isMenu = /1|一|one/i.test(text);
    writeFileSync(path.join(recorded, `${hash}.wav`), wav(isMenu ? files.menu : files.farewell));
  }
  const menu = path.join(folder, 'menu.wav');
  const farewell = path.join(folder, 'farewell.wav');
  writeFileSync(menu, wav(files.menu));
  writeFileSync(farewell, wav(files.farewell));
  return { menu, farewell };
}

/** The same call in the dialplan alone, with all that a hotline's call has but the wait for the service. */
function addNative(conf: string, sounds: Record<keyof typeof files, string>): void {
  const file = path.join(conf, 'dialplan/trunks.xml');
  const extension = `
  <extension name="bench">
    <condition field="destination_number" expression="^${nativeNumber}$">
      <action application="set" data="lt_did=${nativeNumber}"/>
      <action application="answer"/>
      <action application="spandsp_start_fax_detect" data="transfer 'lt_fax XML lingting' 20"/>
      <action application="play_and_get_digits" data="1 1 1 6000 none '${sounds.menu}' silence_stream://10 lt_digits [0-9*#]+ 3000"/>
      <action application="playback" data="${sounds.farewell}"/>
      <action application="hangup"/>
    </condition>
  </extension>
`;
  const text = readFileSync(file, 'utf8');
  writeFileSync(
    file,
    text.replace('<context name="trunks">', `<context name="trunks">${extension}`),
  );
}

/** Whether it used less than 5 % of a core in a second. */
async function isIdle(pid: number): Promise<boolean> {
  const before = cpuMs(pid);
  await delay(1000);
  return cpuMs(pid) - before < 50;
}
