import t from 'tap';
import { Leaders, purposeOf, type Purpose } from '../../src/app/leaders.ts';
import { readRecord, writeRecord, type LegRecord } from '../../src/cti/call/recovery.ts';
import type { Call } from '../../src/cti/index.ts';

const callOf = (direction: Call['direction'], record: Partial<LegRecord> = {}): Call => {
  const variables = writeRecord(record);
  const recall: Call['recall'] = (name) => readRecord(variables, name);
  return { direction, recall } as Call;
};

void t.test('what a call is for stands on its leg', (t) => {
  const rows: readonly [string, Call, Purpose][] = [
    ['whoever calls us', callOf('inbound'), 'hotline'],
    ['also when they talk already', callOf('inbound', { talk: '{}', queue: 'q' }), 'hotline'],
    ['an agent dialled', callOf('outbound', { purpose: 'desk', staff: 's' }), 'desk'],
    ['a fax', callOf('outbound', { purpose: 'fax' }), 'fax'],
    ['a campaign', callOf('outbound', { purpose: 'campaign', attempt: 'a' }), 'campaign'],
    ['a campaign of a version before', callOf('outbound', { attempt: 'a' }), 'campaign'],
    ['a test call', callOf('outbound', { purpose: 'test' }), 'test'],
    ['a test call of a version before', callOf('outbound'), 'test'],
  ];
  for (const [name, call, purpose] of rows) t.equal(purposeOf(call), purpose, name);
  t.end();
});

void t.test('each purpose has one leader, and the start knows when one is missing', (t) => {
  const leaders = new Leaders();
  const led: string[] = [];
  const register = (purpose: Purpose) =>
    leaders.register(purpose, (_call, how) => led.push(`${purpose} ${how}`));
  for (const purpose of ['hotline', 'desk', 'fax', 'campaign'] as const) register(purpose);
  t.throws(() => leaders.check(), /nobody leads calls of test/);
  t.throws(() => register('desk'), /two would lead/);
  register('test');
  leaders.check();
  leaders.lead(callOf('inbound'), 'new');
  leaders.lead(callOf('outbound', { purpose: 'desk' }), 'adopted');
  t.same(led, ['hotline new', 'desk adopted']);
  t.end();
});
