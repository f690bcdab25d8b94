import t from 'tap';
import { Adoptions, type AdoptionParts } from '../../src/agents/conversations/recovery/adoption.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Call, LegSound } from '../../src/cti/index.ts';
import fc from 'fast-check';
import {
  readRecovery,
  recoveryText,
  type RecoveryRecord,
} from '../../src/agents/conversations/recovery-record.ts';
import {
  planRecovery,
  type LegState,
  type PartyState,
  type RecoveryFacts,
} from '../../src/agents/conversations/recovery/plan.ts';

const customer: LegState = { legId: 'c', bridgedTo: undefined, sound: 'tune' };
const party = (legId: string, facts: Partial<PartyState> = {}): PartyState => ({
  legId,
  isAnswered: true,
  bridgedTo: undefined,
  sound: 'other',
  ...facts,
});
const recordOf = (mode: RecoveryRecord['mode'], other?: string): RecoveryRecord => ({
  mode,
  agent: { legId: 'a', staffId: 'anna' },
  other: other === undefined ? null : { legId: other, staffId: 'otto' },
  queueId: 'q',
});

void t.test('what stands of a conversation', (t) => {
  const rows: readonly [string, RecoveryFacts, object][] = [
    [
      'who talks goes on, whatever was meant',
      {
        record: recordOf('held'),
        customer: { ...customer, bridgedTo: 'a' },
        parties: [party('a', { bridgedTo: 'c' })],
      },
      { mode: 'talking', agentLegId: 'a', repairs: [], dismissed: [] },
    ],
    [
      'a customer on hold hears music still',
      { record: recordOf('held'), customer, parties: [party('a')] },
      { mode: 'held', agentLegId: 'a', repairs: [] },
    ],
    [
      'a customer who was parted and heard nothing yet gets music',
      {
        record: recordOf('held'),
        customer: { ...customer, sound: 'other' },
        parties: [party('a')],
      },
      { mode: 'held', repairs: ['music'] },
    ],
    [
      'a held customer whose agent is gone is alone',
      { record: recordOf('held'), customer, parties: [] },
      { kind: 'alone', dismissed: [] },
    ],
    [
      'a consultation goes on',
      {
        record: recordOf('consulting', 'o'),
        customer,
        parties: [party('a', { bridgedTo: 'o' }), party('o', { bridgedTo: 'a' })],
      },
      { mode: 'consulting', agentLegId: 'a', otherLegId: 'o', repairs: [] },
    ],
    [
      'a consultation whose target is gone returns to hold, and nothing rings for the agent',
      {
        record: recordOf('consulting', 'o'),
        customer,
        parties: [party('a', { sound: 'tune' })],
      },
      { mode: 'held', agentLegId: 'a', otherLegId: undefined, repairs: ['quiet'] },
    ],
    [
      'a colleague whose telephone only rings is let go',
      {
        record: recordOf('consulting'),
        customer,
        parties: [party('a', { sound: 'tune' }), party('o', { isAnswered: false })],
      },
      { mode: 'held', repairs: ['quiet'], dismissed: ['o'] },
    ],
    [
      'an agent who left a consultation has handed the customer over',
      { record: recordOf('consulting', 'o'), customer, parties: [party('o')] },
      { mode: 'talking', agentLegId: 'o', repairs: ['connect'] },
    ],
    [
      'a conference goes on',
      {
        record: recordOf('conference', 'o'),
        customer: { ...customer, sound: 'conference' },
        parties: [party('a', { sound: 'conference' }), party('o', { sound: 'conference' })],
      },
      { mode: 'conference', otherLegId: 'o', repairs: [] },
    ],
    [
      'a conference that was half made is made whole',
      {
        record: recordOf('conference', 'o'),
        customer: { ...customer, sound: 'conference' },
        parties: [party('a'), party('o')],
      },
      { mode: 'conference', repairs: ['gather'] },
    ],
    [
      'a conference with two people left is a talk',
      {
        record: recordOf('conference', 'o'),
        customer: { ...customer, sound: 'conference' },
        parties: [party('a', { sound: 'conference' })],
      },
      { mode: 'talking', agentLegId: 'a', repairs: ['connect'] },
    ],
    [
      'without a record nobody has talked yet: telephones that ring are let go',
      { record: undefined, customer, parties: [party('a'), party('b', { isAnswered: false })] },
      { kind: 'alone', dismissed: ['a', 'b'] },
    ],
  ];
  for (const [name, facts, wanted] of rows) t.match(planRecovery(facts), wanted, name);
  t.end();
});

