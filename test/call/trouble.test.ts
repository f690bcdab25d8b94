import t from 'tap';
import { until } from '../support/until.ts';
import { call } from '../support/calls.ts';
import { logged, noCalls, startTroubled } from '../support/trouble.ts';

/** What callers meet when events are lost; `test/trouble` has what takes longer. */
void t.test('calls in trouble', async (t) => {
  const troubled = await startTroubled();
  const { wire, service } = troubled;
  t.teardown(() => troubled.close());

  await t.test('given an event that is lost, then the caller goes on all the same', async (t) => {
    const number = '13730000201';
    wire.lose = (event) =>
      event['Event-Name'] === 'CHANNEL_PARK' && event['Caller-Caller-ID-Number'] === number;
    const caller = await call(service, number, '');
    await until('the loss', () => wire.lost === 1);
    wire.lose = () => false;
    // Before the dead-man timer takes them to the apology, after 25 s.
    await until('the call', () => logged(service, 'call arrived').length === 1, {
      timeoutMs: 20_000,
    });
    t.ok(
      logged(
        service,
        'the switch has other legs than we were told of; events were lost, looking at all of them',
      ).length > 0,
      'one line tells',
    );
    caller.hangup();
    await until('the call to end', () => noCalls(service));
    await caller.close();
  });

  await t.test('given a hang-up that is lost, then the call ends all the same', async () => {
    const number = '13730000202';
    const caller = await call(service, number, '!2,wait=1');
    const lost = wire.lost;
    wire.lose = (event) => event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE';
    caller.hangup();
    await until('the loss', () => wire.lost > lost);
    wire.lose = () => false;
    await until('the call to end', () => noCalls(service), { timeoutMs: 40_000 });
    await caller.close();
  });
});
