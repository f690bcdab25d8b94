import { openCarrier } from '../test/support/carrier.ts';
import { startService } from '../test/support/service.ts';
import { storm } from '../test/support/storm.ts';
import { cpuMs } from './cpu.ts';
import type { Bench } from './figure.ts';

/** How much more an attempt may cost in a campaign four times as long. */
const growth = 1.3;

/** Processor time of the service for one attempt, in a short campaign and in one four times as long. */
export const campaignCost: Bench = async ({ isQuick, tell }) => {
  const carrier = await openCarrier({}, 2000);
  const service = await startService({
    TRUNKS: `carrier=127.0.0.1:${carrier.port}`,
    CALLS_PER_SECOND: '30',
    LOG_LEVEL: 'warn',
  });
  try {
    const run = async (contacts: number) => {
      const before = cpuMs(service.pid);
      const ledger = await storm(service, carrier, {
        ...{ contacts, callsPerSecond: 30, maxLines: 200, harms: [], timeoutMs: 1_200_000, tell },
      });
      await service.database.db.deleteFrom('doNotCall').execute();
      const attempts = Object.values(ledger.attempts).reduce((sum, one) => sum + one, 0);
      const each = (cpuMs(service.pid) - before) / attempts;
      tell(`${attempts} attempts in ${ledger.seconds.toFixed(0)} s, ${each.toFixed(1)} ms each`);
      return { each, perSecond: attempts / ledger.seconds };
    };
    const small = isQuick ? 40 : 250;
    await run(small);
    const short = await run(small);
    const long = await run(small * 4);
    const ratio = long.each / short.each;
    return {
      what: 'CPU per attempt, campaign four times as long',
      measured: `${short.each.toFixed(1)} → ${long.each.toFixed(1)} ms (× ${ratio.toFixed(2)})`,
      limit: `× ${growth}`,
      isMet: ratio <= growth,
      notes: [`${long.perSecond.toFixed(1)} attempts a second, calls of about four seconds`],
    };
  } finally {
    await service.stop();
    await carrier.close();
  }
};