const sounds = ['tune', 'conference', 'other'] as const;
const legIds = ['a', 'o', 'x'] as const;

/** Any state that a kill may leave: marks and legs need not fit each other. */
const anyFacts: fc.Arbitrary<RecoveryFacts> = fc
  .record({
    mode: fc.constantFrom('talking', 'held', 'consulting', 'conference', undefined),
    hasOther: fc.boolean(),
    alive: fc.subarray([...legIds]),
    ringing: fc.subarray([...legIds]),
    pair: fc.constantFrom('', 'ca', 'co', 'cx', 'ao', 'ax', 'ox'),
    heard: fc.tuple(...['c', ...legIds].map(() => fc.constantFrom(...sounds))),
  })
  .map(({ mode, hasOther, alive, ringing, pair, heard: [own, ...others] }) => {
    const talks = (legId: string): string | undefined => {
      const isBridged =
        pair.includes(legId) &&
        [...pair].every((one) => one === 'c' || (isUp(one) && alive.some((two) => two === one)));
      return isBridged ? [...pair].find((one) => one !== legId) : undefined;
    };
    const isUp = (legId: string) => !ringing.some((one) => one === legId);
    return {
      record: mode === undefined ? undefined : recordOf(mode, hasOther ? 'o' : undefined),
      customer: { legId: 'c', bridgedTo: talks('c'), sound: own ?? 'other' },
      parties: legIds
        .filter((one) => alive.includes(one))
        .map((legId, at) => ({
          legId,
          isAnswered: isUp(legId),
          bridgedTo: talks(legId),
          sound: others[at] ?? 'other',
        })),
    };
  });

/** What the switch makes of the repairs. */
function repaired(facts: RecoveryFacts): RecoveryFacts {
  const found = planRecovery(facts);
  if (found.kind === 'alone') return { ...facts, record: undefined, parties: [] };
  const { agentLegId: agent, otherLegId: other } = found;
  const legs = new Map(
    [facts.customer, ...facts.parties]
      .filter(({ legId }) => !found.dismissed.includes(legId))
      .map((leg) => [leg.legId, { ...leg }]),
  );
  for (const leg of legs.values()) {
    if (leg.bridgedTo !== undefined && !legs.has(leg.bridgedTo)) leg.bridgedTo = undefined;
  }
  const run = (legId: string, sound: LegSound) => {
    const leg = legs.get(legId)!;
    const partner = legs.get(leg.bridgedTo ?? '');
    if (partner !== undefined) partner.bridgedTo = undefined;
    Object.assign(leg, { sound, bridgedTo: undefined });
  };
  const bridge = (one: string, two: string) => {
    run(one, 'other');
    run(two, 'other');
    legs.get(one)!.bridgedTo = two;
    legs.get(two)!.bridgedTo = one;
  };
  for (const repair of found.repairs) {
    if (repair === 'connect') bridge('c', agent);
    else if (repair === 'connect parties') bridge(agent, other!);
    else if (repair === 'music') run('c', 'tune');
    else if (repair === 'quiet') run(agent, 'other');
    else for (const legId of ['c', agent, other!]) run(legId, 'conference');
  }
  const record: RecoveryRecord = {
    mode: found.mode,
    agent: { legId: agent, staffId: null },
    other: other === undefined ? null : { legId: other, staffId: null },
    queueId: null,
  };
  const { c, ...rest } = Object.fromEntries(legs) as Record<string, PartyState>;
  return { record, customer: c!, parties: Object.values(rest) };
}

