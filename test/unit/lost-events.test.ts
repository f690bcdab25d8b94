import fc from 'fast-check';
import t from 'tap';
import { judge, mustLook, noSuspicion, type Suspicion } from '../../src/cti/nodes/lost-events.ts';

/** Beats one after the other, as the service makes them; the first at which events count as lost. */
function firstLost(beats: readonly (readonly string[])[], known = 0): number | undefined {
  let suspicion: Suspicion = noSuspicion;
  for (const [index, legs] of beats.entries()) {
    const surplus = legs.length;
    const isDue = mustLook(suspicion, surplus, known);
    const { lost, ...next } = judge(suspicion, {
      surplus,
      ...(isDue ? { odd: new Set(legs) } : {}),
    });
    if (lost.length > 0) return index;
    suspicion = next;
  }
  return undefined;
}

void t.test('a burst of short calls is not taken for lost events', (t) => {
  t.equal(firstLost([['a'], ['b'], ['c'], ['d'], ['e']]), undefined, 'always one on its way');
  t.equal(firstLost([['a', 'b'], ['c', 'd'], ['e', 'f'], []]), undefined);
  const calls = fc.array(fc.nat(3), { maxLength: 50 });
  fc.assert(
    fc.property(calls, (counts) => {
      let next = 0;
      const beats = counts.map((count) =>
        Array.from({ length: count }, () => `leg ${(next += 1)}`),
      );
      return firstLost(beats) === undefined;
    }),
  );
  t.end();
});

void t.test('a leg of which no event told is found, also among others', (t) => {
  t.equal(firstLost([['lost'], ['lost'], ['lost']]), 2);
  t.equal(firstLost([['lost', 'a'], ['lost', 'b'], ['lost'], ['lost']]), 2);
  t.equal(firstLost([['foreign'], ['foreign'], ['foreign']], 1), undefined, 'none of ours');
  t.end();
});
