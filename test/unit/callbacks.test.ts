import t from 'tap';
import { afterCallback, endOfCause, inPlaceOf } from '../../src/agents/acd/queues/callbacks.ts';
import type { WaitingCaller } from '../../src/agents/acd/routing/index.ts';

const caller = (change: Partial<WaitingCaller> = {}): WaitingCaller => ({
  ...{ callId: 'c', queueId: 'q', enteredAt: 100, waitingSince: 50, priority: 0 },
  ...{ isEmergency: false, isVip: false, preferred: [], resting: [], siteId: null },
  ...{ isAdmitted: true, visited: [], isVirtual: true },
  promise: { number: '13712340000', tries: 0, notBefore: 0 },
  ...change,
});

void t.test('a busy line is rung again, three times in all, and then the promise is over', (t) => {
  const busy = afterCallback(caller(), 'busy', 1000);
  t.match(busy, { promise: { tries: 1, notBefore: 121_000 } });
  const again = afterCallback(busy!, 'no_answer', 200_000);
  t.match(again, { promise: { tries: 2, notBefore: 800_000 } });
  t.equal(afterCallback(again!, 'busy', 900_000), undefined);
  t.same(
    afterCallback(caller(), 'not_rung', 5),
    caller(),
    'it was not their telephone that failed',
  );
  t.equal(afterCallback(caller(), 'talked', 5), undefined);
  t.equal(afterCallback(caller(), 'impossible', 5), undefined);
  t.end();
});

void t.test('what a hang-up cause says of a telephone that nobody picked up', (t) => {
  t.equal(endOfCause('USER_BUSY'), 'busy');
  t.equal(endOfCause('NO_ANSWER'), 'no_answer');
  t.equal(endOfCause('UNALLOCATED_NUMBER'), 'impossible');
  t.equal(endOfCause(undefined), 'no_answer');
  t.end();
});

void t.test('who calls again has waited since they first did, in that queue', (t) => {
  const again = caller({ callId: 'd', enteredAt: 900, waitingSince: 900, isAdmitted: false });
  t.match(inPlaceOf(caller(), again), {
    callId: 'd',
    enteredAt: 100,
    waitingSince: 50,
    isAdmitted: true,
  });
  t.match(inPlaceOf(caller({ queueId: 'other' }), again), { enteredAt: 900, isAdmitted: false });
  t.end();
});