void t.test('given any legs and any record', (t) => {
  const check = (name: string, holds: (facts: RecoveryFacts) => boolean) =>
    t.doesNotThrow(() => fc.assert(fc.property(anyFacts, holds), { numRuns: 2000 }), name);

  check('no telephone is forgotten: each belongs to it or is let go', (facts) => {
    const found = planRecovery(facts);
    const kept = found.kind === 'alone' ? [] : [found.agentLegId, found.otherLegId];
    return facts.parties.every(
      ({ legId }) => kept.includes(legId) !== found.dismissed.includes(legId),
    );
  });
  check('only people who have answered stay', (facts) => {
    const found = planRecovery(facts);
    if (found.kind === 'alone') return true;
    const up = facts.parties.filter((one) => one.isAnswered).map((one) => one.legId);
    const isTwo = found.mode === 'consulting' || found.mode === 'conference';
    return (
      up.includes(found.agentLegId) &&
      isTwo === (found.otherLegId !== undefined) &&
      (found.otherLegId === undefined || up.includes(found.otherLegId)) &&
      found.otherLegId !== found.agentLegId
    );
  });
  check('who talks to the customer is not parted from them', (facts) => {
    const partner = facts.customer.bridgedTo;
    const found = planRecovery(facts);
    return (
      partner === undefined ||
      (found.kind === 'together' && found.agentLegId === partner && found.repairs.length === 0)
    );
  });
  check('nobody whose agent lives is sent away', (facts) => {
    const lives = facts.parties.some((one) => one.isAnswered && one.legId === 'a');
    return facts.record === undefined || !lives || planRecovery(facts).kind === 'together';
  });
  check('afterwards the customer hears a person or music', (facts) => {
    const after = repaired(facts);
    if (after.record === undefined) return true;
    const { bridgedTo, sound } = after.customer;
    const { mode, agent } = after.record;
    if (mode === 'talking') return bridgedTo === agent.legId;
    return bridgedTo === undefined && sound === (mode === 'conference' ? 'conference' : 'tune');
  });
  check('looked at again, it stands, and nothing is left to do', (facts) => {
    const after = repaired(facts);
    const again = planRecovery(after);
    if (after.record === undefined) return again.kind === 'alone';
    return (
      again.kind === 'together' &&
      again.mode === after.record.mode &&
      again.repairs.length === 0 &&
      again.dismissed.length === 0
    );
  });
  t.end();
});

void t.test('the record on the leg', (t) => {
  for (const record of [recordOf('held'), recordOf('conference', 'o')]) {
    t.strictSame(readRecovery(recoveryText(record)), record);
  }
  for (const text of [undefined, '', 'x', '{}', '{"mode":"gone"}', 'null']) {
    t.equal(readRecovery(text), undefined);
  }
  t.end();
});

void t.test(
  'given a call that is led on while it is looked at, then the look is waited for',
  async (t) => {
    let seen: (facts: undefined) => void = () => undefined;
    const look = new Promise<undefined>((resolve) => (seen = resolve));
    const parts = {
      cti: {
        legsOf: () => [{ id: 'leg', role: 'agent', recall: () => undefined }],
        look: () => look,
      },
      onLost: () => Promise.resolve(),
    } as unknown as AdoptionParts;
    const call = {
      ...{ id: 'call', legId: 'customer', switchNode: 'a', log: silentLog() },
      ...{ recall: () => undefined, gone: new AbortController().signal },
    } as unknown as Call;
    const adoptions = new Adoptions(parts);
    adoptions.begin(call);
    const taken = adoptions.take('call');
    let isIdle = false;
    const idle = adoptions.idle().then(() => (isIdle = true));
    await new Promise((resolve) => setImmediate(resolve));
    t.notOk(isIdle, 'or whoever talks in it would wrap up in the middle of it');
    seen(undefined);
    await idle;
    t.match(await taken, { conversation: undefined });
  },
);
