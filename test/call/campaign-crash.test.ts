import t from 'tap';
import { openCarrier } from '../support/carrier.ts';
import { startService } from '../support/service.ts';
import { storm } from '../support/storm.ts';

void t.test(
  'given kill -9 while it rings and talks, then each contact has one result and nobody rings twice',
  async (t) => {
    const carrier = await openCarrier();
    const service = await startService({ TRUNKS: `trunk=127.0.0.1:${carrier.port}` });
    t.teardown(async () => {
      await service.stop();
      await carrier.close();
    });
    const kill = async () => {
      await service.kill();
      await service.start();
    };
    const ledger = await storm(service, carrier, {
      contacts: 40,
      callsPerSecond: 15,
      maxLines: 30,
      harms: [
        { afterCalls: 3 + Math.floor(Math.random() * 15), what: 'killed', do: kill },
        { afterCalls: 22 + Math.floor(Math.random() * 10), what: 'killed', do: kill },
      ],
      timeoutMs: 120_000,
      tell: (what) => t.comment(what),
    });
    t.comment(JSON.stringify(ledger));
    t.same(ledger.faults, []);
    t.equal(ledger.states['excluded do_not_call'], 2, 'those on the list did not ring');
  },
);
