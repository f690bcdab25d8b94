import type { PacingMode } from '../../src/contract/codes.ts';
import t from 'tap';
import fc from 'fast-check';
import {
  households,
  mergeBySharedNumber,
  type Resident,
} from '../../src/outbound/dialer/households.ts';
import {
  abandonedShare,
  callsToStart,
  type PacingInput,
} from '../../src/outbound/dialer/pacing.ts';
import {
  attemptResults,
  isTrunkFailure,
  resultOfCause,
  resultTexts,
} from '../../src/outbound/dialer/results.ts';
import { nextStep, type Tried } from '../../src/outbound/dialer/retry.ts';
import { fullBucket, msUntilNext, take } from '../../src/core/concurrency/token-bucket.ts';
import { pickTrunk, restAfter, type Trunk } from '../../src/outbound/dialer/trunks.ts';
import { erlangB, simulate } from '../support/dialling-simulation.ts';

function pacing(change: Partial<PacingInput> = {}): PacingInput {
  return {
    mode: 'predictive',
    freeAgents: 5,
    busyMs: [],
    ringingMs: [],
    waiting: 0,
    answerRate: 0.4,
    meanRingMs: 10_000,
    meanBusyMs: 130_000,
    counts: { abandoned: 0, connected: 0, machines: 0 },
    cap: 0.03,
    formula: 'live',
    linesFree: 1000,
    ...change,
  };
}

void t.test('pacing', async (t) => {
  await t.test('given preview, then no call starts by itself', (t) => {
    t.equal(callsToStart(pacing({ mode: 'preview' })), 0);
    t.end();
  });

  await t.test('given progressive, then one line for each free agent', (t) => {
    t.equal(callsToStart(pacing({ mode: 'progressive' })), 5);
    t.equal(callsToStart(pacing({ mode: 'progressive', ringingMs: [1, 2], waiting: 1 })), 2);
    t.equal(callsToStart(pacing({ mode: 'progressive', linesFree: 3 })), 3);
    t.end();
  });

  await t.test('given predictive, then more lines than agents, fewer when people answer', (t) => {
    const few = callsToStart(pacing({ answerRate: 0.2, freeAgents: 20 }));
    const many = callsToStart(pacing({ answerRate: 0.8, freeAgents: 20 }));
    t.ok(few > 30, `${few} lines for 20 agents when one in five answers`);
    t.ok(many < few && many >= 20, `${many} when four in five do`);
    t.equal(callsToStart(pacing({ freeAgents: 0 })), 0, 'no agents, no calls');
    t.end();
  });

  await t.test('given a share at the cap, then it dials as progressive does', (t) => {
    const counts = { abandoned: 3, connected: 97, machines: 0 };
    t.equal(callsToStart(pacing({ counts })), 5);
    t.end();
  });

  await t.test('given the formulas, then they differ by what they count', (t) => {
    const counts = { abandoned: 3, connected: 97, machines: 100 };
    t.equal(abandonedShare(counts, 'live'), 0.03);
    t.equal(abandonedShare(counts, 'answered'), 0.015);
    t.ok(abandonedShare(counts, 'ofcom') > 0.04, 'machines may have been people');
    t.equal(abandonedShare({ abandoned: 0, connected: 0, machines: 0 }, 'live'), 0);
    t.end();
  });

  await t.test('given any figures, then it never asks for more than there are lines', (t) => {
    fc.assert(
      fc.property(
        fc.constantFrom<PacingMode>('preview', 'progressive', 'predictive'),
        fc.nat(40),
        fc.array(fc.nat(300_000), { maxLength: 40 }),
        fc.array(fc.nat(30_000), { maxLength: 40 }),
        fc.nat(5),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(200),
        (mode, freeAgents, busyMs, ringingMs, waiting, answerRate, linesFree) => {
          const calls = callsToStart(
            pacing({ mode, freeAgents, busyMs, ringingMs, waiting, answerRate, linesFree }),
          );
          if (!Number.isInteger(calls) || calls < 0 || calls > linesFree) {
            throw new Error(`${calls}`);
          }
        },
      ),
    );
    t.end();
  });

  await t.test(
    'given 20 agents, then at most 3 % are abandoned and agents talk 45 minutes',
    (t) => {
      // What blind dialling could give: the load at which Erlang B loses 3 % of the answered.
      let load = 0;
      while (erlangB(load, 20) < 0.03) load += 0.01;
      const blind = ((load * 0.97) / 20) * 60;
      for (const [answerRate, seed] of [
        [0.25, 1],
        [0.4, 2],
        [0.7, 3],
      ] as const) {
        const common = {
          agents: 20,
          hours: 4,
          answerRate,
          meanRingMs: 10_000,
          meanTalkMs: 120_000,
          wrapMs: 10_000,
          cap: 0.03,
          formula: 'live' as const,
          seed,
          lines: 200,
          graceMs: 2000,
        };
        const predictive = simulate({ ...common, mode: 'predictive' });
        const progressive = simulate({ ...common, mode: 'progressive' });
        const percent = (predictive.abandonedShare * 100).toFixed(2);
        t.comment(
          `answers ${answerRate}: abandoned ${percent} %, talk ${predictive.talkMinutes.toFixed(1)} min/h; ` +
            `progressive ${progressive.talkMinutes.toFixed(1)}, Erlang B at 3 % ${blind.toFixed(1)}`,
        );
        t.ok(predictive.abandonedShare <= 0.03, `${percent} % abandoned`);
        t.ok(predictive.talkMinutes >= 45, `${predictive.talkMinutes.toFixed(1)} minutes of talk`);
        t.ok(predictive.talkMinutes > blind, 'better than blind dialling');
        t.ok(predictive.talkMinutes > progressive.talkMinutes, 'better than progressive');
        t.equal(progressive.abandoned, 0, 'progressive abandons nobody');
      }
      t.end();
    },
  );
});

