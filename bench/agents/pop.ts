import { setTimeout as delay } from 'node:timers/promises';
import { cpuMs } from '../cpu.ts';
import type { Bench } from '../figure.ts';
import { openFloor } from './floor.ts';
import { quantileMs, readHistogram, since } from './histogram.ts';
import { openSilentPhones } from './silent-phones.ts';

const limitMs = 50;
const callsPerSecond = 20;
const talkMs = 4000;
/** Longest way of one call through menu, talk and farewell. */
const lostAfterMs = 60_000;

/** Callers press 0 while agents are free: how soon is who calls on the agent's screen? */
export const agentsPop: Bench = async ({ isQuick, tell }) => {
  const phones = await openSilentPhones();
  const floor = await openFloor({
    agents: 160,
    trunkPort: phones.port,
    queue: { wrapUpSec: 0, maxLength: null, maxWaitSec: null, announceEverySec: null },
    tell,
  });
  const { service, numbers } = floor;
  phones.onTaken = (session) => void setTimeout(() => session.hangup(), talkMs);
  try {
    for (const agent of floor.agents) await floor.setPresence(agent, 'available');
    const calls = async (count: number): Promise<number> => {
      const began = Date.now();
      const running: Promise<boolean>[] = [];
      for (let at = 0; at < count; at += 1) {
        await delay(Math.max(0, began + (at * 1000) / callsPerSecond - Date.now()));
        const call = phones.dial('4000', numbers[at % numbers.length] ?? '', service.sipPort);
        call.session.onAnswer = () => void setTimeout(() => call.press('0'), 300);
        const lost = delay(lostAfterMs, false, { ref: false });
        running.push(Promise.race([call.ended.then(() => true), lost]));
      }
      return (await Promise.all(running)).filter((isDone) => !isDone).length;
    };
    tell('warming up');
    await calls(isQuick ? 40 : 200);
    const count = isQuick ? 200 : 1200;
    tell(`${count} calls, ${callsPerSecond} a second`);
    const [before, cpu] = [
      await readHistogram(service, 'lingting_pop_seconds'),
      cpuMs(service.pid),
    ];
    const startedAt = Date.now();
    const lost = await calls(count);
    const seconds = (Date.now() - startedAt) / 1000;
    const perCall = (cpuMs(service.pid) - cpu) / count;
    const pops = since(before, await readHistogram(service, 'lingting_pop_seconds'));
    const p99 = quantileMs(pops, 0.99);
    return [
      {
        what: 'event on the socket → pop frame written, p99',
        measured: `${p99} ms`,
        limit: `≤ ${limitMs} ms`,
        isMet: p99 <= limitMs && lost === 0 && pops.count >= count * 0.95,
        notes: [
          `${pops.count} pops of ${count} calls at ${callsPerSecond}/s in ${seconds.toFixed(0)} s, ${lost} calls lost`,
          `p50 ${quantileMs(pops, 0.5)} ms, p95 ${quantileMs(pops, 0.95)} ms (upper bounds of buckets); ${floor.agents.length} open screens`,
          `processor time of the service per call with a talk: ${perCall.toFixed(1)} ms`,
        ],
      },
    ];
  } finally {
    await floor.close();
    await phones.close();
  }
};
