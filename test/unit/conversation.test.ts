import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { begin } from '../../src/agents/conversations/acts.ts';
import {
  cancelConsult,
  completeConsult,
  consult,
  startConference,
} from '../../src/agents/conversations/consultation.ts';
import {
  openConversation,
  type ConversationsParts,
} from '../../src/agents/conversations/conversations.ts';
import {
  conversationTransitions,
  type ConversationMode,
} from '../../src/agents/conversations/conversation.states.ts';
import { hangUp } from '../../src/agents/conversations/departures.ts';
import { holdCaller, resumeCaller } from '../../src/agents/conversations/hold-resume.ts';
import { blindTransfer, replaceAgent } from '../../src/agents/conversations/transfer.ts';
import type { Party } from '../../src/agents/acd/queues/waiting.types.ts';
import { keepPops } from '../../src/lookup/pops.ts';
import type { Pop } from '../../src/contract/agents/pop.ts';
import { silentLog } from '../../src/core/log.ts';
import type { CallStore } from '../../src/cti/call/call-store.ts';
import type { SwitchLink } from '../../src/cti/call/link.ts';
import { LiveCall } from '../../src/cti/call/live-call.ts';
import { LiveLeg } from '../../src/cti/leg/live-leg.ts';

/** A customer and agents whose lines come and go while the switch is being asked for something. */
function scene() {
  const log = silentLog();
  const told: string[] = [];
  const legs = new Map<string, LiveLeg>();
  const timeline: { kind: string; data: Record<string, unknown> }[] = [];
  const store = {
    append: (_call: string, kind: string, data: Record<string, unknown>) => {
      timeline.push({ kind, data });
      return Promise.resolve();
    },
    update: () => Promise.resolve(),
  } as unknown as CallStore;
  const state: { onConnect: (leg: string) => void } = { onConnect: () => undefined };
  /** A switch that does at once what it is told. */
  const link: SwitchLink = {
    api(command) {
      const [verb = '', one = '', two = ''] = command.split(' ');
      if (verb === 'uuid_kill') {
        told.push(`${one} is hung up`);
        legs.get(one)?.end('NORMAL_CLEARING');
      }
      if (verb === 'uuid_bridge') {
        if (one === 'customer') state.onConnect(two);
        const bridged = {
          ...{ 'Event-Name': 'CHANNEL_BRIDGE', 'Unique-ID': one },
          ...{ 'Bridge-A-Unique-ID': one, 'Bridge-B-Unique-ID': two },
        };
        for (const end of [one === 'customer' ? call : legs.get(one), legs.get(two)]) {
          end?.onEvent(bridged);
        }
      }
      return Promise.resolve('+OK');
    },
    run: () => Promise.resolve('+OK'),
    dial: () => {
      throw new Error('nobody is rung here');
    },
  };
  const call = new LiveCall({
    ...{ id: 'call', legId: 'customer', direction: 'inbound', did: '4000', switchNode: 'a' },
    ...{
      callerNumber: '',
      isNumberVerified: true,
      isNumberPrivate: false,
      startedAt: new Date(0),
      isAnswered: true,
      variables: {},
    },
    ...{ link, store, log },
  });
  const party = (name: string): Party & { leg: LiveLeg } => {
    const leg = new LiveLeg({
      ...{ id: `leg-${name}`, callId: 'call', role: 'agent', switchNode: 'a', number: '' },
      ...{ variables: {}, isAnswered: true, link, onAnswered: () => 0, onGone: () => 0 },
    });
    legs.set(leg.id, leg);
    return { staffId: name, label: name, leg };
  };
  const parts: ConversationsParts = {
    ...{ log, isBrowser: () => false },
    listeners: {
      onChange: () => undefined,
      onJoining: () => Promise.resolve(),
      onParty: (_one, { staffId }, what) => void told.push(`${staffId ?? ''} ${what}`),
    },
    queueFor: () => 'queue',
    referredTo: (_one, target) =>
      Promise.resolve(target === 'bob' ? { queueId: 'queue', staffId: 'bob' } : undefined),
  };
  const open = (agent: Party) => openConversation(call, agent, 'queue', parts);
  const talking = async (agent: Party) => {
    const conversation = open(agent);
    await begin(conversation);
    return conversation;
  };
  return { call, party, told, timeline, open, talking, state };
}

