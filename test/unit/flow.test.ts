import t from 'tap';
import fc from 'fast-check';
import { advance, start } from '../../src/content/flows/machine.ts';
import type { Action, Outcome } from '../../src/content/flows/state.types.ts';
import { validateFlow } from '../../src/content/index.ts';
import { shippedFlows } from '../../src/ivr/index.ts';
import { speak } from '../../src/content/flows/text.ts';

const [flow] = shippedFlows;
if (flow === undefined) throw new Error('no flow is shipped');
const context = {
  version: 1,
  language: 'zh-CN' as const,
  vars: { greeting: { 'zh-CN': '您好。', en: 'Hello.' } },
};
const home = {
  roomId: '01a20cb0-c8e1-76ab-9298-a0c889f5981e',
  personId: '01a20cb0-c998-7348-935b-3c5bae6e1956',
  label: '01',
  estate: { 'zh-CN': '锦绣花园', en: 'Jinxiu Garden' },
};

/** Anything that the world might answer to an action. */
function outcomesOf(action: Action): fc.Arbitrary<Outcome> {
  const failed = fc.constant<Outcome>({ kind: 'failed', reason: 'test' });
  const result = (...names: string[]) =>
    fc.constantFrom(...names).map((name): Outcome => ({
      kind: 'result',
      result: name,
      vars: {
        homes: [home, home],
        home,
        count: 1,
        total: 8650,
        unpaid: [],
        triesLeft: 2,
        orderNumber: '261124-0001',
      },
    }));
  switch (action.do) {
    case 'collect':
      return fc.oneof(
        fc.constantFrom(...'0123456789*#').map((digits): Outcome => ({ kind: 'digits', digits })),
        fc.constant<Outcome>({ kind: 'silence' }),
      );
    case 'verifyPin':
      return fc.oneof(
        result('ok', 'wrong', 'locked', 'unset', 'back'),
        fc.constant<Outcome>({ kind: 'silence' }),
      );
    case 'read':
      return fc.oneof(
        fc.constantFrom(...'0123456789*#').map((digits): Outcome => ({ kind: 'digits', digits })),
        fc.constant<Outcome>({ kind: 'silence' }),
        result('gone'),
        failed,
      );
    case 'record':
      return fc.constantFrom(0, 300, 5000).map((spokenMs): Outcome => ({
        kind: 'recorded',
        recordingId: home.roomId,
        spokenMs,
        terminator: '#',
      }));
    case 'lookup':
      return fc.oneof(result('none', 'one', 'many', 'some', 'open', 'yes', 'no', 'ok'), failed);
    case 'transfer':
      return result('failed', 'ok', 'talked');
    case 'order':
      return fc.oneof(result('ok'), failed);
    default:
      return fc.constant<Outcome>({ kind: 'done' });
  }
}

