/** What stands on legs and switches by name: read as it was written, and named as the switches name it. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { originateArguments } from '../../src/cti/call/dial-string.ts';
import {
  hotlineOf,
  isVouchedFor,
  legVariable,
  readRecord,
  unattendedBecause,
  unattendedByEvent,
  writeRecord,
  type LegRecord,
} from '../../src/cti/call/recovery.ts';
import {
  driverVariable,
  faxNote,
  hostVariable,
  refusalsCommand,
  switchVariable,
  unattendedPlace,
  waitingPlace,
} from '../../src/cti/nodes/switch-names.ts';

const root = path.join(import.meta.dirname, '../..');

const anyText = fc.string({ unit: 'grapheme', maxLength: 200 });
const anyRecord: fc.Arbitrary<Partial<LegRecord>> = fc.record(
  {
    call: fc.uuid(),
    role: fc.constantFrom('customer', 'agent', 'outside', 'supervisor'),
    number: anyText,
    purpose: fc.constantFrom('desk', 'fax', 'campaign', 'test'),
    staff: anyText,
    queue: anyText,
    attempt: fc.uuid(),
    promise: fc.uuid(),
    flow: fc.json(),
    waiting: fc.integer({ min: 0, max: 4e12 }),
    talk: anyText,
  },
  { requiredKeys: [] },
);

void t.test('given any record, then what is read is what was written, and nothing else', (t) => {
  const holds = (record: Partial<LegRecord>) => {
    const variables = writeRecord(record);
    const names = Object.keys(record) as (keyof LegRecord)[];
    return (
      Object.keys(variables).length === names.length &&
      names.every((name) => readRecord(variables, name) === record[name])
    );
  };
  t.doesNotThrow(() => fc.assert(fc.property(anyRecord, holds)));
  t.equal(readRecord({}, 'call'), undefined);
  t.end();
});

void t.test('given any record, then it is safe in the command that rings', (t) => {
  const holds = (data: Partial<LegRecord>) => {
    const { call: _call, role: _role, ...kept } = data;
    const command = originateArguments({
      ...{ callId: 'c', legId: 'l', role: 'agent', callerId: '4000', ringSec: 5, data: kept },
      endpoint: { kind: 'user', user: 'agent1' },
    });
    return /^\{[^{}[\]]*\}user\/agent1 &park\(\)$/.test(command);
  };
  t.doesNotThrow(() => fc.assert(fc.property(anyRecord, holds)));
  t.end();
});

void t.test('given what no version of ours has written, then it is not taken for a value', (t) => {
  const forged = (value: string) => Buffer.from(value).toString('base64url');
  t.equal(readRecord({ lt_role: forged('owner') }, 'role'), undefined);
  t.equal(readRecord({ lt_purpose: forged('') }, 'purpose'), undefined);
  t.equal(readRecord({ lt_waiting: forged('soon') }, 'waiting'), undefined);
  t.end();
});

void t.test('what the dialplan writes', (t) => {
  t.equal(hotlineOf({ lt_did: '4000' }), '4000');
  t.equal(hotlineOf({}), undefined);
  t.ok(isVouchedFor({ lt_trunk: 'carrier' }));
  t.notOk(isVouchedFor({ lt_trunk: '' }) || isVouchedFor({}));
  for (const [value, why] of [
    ['fax', 'fax'],
    ['true', 'nobody drives'],
    [undefined, undefined],
  ] as const) {
    const variables = value === undefined ? {} : { lt_unattended: value };
    t.equal(unattendedBecause(variables), why);
    const headers = value === undefined ? {} : { variable_lt_unattended: value };
    t.equal(unattendedByEvent(headers), why);
  }
  t.end();
});

void t.test('given the two switches, then they know what cti names', (t) => {
  const freeswitch = textOf('freeswitch-conf');
  const embedded = textOf('src/switch');
  const both = [
    ...[legVariable.did, legVariable.trunk, legVariable.unattended],
    ...Object.values(switchVariable),
    ...[driverVariable, hostVariable, waitingPlace.extension, unattendedPlace.extension],
  ];
  /** The embedded switch puts any global variable where a text names it, and has one domain. */
  const freeswitchOnly: readonly string[] = [
    ...[switchVariable.prompts, switchVariable.srtp],
    hostVariable,
  ];
  /** Set by a service alone, on either switch. */
  const serviceOnly: readonly string[] = [driverVariable];
  const knows = (text: string, name: string) => new RegExp(`\\b${name}\\b`).test(text);
  for (const name of both) {
    if (!serviceOnly.includes(name)) t.ok(knows(freeswitch, name), `${name}: FreeSWITCH`);
    if (!freeswitchOnly.includes(name)) t.ok(knows(embedded, name), `${name}: embedded`);
  }
  t.ok(knows(embedded, refusalsCommand));
  t.ok(knows(embedded, legVariable.answers));
  t.match(faxNote('01890000-0000-7000-8000-000000000000'), /^lt_fax_\w+$/, 'a name of letters');
  t.end();
});

function textOf(folder: string): string {
  const dir = path.join(root, folder);
  return readdirSync(dir, { recursive: true })
    .map((name) => path.join(dir, String(name)))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}