void t.test('given a customer who left before it began, then it is over', async (t) => {
  const { call, party, open, told } = scene();
  call.end('NORMAL_CLEARING');
  const conversation = open(party('ann'));
  await begin(conversation);
  t.strictSame(await conversation.ended, { kind: 'customer_left' });
  t.strictSame(told, ['ann left', 'leg-ann is hung up']);
  t.notOk(conversation.hasMet);
});

void t.test('given an agent who hung up before it began, then the customer waits on', async (t) => {
  const { party, open } = scene();
  const ann = party('ann');
  ann.leg.end('NORMAL_CLEARING');
  const conversation = open(ann);
  await begin(conversation);
  t.strictSame(await conversation.ended, { kind: 'agent_lost', staffId: 'ann' });
});

void t.test('given an agent who hangs up while they are connected, then the same', async (t) => {
  const { party, open, state } = scene();
  const ann = party('ann');
  state.onConnect = () => ann.leg.end('NORMAL_CLEARING');
  const conversation = open(ann);
  await begin(conversation);
  t.strictSame(await conversation.ended, { kind: 'agent_lost', staffId: 'ann' });
});

for (const act of [completeConsult, cancelConsult]) {
  await t.test(
    `given a customer who leaves in ${act.name}, then nobody is left there`,
    async (t) => {
      const { call, party, talking, told, state } = scene();
      const conversation = await talking(party('ann'));
      await consult(conversation, 'ann', () => Promise.resolve(party('bob')));
      state.onConnect = () => call.end('NORMAL_CLEARING');
      await t.rejects(act(conversation, 'ann'));
      for (const name of ['ann', 'bob']) {
        t.equal(told.filter((one) => one === `${name} left`).length, 1, name);
        t.ok(told.includes(`leg-${name} is hung up`), name);
      }
    },
  );
}

/** What the switch tells of a customer whom the agent's telephone has transferred by itself. */
const referred = (target: string) => ({
  'Event-Name': 'CHANNEL_PARK',
  'Unique-ID': 'customer',
  variable_sip_refer_to: `"B" <sip:${target}@127.0.0.1;user=phone>`,
});

void t.test('given a telephone that transfers to a colleague, then they are next', async (t) => {
  const { call, party, talking } = scene();
  const conversation = await talking(party('ann'));
  call.onEvent(referred('bob'));
  t.strictSame(await conversation.ended, {
    ...{ kind: 'sent', queueId: 'queue', staffId: 'bob', byStaffId: 'ann' },
  });
});

void t.test('given a transfer to nobody, then the caller is not dropped by it', async (t) => {
  const { call, party, talking, state } = scene();
  const ann = party('ann');
  const conversation = await talking(ann);
  const back = new Promise<void>((resolve) => {
    state.onConnect = () => resolve();
  });
  call.onEvent(referred('no%62ody'));
  await back;
  t.equal(conversation.mode, 'talking', 'they talk again');
  ann.leg.end('NORMAL_CLEARING');
  t.strictSame(
    await conversation.ended,
    { kind: 'sent', queueId: 'queue', staffId: null, byStaffId: 'ann' },
    'and a telephone that says goodbye, as it was told, leaves them to the queue',
  );
});

void t.test(
  'given a telephone that hangs up before its transfer is done, then the same',
  async (t) => {
    const { call, party, talking } = scene();
    const ann = party('ann');
    const conversation = await talking(ann);
    call.onEvent(referred('nobody'));
    ann.leg.end('NORMAL_CLEARING');
    t.match(await conversation.ended, { kind: 'sent', staffId: null });
  },
);

void t.test('given a colleague who hung up as they answered, then it is a hold', async (t) => {
  const { party, talking } = scene();
  const conversation = await talking(party('ann'));
  const bob = party('bob');
  bob.leg.end('NORMAL_CLEARING');
  await consult(conversation, 'ann', () => Promise.resolve(bob));
  await resumeCaller(conversation, 'ann');
  t.equal(conversation.mode, 'talking');
  t.equal(conversation.other, undefined);
});

