import t from 'tap';
import { openCarrier } from '../support/carrier.ts';
import { startService } from '../support/service.ts';
import { storm } from '../support/storm.ts';
import { isFreeswitch } from '../support/switch.ts';

// A gateway has to be in the switch's own settings; the real one's is elsewhere.
const skip = isFreeswitch ? 'needs a gateway to a port of this test' : false;

void t.test(
  'given kill -9 while it rings and talks, then each contact has one result and nobody rings twice',
  { skip },
  async (t) => {
    const carrier = await openCarrier();
    const service = await startService({ TRUNKS: `carrier=127.0.0.1:${carrier.port}` });
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
