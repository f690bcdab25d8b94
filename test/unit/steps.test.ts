import t from 'tap';
import { isPacked, pack, unpack } from '../../src/cti/call/packing.ts';
import {
  isStepDone,
  isStepRunning,
  proofOf,
  stepVariables,
} from '../../src/cti/leg/step-proofs.ts';
import { decodeVariable, encodeVariable } from '../../src/cti/call/variables.ts';
import { advance, jump, start } from '../../src/content/flows/machine.ts';
import { flowOf, moveOf, readOrigin, type Origin } from '../../src/content/flows/origin.ts';
import { shippedFlows } from '../../src/ivr/index.ts';

void t.test('given a step, then the leg says whether it is over', (t) => {
  const playing = 'play_and_get_digits';
  const proof = proofOf(playing);
  const begun = { ...stepVariables('7', proof), current_application: playing };
  t.notOk(isStepDone(begun, '7', playing));
  t.ok(isStepRunning(begun, '7', playing));
  t.ok(isStepDone({ ...begun, read_result: 'timeout' }, '7', playing));
  t.notOk(isStepDone({ ...begun, read_result: 'timeout' }, '8', playing), 'another one');
  t.notOk(isStepRunning(begun, '8', playing));
  t.ok(isStepDone({ ...begun, lt_done: '7' }, '7', playing), 'it was asked');
  t.notOk(isStepDone({ ...begun, lt_done: '6' }, '7', playing));
  const marked = stepVariables('9', undefined);
  t.notOk(isStepDone({ ...marked, read_result: 'success' }, '9', playing), "a former step's");
  t.ok(isStepDone({ ...marked, lt_done: '9' }, '9', playing));
  t.equal(proofOf('bridge'), undefined);
  t.equal(proofOf('toString'), undefined);
  t.end();
});

void t.test('given recovery data, then long ones are packed, and old ones are read', (t) => {
  const text = JSON.stringify({ from: { flow: 'main', vars: { greeting: '您好，锦绣花园。' } } });
  const long = JSON.stringify([text, text]);
  t.ok(isPacked(encodeVariable(long)));
  t.equal(decodeVariable(encodeVariable(long)), long);
  t.equal(unpack(pack('')), '');
  t.notOk(isPacked(encodeVariable('01890000-0000-7000-8000-000000000000')));
  t.equal(decodeVariable(Buffer.from(text).toString('base64url')), text, 'of a version before');
  // Calls live on while the service is replaced: what this version writes, every later one must read.
  t.equal(unpack('.1w-pppOBGJE9Eqnw5Zdnz3YtfdG18OnstKNBra2sB'), text);
  t.throws(() => unpack('.9abc'));
  t.end();
});

void t.test('given how a call came to where it is, then the machine goes there again', (t) => {
  const [flow] = shippedFlows;
  if (flow === undefined) throw new Error('no flow is shipped');
  const context = { version: 3, language: 'zh-CN' as const, vars: { greeting: '您好。' } };
  const begin = start(flow, context);
  const outcome = { kind: 'digits', digits: '2' } as const;
  const next = advance(flow, begin.state, outcome);
  const again = (origin: Origin) => {
    const read = readOrigin(JSON.stringify(origin));
    if (read === undefined) throw new Error('nothing was kept');
    t.match(flowOf(read), { flow: flow.id, version: 3 });
    return moveOf(flow, read);
  };
  t.same(again({ start: { flow: flow.id, ...context } }), begin);
  t.same(again({ from: begin.state, outcome }), next);
  t.same(
    again({ from: begin.state, target: flow.farewell }),
    jump(flow, begin.state, flow.farewell),
  );
  t.same(again(next), next, 'as a version before wrote it');
  t.equal(readOrigin(undefined), undefined);
  t.end();
});
