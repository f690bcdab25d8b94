import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { speechLikeSamples } from '../scripts/phone/voice.ts';
import { until } from '../src/core/concurrency/wait.ts';
import { publishFlows } from '../src/content/index.ts';
import { fixedUtterances } from '../src/ivr/index.ts';
import { wavOf } from '../src/tts/wav.ts';
import { startFreeswitch, type Freeswitch } from '../test/support/freeswitch.ts';
import { startService } from '../test/support/service.ts';
import { benchFlow } from './bench-flow.ts';
import { childrenOf, cpuMs, parentOf } from './cpu.ts';

/** The hotline's number, led by the service, and the one that FreeSWITCH's dialplan leads alone. */
export const numbers = { driven: '4100', dialplan: '4200' } as const;
export type Way = keyof typeof numbers;

/** The key comes after a second and interrupts the first; the second is heard out. */
const files = { menu: 3000, farewell: 1000 } as const;

/** Cores: one for FreeSWITCH alone, and one for all that is not it. */
export const cores = { freeswitch: '0', others: '1' } as const;

export interface IvrWorld {
  freeswitch: Freeswitch;
  service: { pid: number; postmaster: number };
  /** Whether each has its core. */
  isApart: boolean;
  stop(): Promise<void>;
}

/** FreeSWITCH with both numbers, and a service that drives it and has nothing else left to do. */
export async function startIvrWorld(tell: (what: string) => void): Promise<IvrWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'lingting-bench-ivr-'));
  const sounds = writeSounds(folder);
  const freeswitch = await startFreeswitch({ change: (conf) => addNative(conf, sounds) });
  tell(freeswitch.version);
  const service = await drivingService(freeswitch, folder);
  tell('waiting for the announcements that are rendered after the start');
  await until('the service to rest', () => isIdle(service.pid), { timeoutMs: 240_000 });
  const isApart = os.cpus().length >= 2;
  if (isApart) {
    bind(freeswitch.pid, cores.freeswitch);
    const { pid, postmaster } = service;
    for (const one of [pid, postmaster, ...childrenOf(postmaster)]) bind(one, cores.others);
  }
  return {
    freeswitch,
    service,
    isApart,
    async stop() {
      await service.stop();
      await freeswitch.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** With all its threads; those that it starts later stay there too. */
function bind(pid: number, core: string): void {
  execFileSync('taskset', ['-acp', core, String(pid)], { stdio: 'ignore' });
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
    <condition field="destination_number" expression="^${numbers.dialplan}$">
      <action application="set" data="lt_did=${numbers.dialplan}"/>
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
