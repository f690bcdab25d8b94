import { setTimeout as delay } from 'node:timers/promises';
import { dial } from '../scripts/phone/caller.ts';
import { until } from '../src/core/concurrency/wait.ts';
import { publishFlows } from '../src/content/index.ts';
import { startService, type Service } from '../test/support/service.ts';
import { benchFlow } from './bench-flow.ts';
import { cpuMs } from './cpu.ts';
import type { Bench } from './figure.ts';

const limitMs = 5;

/** Processor time of the service for one call: answer, menu, key, announcement, hang-up. */
export const ivrCpu: Bench = async ({ isQuick, tell }) => {
  const service = await startService({ RTP_TIMEOUT_SEC: '30', LOG_LEVEL: 'warn' });
  try {
    await publishFlows(service.database.db, [benchFlow()]);
    await service.database.db
      .updateTable('hotline')
      .set({ flowId: 'bench' })
      .where('did', '=', '4100')
      .execute();
    tell('waiting for the announcements that are rendered after the start');
    await until('the service to rest', () => isIdle(service.pid), { timeoutMs: 180_000 });
    tell('warming up');
    await callsAt(service, isQuick ? 50 : 400, 15);
    const count = isQuick ? 100 : 600;
    const rate = 15;
    tell(`${count} calls, ${rate} a second`);
    const before = cpuMs(service.pid);
    const began = Date.now();
    const failed = await callsAt(service, count, rate);
    const seconds = (Date.now() - began) / 1000;
    const perCall = (cpuMs(service.pid) - before) / count;
    return {
      what: 'our CPU per IVR call',
      measured: `${perCall.toFixed(2)} ms`,
      limit: `≤ ${limitMs} ms`,
      isMet: perCall <= limitMs && failed === 0,
      notes: [
        `${count} calls in ${seconds.toFixed(0)} s, ${failed} failed; user and system time of the service process from /proc`,
      ],
    };
  } finally {
    await service.stop();
  }
};

/** Whether it used less than 5 % of a core in a second. */
async function isIdle(pid: number): Promise<boolean> {
  const before = cpuMs(pid);
  await delay(1000);
  return cpuMs(pid) - before < 50;
}

/** Starts calls at an even rate; resolves with how many went wrong. */
async function callsAt(service: Service, count: number, perSecond: number): Promise<number> {
  const began = Date.now();
  const running: Promise<boolean>[] = [];
  for (let index = 0; index < count; index += 1) {
    const wait = began + (index * 1000) / perSecond - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    running.push(
      oneCall(service, index).then(
        () => true,
        () => false,
      ),
    );
  }
  const results = await Promise.all(running);
  return results.filter((isGood) => !isGood).length;
}

async function oneCall(service: Service, index: number): Promise<void> {
  const from = `137${String(10_000_000 + index)}`;
  const caller = await dial({ number: '4100', from, host: '127.0.0.1', port: service.sipPort });
  try {
    await until('the menu', () => caller.ear.soundMs >= 200, { everyMs: 50 });
    await caller.press('1');
    await caller.ended(20_000);
  } finally {
    caller.hangup();
    await caller.close();
  }
}