void t.test('what comes after a result', async (t) => {
  const [one, two] = ['13800000001', '13800000002'];
  const numbers = [one, two];
  const tried = (...list: [string, Tried['result']][]): Tried[] =>
    list.map(([number, result]) => ({ number, result }));

  await t.test('given examples, then the table says it', (t) => {
    t.same(nextStep(numbers, []), { do: 'dial', number: one, afterSec: 0 });
    t.same(nextStep([], []), { do: 'giveUp', result: 'invalid' });
    t.same(nextStep(numbers, tried([one, 'busy'])), { do: 'dial', number: one, afterSec: 300 });
    t.same(nextStep(numbers, tried([one, 'no_answer'])), { do: 'dial', number: two, afterSec: 0 });
    t.same(nextStep(numbers, tried([one, 'no_answer'], [two, 'no_answer'])), {
      do: 'dial',
      number: one,
      afterSec: 3600,
    });
    t.same(nextStep(numbers, tried([one, 'invalid'])), { do: 'dial', number: two, afterSec: 0 });
    t.same(nextStep([one], tried([one, 'invalid'])), { do: 'giveUp', result: 'invalid' });
    t.same(nextStep([one], tried([one, 'hung_up_early'])), {
      do: 'dial',
      number: one,
      afterSec: 3600,
    });
    t.same(nextStep(numbers, tried([one, 'promised'])), { do: 'finish', result: 'promised' });
    t.same(nextStep(numbers, tried([one, 'stopped_calling'])), {
      do: 'finish',
      result: 'stopped_calling',
    });
    t.same(
      nextStep([one], tried([one, 'abandoned'])),
      { do: 'dial', number: one, afterSec: 72 * 3600 },
      'who was abandoned is left alone for 72 hours',
    );
    t.end();
  });

  await t.test('given any results, then it comes to an end, and never dials a dead number', (t) => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom('101', '102', '103', '104'), { minLength: 1 }),
        fc.array(fc.constantFrom(...attemptResults), { minLength: 260, maxLength: 260 }),
        (phones, results) => {
          const history: Tried[] = [];
          for (const result of results) {
            const step = nextStep(phones, history);
            if (step.do !== 'dial') return;
            if (!phones.some((one) => one === step.number)) throw new Error('a number of nobody');
            const isDead = history.some(
              (past) => past.number === step.number && past.result === 'invalid',
            );
            if (isDead) throw new Error('dialled an invalid number again');
            history.push({ number: step.number, result });
          }
          throw new Error('no end after 260 attempts');
        },
      ),
    );
    t.end();
  });

  await t.test('given a cause of the switch, then the result is what it means', (t) => {
    t.equal(resultOfCause('USER_BUSY'), 'busy');
    t.equal(resultOfCause('UNALLOCATED_NUMBER'), 'invalid');
    t.equal(resultOfCause('SUBSCRIBER_ABSENT'), 'off');
    t.equal(resultOfCause('NORMAL_CIRCUIT_CONGESTION'), 'no_line');
    t.equal(resultOfCause('SOMETHING_NEW'), 'no_answer');
    t.ok(isTrunkFailure('GATEWAY_DOWN'));
    t.notOk(isTrunkFailure('USER_BUSY'));
    for (const result of attemptResults) {
      t.ok(resultTexts[result]['zh-CN'] && resultTexts[result].en);
    }
    t.end();
  });
});