void t.test('given a supervisor who takes over, then everybody else is let go', async (t) => {
  const { call, party, talking, told } = scene();
  const conversation = await talking(party('ann'));
  await consult(conversation, 'ann', () => Promise.resolve(party('bob')));
  await replaceAgent(conversation, party('sue'));
  t.ok(told.includes('ann left') && told.includes('bob left'));
  t.equal(conversation.agent.staffId, 'sue');
  call.end('NORMAL_CLEARING');
  await conversation.ended;
  const late = party('tom');
  await t.rejects(replaceAgent(conversation, late), { code: 'conversation.wrong_state' });
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

void t.test(
  'given a hand-over, a sending on and a taking over, then the timeline has them',
  async (t) => {
    const handed = scene();
    const first = await handed.talking(handed.party('ann'));
    await consult(first, 'ann', () => Promise.resolve(handed.party('bob')));
    await completeConsult(first, 'ann');
    await replaceAgent(first, handed.party('sue'));
    await blindTransfer(first, 'sue', { queueId: 'other', staffId: null });
    const kinds = handed.timeline.filter(({ kind }) => /^call\.(trans|taken)/.test(kind));
    t.match(kinds, [
      { kind: 'call.transferred', data: { fromStaffId: 'ann', toStaffId: 'bob' } },
      { kind: 'call.takenOver', data: { staffId: 'sue' } },
      { kind: 'call.transferred', data: { fromStaffId: 'sue', toStaffId: null, queueId: 'other' } },
    ]);
  },
);

const deeds = [
  'hold',
  'resume',
  'consult',
  'consult in vain',
  'completeConsult',
  'cancelConsult',
  'confer',
  'replaceAgent',
  'send',
  'hangUp',
  'other leaves',
  'agent leaves',
  'customer leaves',
] as const;

void t.test(
  'whatever happens, then the timeline tells each state once, along the table',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...deeds), { maxLength: 8 }), async (plan) => {
        const { call, party, timeline, talking } = scene();
        let people = 0;
        const next = () => party(`p${(people += 1)}`);
        const conversation = await talking(next());
        const legs = new Map<string, LiveLeg>();
        const arriving = (): Promise<Party> => {
          const one = next();
          legs.set(one.leg.id, one.leg);
          return Promise.resolve(one);
        };
        for (const deed of plan) {
          const me = conversation.agent.staffId ?? '';
          const work: Record<(typeof deeds)[number], () => unknown> = {
            hold: () => holdCaller(conversation, me),
            resume: () => resumeCaller(conversation, me),
            consult: () => consult(conversation, me, arriving),
            'consult in vain': () =>
              consult(conversation, me, () => Promise.reject(new Error('busy'))),
            completeConsult: () => completeConsult(conversation, me),
            cancelConsult: () => cancelConsult(conversation, me),
            confer: () => startConference(conversation, me),
            replaceAgent: () => replaceAgent(conversation, next()),
            send: () => blindTransfer(conversation, me, { queueId: 'other', staffId: null }),
            hangUp: () => hangUp(conversation, me),
            'other leaves': () =>
              legs.get(conversation.other?.leg.id ?? '')?.end('NORMAL_CLEARING'),
            'agent leaves': () => hangUp(conversation, me),
            'customer leaves': () => call.end('NORMAL_CLEARING'),
          };
          await Promise.resolve(work[deed]()).catch(() => undefined);
          // What a leg's end brings about comes behind what was posted before.
          for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
        }
        const changes = timeline
          .filter(({ kind }) => kind === 'conversation.changed')
          .map(({ data }) => data as { from: ConversationMode; to: ConversationMode });
        let mode: ConversationMode = 'dialling';
        for (const { from, to } of changes) {
          if (from !== mode) throw new Error(`${from} was never told: ${JSON.stringify(changes)}`);
          if (!conversationTransitions[from].includes(to)) throw new Error(`${from} > ${to}`);
          mode = to;
        }
        if (mode !== conversation.mode) {
          throw new Error(`${mode} is told, ${conversation.mode} it is`);
        }
      }),
      { numRuns: 300 },
    );
  },
);

void t.test('given the sources, then a state is assigned in its gate and nowhere else', (t) => {
  const conversation = readFileSync('src/agents/conversations/conversation.ts', 'utf8');
  t.equal(conversation.match(/this\.#mode = /g)?.length, 1, 'in #move');
  const agents = readdirSync('src/agents', { recursive: true }).map(String);
  for (const file of agents.filter((name) => name.endsWith('.ts'))) {
    if (file === path.join('acd', 'sessions', 'seat.ts')) continue;
    const text = readFileSync(path.join('src/agents', file), 'utf8');
    t.notMatch(text, /\.\.\.(seat|before),[^}]*\b(engagement|presence)\b/, file);
  }
  t.end();
});
