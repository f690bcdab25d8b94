import t from 'tap';
import { unreachableStates } from '../../src/core/states.ts';
import type { WorkOrderKind, WorkOrderState } from '../../src/db/index.ts';
import {
  checkKind,
  nextState,
  nextStates,
  workOrderTransitions,
} from '../../src/workorders/transitions.ts';

const states = Object.keys(workOrderTransitions) as WorkOrderState[];
const kinds: WorkOrderKind[] = ['repair', 'complaint', 'suggestion', 'other'];

void t.test('the life of a work order', (t) => {
  t.same(unreachableStates(workOrderTransitions, 'new'), []);

  for (const kind of kinds) {
    for (const state of states) {
      for (const to of states) {
        const order = { kind, state };
        const move = () => nextState(order, { to, by: 'owner', note: 'x' });
        if (workOrderTransitions[state].includes(to)) {
          t.equal(move(), to);
        } else {
          t.throws(move, { code: 'work_order.illegal_transition', details: { from: state, to } });
        }
      }
    }
  }

  for (const kind of ['repair', 'complaint'] as const) {
    const done = { kind, state: 'done' } as const;
    for (const to of ['confirmed', 'closed'] as const) {
      t.throws(() => nextState(done, { to, by: 'staff', note: 'x' }), {
        code: 'work_order.owner_must_confirm',
      });
      t.throws(() => nextState(done, { to, by: 'supervisor', note: ' ' }), {
        code: 'work_order.reason_missing',
      });
      t.equal(nextState(done, { to, by: 'supervisor', note: '联系不上业主' }), to);
      t.equal(nextState(done, { to, by: 'owner', note: '' }), to);
    }
    t.same(nextStates(done, 'staff'), ['in_progress']);
    t.same(nextStates(done, 'supervisor'), ['in_progress', 'confirmed', 'closed']);
  }
  for (const kind of ['repair', 'complaint'] as const) {
    const done = { kind, state: 'done' } as const;
    t.throws(() => checkKind(done, { to: 'other', by: 'staff' }), {
      code: 'work_order.owner_must_confirm',
    });
    checkKind(done, { to: 'other', by: 'supervisor' });
    checkKind(done, { to: 'repair', by: 'staff' });
    checkKind({ kind, state: 'in_progress' }, { to: 'other', by: 'staff' });
    checkKind({ kind: 'other', state: 'done' }, { to: kind, by: 'staff' });
  }
  const asked = { kind: 'consultation', state: 'done' } as const;
  t.equal(nextState(asked, { to: 'closed', by: 'staff', note: '' }), 'closed');
  t.throws(
    () => nextState({ kind: 'other', state: 'new' }, { to: 'cancelled', by: 'staff', note: '' }),
    {
      code: 'work_order.reason_missing',
      details: { field: 'note' },
    },
  );
  t.end();
});