void t.test('whom a call is for', async (t) => {
  const resident = (
    roomId: string,
    personId: string,
    role: Resident['role'],
    ...numbers: string[]
  ): Resident => ({
    roomId,
    personId,
    role,
    isMinor: false,
    numbers: numbers.map((number, at) => ({ number, isPrimary: at === numbers.length - 1 })),
  });
  const home = [
    resident('r1', 'family', 'family', '303'),
    resident('r1', 'owner', 'owner', '101', '102'),
    resident('r1', 'tenant', 'tenant', '202', '101'),
  ];

  await t.test('given a debt, then only the debtor is called, primary number first', (t) => {
    t.same(households(home, 'debtor'), [
      {
        roomId: 'r1',
        personId: 'owner',
        numbers: [
          { number: '102', personId: 'owner' },
          { number: '101', personId: 'owner' },
        ],
      },
    ]);
    t.end();
  });

  await t.test('given a notice, then everybody, nobody twice, no child', (t) => {
    const child = { ...resident('r1', 'child', 'family', '404'), isMinor: true };
    const [found] = households([...home, child], 'residents');
    t.same(
      found?.numbers.map((one) => one.number),
      ['102', '101', '202', '303'],
    );
    t.end();
  });

  await t.test('given one owner of two homes, then one call covers both', (t) => {
    const two = [resident('r1', 'li', 'owner', '101'), resident('r2', 'li', 'owner', '101')];
    const merged = mergeBySharedNumber(households(two, 'residents'));
    t.equal(merged.length, 1);
    t.same(merged[0]?.coveredRoomIds, ['r1', 'r2']);
    t.end();
  });
});

void t.test('calls per second', async (t) => {
  await t.test('given any demand, then never more than the rate and one burst', (t) => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 50, noNaN: true }),
        fc.array(fc.tuple(fc.nat(2000), fc.nat(40)), { minLength: 1, maxLength: 60 }),
        (rate, asks) => {
          let bucket = fullBucket(rate, 0);
          let now = 0;
          let total = 0;
          for (const [later, wanted] of asks) {
            now += later;
            const taken = take(bucket, wanted, now);
            bucket = taken.bucket;
            total += taken.got;
            if (taken.got > wanted) throw new Error('more than asked');
          }
          if (total > bucket.size + (rate * now) / 1000 + 1e-6) {
            throw new Error('faster than allowed');
          }
        },
      ),
    );
    t.end();
  });

  await t.test('given an empty bucket, then it says how long to wait', (t) => {
    const { bucket, got } = take(fullBucket(10, 0), 100, 0);
    t.equal(got, 10);
    t.equal(msUntilNext(bucket), 100);
    t.equal(take(bucket, 1, 99).got, 0);
    t.equal(take(bucket, 1, 100).got, 1);
    t.equal(take(bucket, 1, -5000).got, 0, 'a clock that goes back gives nothing');
    t.end();
  });
});

void t.test('trunks', async (t) => {
  const now = new Date('2026-11-24T02:00:00Z');
  const trunk = (id: string, change: Partial<Trunk> = {}): Trunk => ({
    id,
    gateway: `gw-${id}`,
    priority: 1,
    maxLines: 10,
    linesInUse: 0,
    prefixes: [],
    restingUntil: null,
    isEnabled: true,
    callerId: '057188880000',
    callerIds: { jinxiu: '057188884000' },
    ...change,
  });
  const call = { number: '13800000001', estateId: 'jinxiu', now };

  await t.test(
    'given several, then by priority, then by load, with the number of the site',
    (t) => {
      t.same(pickTrunk([trunk('b', { priority: 2 }), trunk('a')], call), {
        trunkId: 'a',
        gateway: 'gw-a',
        callerId: '057188884000',
      });
      t.match(pickTrunk([trunk('a', { linesInUse: 5 }), trunk('b', { linesInUse: 2 })], call), {
        trunkId: 'b',
      });
      t.match(pickTrunk([trunk('a')], { ...call, estateId: 'binjiang' }), {
        callerId: '057188880000',
      });
      t.end();
    },
  );

  await t.test('given a trunk that failed, is full, rests or is off, then the next', (t) => {
    const spare = trunk('b', { priority: 9 });
    t.match(pickTrunk([trunk('a'), spare], { ...call, tried: ['a'] }), { trunkId: 'b' });
    t.match(pickTrunk([trunk('a', { linesInUse: 10 }), spare], call), { trunkId: 'b' });
    const resting = trunk('a', { restingUntil: new Date(now.getTime() + 1) });
    t.match(pickTrunk([resting, spare], call), { trunkId: 'b' });
    t.match(pickTrunk([trunk('a', { isEnabled: false }), spare], call), { trunkId: 'b' });
    t.end();
  });

  await t.test('given none, then why', (t) => {
    t.equal(pickTrunk([], call), 'no_trunk');
    t.equal(pickTrunk([trunk('a', { prefixes: ['0'] })], call), 'prefix_forbidden');
    t.equal(pickTrunk([trunk('a', { linesInUse: 10 })], call), 'lines_full');
    t.equal(pickTrunk([trunk('a', { restingUntil: new Date('2027-01-01') })], call), 'all_resting');
    t.end();
  });

  await t.test(
    'given failures in a row, then it rests longer and longer, up to five minutes',
    (t) => {
      t.same([1, 2, 3, 4, 9, 50].map(restAfter), [0, 0, 10_000, 20_000, 300_000, 300_000]);
      t.end();
    },
  );
});
