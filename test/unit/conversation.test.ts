import t from 'tap';
import { Conversation } from '../../src/agents/conversation/conversation.ts';
import type { ConversationParts, Party } from '../../src/agents/conversation/conversation.types.ts';
import { keepPops } from '../../src/agents/pops.ts';
import type { Pop } from '../../src/api/contract/pop.ts';
import type { Lines } from '../../src/agents/conversation/lines.ts';
import { silentLog } from '../../src/core/log.ts';
import type { CallStore } from '../../src/cti/call/call-store.ts';
import { LiveCall } from '../../src/cti/call/live-call.ts';
import { LiveLeg } from '../../src/cti/call/live-leg.ts';

/** A customer and agents whose lines come and go while the switch is being asked for something. */
function scene() {
  const log = silentLog();
  const told: string[] = [];
  const legs = new Map<string, LiveLeg>();
  const store = {
    append: () => Promise.resolve(),
    update: () => Promise.resolve(),
  } as unknown as CallStore;
  const line = { api: () => Promise.resolve('+OK'), run: () => Promise.resolve('+OK') };
  const call = new LiveCall({
    ...{ id: 'call', legId: 'customer', direction: 'inbound', did: '4000', switchNode: 'a' },
    ...{ callerNumber: '', startedAt: new Date(0), isAnswered: true, variables: {} },
    ...{ line, store, log },
  });
  const party = (name: string): Party & { leg: LiveLeg } => {
    const leg = new LiveLeg({
      ...{ id: `leg-${name}`, callId: 'call', role: 'agent', switchNode: 'a', number: '' },
      ...{ variables: {}, isAnswered: true, onAnswered: () => 0, onGone: () => 0 },
    });
    legs.set(leg.id, leg);
    return { staffId: name, label: name, leg };
  };
  const state: { onConnect: (leg: string) => void } = { onConnect: () => undefined };
  const lines: Lines = {
    connect(_call, leg) {
      state.onConnect(leg.id);
      return call.gone.aborted ? Promise.reject(new Error('gone')) : Promise.resolve();
    },
    connectLegs: () => Promise.resolve(),
    separate: () => Promise.resolve(),
    park: () => Promise.resolve(),
    music: () => Promise.resolve(),
    quiet: () => Promise.resolve(),
    ringback: () => Promise.resolve(),
    gather: () => Promise.resolve(),
    hangUp(leg) {
      told.push(`${leg.id} is hung up`);
      legs.get(leg.id)?.end('NORMAL_CLEARING');
      return Promise.resolve();
    },
    press: () => Promise.resolve(),
  };
  const parts: ConversationParts = {
    ...{ lines, log, isBrowser: () => false, onChange: () => undefined },
    onJoining: () => Promise.resolve(),
    onParty: (_one, { staffId }, what) => void told.push(`${staffId ?? ''} ${what}`),
  };
  const open = (agent: Party) => new Conversation(call, agent, 'queue', parts);
  const talking = async (agent: Party) => {
    const conversation = open(agent);
    await conversation.begin();
    return conversation;
  };
  return { call, party, told, open, talking, state };
}

void t.test('given a customer who left before it began, then it is over', async (t) => {
  const { call, party, open, told } = scene();
  call.end('NORMAL_CLEARING');
  const conversation = open(party('ann'));
  await conversation.begin();
  t.strictSame(await conversation.ended, { kind: 'customer_left' });
  t.strictSame(told, ['ann left', 'leg-ann is hung up']);
  t.notOk(conversation.hasMet);
});

void t.test('given an agent who hung up before it began, then the customer waits on', async (t) => {
  const { party, open } = scene();
  const ann = party('ann');
  ann.leg.end('NORMAL_CLEARING');
  const conversation = open(ann);
  await conversation.begin();
  t.strictSame(await conversation.ended, { kind: 'agent_lost', staffId: 'ann' });
});

void t.test('given an agent who hangs up while they are connected, then the same', async (t) => {
  const { party, open, state } = scene();
  const ann = party('ann');
  state.onConnect = () => ann.leg.end('NORMAL_CLEARING');
  const conversation = open(ann);
  await conversation.begin();
  t.strictSame(await conversation.ended, { kind: 'agent_lost', staffId: 'ann' });
});

for (const act of ['completeConsult', 'cancelConsult'] as const) {
  await t.test(`given a customer who leaves in ${act}, then nobody is left there`, async (t) => {
    const { call, party, talking, told, state } = scene();
    const conversation = await talking(party('ann'));
    await conversation.consult('ann', () => Promise.resolve(party('bob')));
    state.onConnect = () => call.end('NORMAL_CLEARING');
    await t.rejects(conversation[act]('ann'));
    for (const name of ['ann', 'bob']) {
      t.equal(told.filter((one) => one === `${name} left`).length, 1, name);
      t.ok(told.includes(`leg-${name} is hung up`), name);
    }
  });
}

void t.test('given a colleague who hung up as they answered, then it is a hold', async (t) => {
  const { party, talking } = scene();
  const conversation = await talking(party('ann'));
  const bob = party('bob');
  bob.leg.end('NORMAL_CLEARING');
  await conversation.consult('ann', () => Promise.resolve(bob));
  await conversation.resume('ann');
  t.equal(conversation.mode, 'talking');
  t.equal(conversation.other, undefined);
});

void t.test('given a supervisor who takes over, then everybody else is let go', async (t) => {
  const { call, party, talking, told } = scene();
  const conversation = await talking(party('ann'));
  await conversation.consult('ann', () => Promise.resolve(party('bob')));
  await conversation.replaceAgent(party('sue'));
  t.ok(told.includes('ann left') && told.includes('bob left'));
  t.equal(conversation.agent.staffId, 'sue');
  call.end('NORMAL_CLEARING');
  await conversation.ended;
  const late = party('tom');
  await t.rejects(conversation.replaceAgent(late), { code: 'conversation.wrong_state' });
  t.ok(late.leg.gone.aborted, 'who comes too late is hung up');
});

void t.test(
  'given a screen that needs no pop any more, then the late one is not kept',
  async (t) => {
    const builds: ((pop: Pop) => void)[] = [];
    const pops = keepPops(() => new Promise((resolve) => builds.push(resolve)));
    const pop = (callerNumber: string) => ({ callerNumber }) as Pop;
    const first = pops.read('call');
    const second = pops.refresh('call');
    builds[1]?.(pop('new'));
    await second;
    builds[0]?.(pop('old'));
    await first;
    t.equal(pops.peek('call')?.callerNumber, 'new');
    const late = pops.refresh('call');
    pops.forget('call');
    builds[2]?.(pop('late'));
    await late;
    t.equal(pops.peek('call'), undefined);
  },
);
