import fc from 'fast-check';
import t from 'tap';
import { place, type NodeFacts } from '../../src/cti/nodes/placement.ts';

const node = (name: string, facts: Partial<NodeFacts> = {}): NodeFacts => ({
  ...{ name, isConnected: true, hasModem: false },
  ...facts,
});

void t.test('where a call of ours is dialled', (t) => {
  const away = { isConnected: false };
  const modem = { hasModem: true };
  const rows = [
    ['the first of the settings', [node('a'), node('b')], 'nothing', { node: 'a' }],
    ['one that is away is passed over', [node('a', away), node('b')], 'nothing', { node: 'b' }],
    ['a fax goes where a modem is', [node('a'), node('b', modem)], 'modem', { node: 'b' }],
    [
      'a modem of a switch that is away helps nobody',
      [node('a'), node('b', { ...away, ...modem })],
      'modem',
      { refused: 'no modem' },
    ],
    ['all away', [node('a', away)], 'modem', { refused: 'not connected' }],
    ['none at all', [], 'nothing', { refused: 'not connected' }],
  ] as const;
  for (const [name, nodes, needs, wanted] of rows) t.same(place(nodes, needs), wanted, name);
  t.end();
});

void t.test('given any switches, then the call goes to one that can, if there is one', (t) => {
  const nodes = fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      isConnected: fc.boolean(),
      hasModem: fc.boolean(),
    }),
    { selector: ({ name }) => name },
  );
  const holds = (all: readonly NodeFacts[], needs: 'nothing' | 'modem') => {
    const able = all.filter((one) => one.isConnected && (needs === 'nothing' || one.hasModem));
    const placement = place(all, needs);
    return 'node' in placement ? able[0]?.name === placement.node : able.length === 0;
  };
  t.doesNotThrow(() => fc.assert(fc.property(nodes, fc.constantFrom('nothing', 'modem'), holds)));
  t.end();
});
