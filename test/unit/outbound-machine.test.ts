import t from 'tap';
import {
  detect,
  frameSamples,
  hear,
  startDetecting,
} from '../../src/outbound/dialer/machine-detection.ts';
import { falseMachineRate } from '../../src/outbound/dialer/pacing.ts';
import { answerSet, type Label } from '../support/answers.ts';
import { endOfLostTest } from '../../src/outbound/calls/lost-tests.ts';

void t.test('person or machine', async (t) => {
  const set = answerSet(450, 20_261_124);
  const results = set.map((one) => ({ ...one, verdict: detect(one.samples) }));

  await t.test('given the labelled set, then it is right, and soon', (t) => {
    const labels: Label[] = ['person', 'machine', 'announcement', 'fax', 'silent'];
    for (const label of labels) {
      const own = results.filter((one) => one.label === label);
      const right = own.filter((one) => one.verdict?.answerer === label);
      const times = right.map((one) => one.verdict?.atMs ?? 0).sort((a, b) => a - b);
      const median = times[Math.floor(times.length / 2)] ?? 0;
      const share = right.length / own.length;
      t.comment(`${label}: ${(share * 100).toFixed(1)} % of ${own.length}, median ${median} ms`);
      t.ok(share >= 0.97, `${label} ${(share * 100).toFixed(1)} % right`);
    }
    const wrong = results.filter((one) => one.verdict?.answerer !== one.label);
    for (const one of wrong.slice(0, 10)) {
      t.comment(`wrong: ${one.name} → ${one.verdict?.answerer} ${one.verdict?.why}`);
    }
    t.end();
  });

  await t.test('given people, then few are taken for machines, and they wait two seconds', (t) => {
    const people = results.filter((one) => one.label === 'person');
    const lost = people.filter((one) => one.verdict?.answerer === 'machine');
    t.ok(lost.length / people.length <= falseMachineRate, `${lost.length} of ${people.length}`);
    const slow = people.filter((one) => (one.verdict?.atMs ?? 0) > 3800);
    t.equal(slow.length, 0, 'nobody waits longer than their own greeting and the pause after it');
    t.end();
  });

  await t.test('given the same sound in pieces, then the same verdict, and it stays', (t) => {
    for (const { samples, verdict } of results.slice(0, 20)) {
      let state = startDetecting();
      for (let at = 0; at + frameSamples <= samples.length; at += frameSamples) {
        state = hear(state, samples.subarray(at, at + frameSamples));
      }
      t.same(state.verdict, verdict);
    }
    t.end();
  });

  await t.test('given too little sound, then no verdict', (t) => {
    t.equal(detect(new Int16Array(800)), undefined);
    t.end();
  });
});

void t.test('a test call whose service died does not ring for ever', (t) => {
  const test = {
    ...{ callId: 'c', campaignId: 'k', answeredAt: null, callRow: 'c' },
    ...{ callAnsweredAt: null, callEndedAt: null, hangupCause: null },
  };
  const ended = new Date();
  t.equal(endOfLostTest({ ...test, callRow: null }, false), 'cancelled', 'nothing ever rang');
  t.equal(endOfLostTest(test, false), undefined, 'the switch may still have it');
  t.equal(endOfLostTest(test, true), 'failed');
  t.equal(endOfLostTest({ ...test, callEndedAt: ended, hangupCause: 'USER_BUSY' }, false), 'busy');
  t.equal(endOfLostTest({ ...test, callEndedAt: ended }, false), 'failed');
  t.equal(endOfLostTest({ ...test, answeredAt: ended, callEndedAt: ended }, true), 'failed');
  t.end();
});