void t.test('flows', async (t) => {
  await t.test('given the shipped flows, then they are valid', (t) => {
    for (const one of shippedFlows) t.equal(validateFlow(structuredClone(one)).id, one.id);
    t.end();
  });

  await t.test('given a talk that is over, then a mark is asked for once, and kept', (t) => {
    const atAgent = advance(flow, start(flow, context).state, { kind: 'digits', digits: '0' });
    t.match(atAgent.action, { do: 'transfer', hasSequel: true });
    const asked = advance(flow, atAgent.state, { kind: 'result', result: 'talked' });
    t.match(asked.action, { do: 'collect', maxDigits: 1 });
    const marked = advance(flow, asked.state, { kind: 'digits', digits: '2' });
    t.match(marked.action, { do: 'survey', survey: 'service', score: 4 });
    const thanked = advance(flow, marked.state, { kind: 'done' });
    t.match(thanked.action, { do: 'play' });
    t.equal(thanked.state.node, 'rated');
    const silent = advance(flow, asked.state, { kind: 'silence' });
    t.equal(silent.state.node, 'goodbye', 'whoever says nothing is not asked again');
    t.end();
  });

  await t.test(
    'a flow that starts where objects come from is a broken flow, no failure of ours',
    (t) => {
      for (const id of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
        for (const change of [
          { start: id },
          { farewell: id },
          { machine: id },
          { keys: { 9: id } },
        ]) {
          t.throws(() => validateFlow({ ...flow, ...change }), { code: 'flow.invalid' }, id);
        }
      }
      t.end();
    },
  );

  await t.test('given a broken flow, then every fault is named with its path', (t) => {
    const broken = structuredClone(flow);
    broken.start = 'nowhere';
    broken.nodes['later'] = { type: 'say', text: { 'zh-CN': '请留言。' }, next: 'nothing' };
    t.throws(() => validateFlow(broken), {
      code: 'flow.invalid',
      details: {
        problems: [
          'start leads to "nowhere", which does not exist',
          'nodes.later.next leads to "nothing", which does not exist',
          'nodes.later.text has no text in en',
        ],
      },
    });
    t.throws(() => validateFlow({}), { code: 'flow.invalid' });
    t.throws(() => validateFlow({ ...flow, nodes: { ...flow.nodes, x: { type: 'dance' } } }), {
      message: /nodes\.x\.type/,
    });
    t.end();
  });

  await t.test(
    'given any caller, then every call ends, and no action is ever without words to say or a next step',
    (t) => {
      fc.assert(
        fc.property(fc.infiniteStream(fc.nat(1_000_000)), (seeds) => {
          let move = start(flow, context);
          for (let turn = 0; turn < 400; turn += 1) {
            const { action, state } = move;
            if (action.do === 'end') return true;
            if (action.do === 'collect' && action.say.length === 0) return false;
            if (JSON.stringify(JSON.parse(JSON.stringify(state))) !== JSON.stringify(state)) {
              return false;
            }
            const seed = Number(seeds.next().value);
            const [outcome] = fc.sample(outcomesOf(action), { seed, numRuns: 1 });
            if (outcome === undefined) return false;
            move = advance(flow, state, outcome);
          }
          return false;
        }),
        { numRuns: 200 },
      );
      t.end();
    },
  );

  await t.test('given a bill, then its amount is in no action before the PIN was right', (t) => {
    let move = start(flow, context);
    move = advance(flow, move.state, { kind: 'digits', digits: '1' });
    t.equal(move.action.do, 'lookup');
    move = advance(flow, move.state, {
      kind: 'result',
      result: 'one',
      vars: { homes: [home], home },
    });
    t.match(move.action, { do: 'verifyPin', personId: home.personId });
    move = advance(flow, move.state, { kind: 'result', result: 'wrong', vars: { triesLeft: 2 } });
    t.match(move.action, { do: 'verifyPin' });
    move = advance(flow, move.state, { kind: 'result', result: 'ok' });
    t.match(move.action, { do: 'lookup', what: 'bills' });
    move = advance(flow, move.state, {
      kind: 'result',
      result: 'some',
      vars: {
        count: 1,
        total: 8650,
        unpaid: [{ kind: 'water', period: '2026-10', amountFen: 8650 }],
      },
    });
    t.match(JSON.stringify(move.action), /二零二六年十月水费，八十六元五角。/);
    t.end();
  });

  await t.test(
    'given bills that are not due yet, then the hotline does not say there are none',
    (t) => {
      const later = [{ kind: 'water', period: '2026-12', amountFen: 8650, dueOn: '2026-12-25' }];
      const heard = (laterCount: number) => {
        let move = start(flow, context);
        move = advance(flow, move.state, { kind: 'digits', digits: '1' });
        const found = { homes: [home], home };
        move = advance(flow, move.state, { kind: 'result', result: 'one', vars: found });
        move = advance(flow, move.state, { kind: 'result', result: 'ok' });
        const vars = {
          count: 0,
          total: 0,
          unpaid: [],
          laterCount,
          later: laterCount > 0 ? later : [],
        };
        return JSON.stringify(
          advance(flow, move.state, { kind: 'result', result: 'none', vars }).action,
        );
      };
      t.match(
        heard(1),
        /没有到期未缴的账单。.*尚未到期的有一笔。.*十二月水费，八十六元五角，十二月二十五日到期。/,
      );
      t.match(heard(0), /您没有未缴账单。/);
      t.end();
    },
  );

  await t.test('given 4, then orders are told in both languages, but not before the PIN', (t) => {
    const heard = {
      'zh-CN': /工单二六幺幺二四，零零零幺，报修，正在处理。/,
      en: /repair: being worked on\./,
    };
    for (const language of ['zh-CN', 'en'] as const) {
      let move = start(flow, { ...context, language });
      move = advance(flow, move.state, { kind: 'digits', digits: '4' });
      t.match(move.action, { do: 'lookup', what: 'homes' });
      move = advance(flow, move.state, {
        kind: 'result',
        result: 'one',
        vars: { homes: [home], home },
      });
      t.match(move.action, { do: 'verifyPin', personId: home.personId });
      const locked = advance(flow, move.state, { kind: 'result', result: 'locked' });
      t.equal(locked.state.node, 'main', 'no orders for whoever is locked out');
      move = advance(flow, move.state, { kind: 'result', result: 'ok' });
      t.match(move.action, { do: 'lookup', what: 'orders' });
      const none = advance(flow, move.state, { kind: 'result', result: 'none' });
      t.equal(none.state.node, 'main');
      move = advance(flow, move.state, {
        kind: 'result',
        result: 'some',
        vars: { orders: [{ number: '261124-0001', kind: 'repair', state: 'in_progress' }] },
      });
      t.match(JSON.stringify(move.action), heard[language]);
    }
    const stranger = advance(
      flow,
      advance(flow, start(flow, context).state, { kind: 'digits', digits: '4' }).state,
      { kind: 'result', result: 'none', vars: { homes: [], home: null } },
    );
    t.equal(stranger.state.node, 'message');
    t.end();
  });

  await t.test(
    'given a caller who says and presses nothing, then goodbye after two announcements',
    (t) => {
      let move = start(flow, context);
      const wrong = advance(flow, move.state, { kind: 'digits', digits: '#' });
      t.equal(
        advance(flow, wrong.state, { kind: 'silence' }).state.node,
        'main',
        'who tries has more',
      );
      for (let turn = 0; turn < 2; turn += 1) move = advance(flow, move.state, { kind: 'silence' });
      t.equal(move.state.node, 'goodbye');
      move = advance(flow, move.state, { kind: 'done' });
      t.equal(move.action.do, 'hangup');

      const recorded = { kind: 'recorded', recordingId: home.roomId, spokenMs: 0 } as const;
      move = advance(flow, start(flow, context).state, { kind: 'digits', digits: '7' });
      for (let turn = 0; turn < 2; turn += 1) {
        t.match(move.action, { do: 'play', hasTone: true });
        move = advance(flow, advance(flow, move.state, { kind: 'done' }).state, recorded);
      }
      t.equal(move.state.node, 'goodbye', 'and no order');
      t.end();
    },
  );
});

void t.test('a notice without English is spoken in Chinese within an English call', (t) => {
  const text = { 'zh-CN': '{greeting}{message}听清请按1。', en: '{greeting} {message} Press 1.' };
  const greeting = { 'zh-CN': '您好。', en: 'Hello.' };
  const say = (message: Record<string, string>) => speak(text, 'en', { greeting, message });
  t.same(say({ 'zh-CN': '明日停水。', en: 'No water tomorrow.' }), [
    { text: 'Hello.', language: 'en' },
    { text: 'No water tomorrow.', language: 'en' },
    { text: 'Press 1.', language: 'en' },
  ]);
  t.same(say({ 'zh-CN': '明日停水。请储水。' }), [
    { text: 'Hello.', language: 'en' },
    { text: '明日停水。', language: 'zh-CN' },
    { text: '请储水。', language: 'zh-CN' },
    { text: 'Press 1.', language: 'en' },
  ]);
  t.same(
    speak(text, 'zh-CN', { greeting, message: { 'zh-CN': '明日停水。' } }).map(
      (one) => one.language,
    ),
    ['zh-CN', 'zh-CN', 'zh-CN'],
  );
  t.end();
});
