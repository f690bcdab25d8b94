import type { Flow, FlowNode, NodeOf, Target, Text } from './definition.schema.ts';
import { failureOf, nodeOf } from './graph.ts';
import { hit, homeOf, keyOf, prompt, quiet, resultOf, withVar, withVars } from './state.ts';
import type { Action, FlowContext, FlowState, Json, Outcome, Vars } from './state.types.ts';
import { fillPlain } from './text.ts';

export interface Move {
  state: FlowState;
  action: Action;
}

/** Speech shorter than this is a cough, not a message. */
const shortestSpeechMs = 700;
const betweenKeysMs = 3000;

/** The first action of a call. Pure: the same flow and context give the same move. */
export function start(flow: Flow, context: FlowContext): Move {
  return enter(
    flow,
    {
      flow: flow.id,
      version: context.version,
      node: flow.start,
      step: 0,
      phase: 'ask',
      attempts: 0,
      silences: 0,
      misses: 0,
      vars: { ...flow.variables, ...context.vars },
      language: context.language,
      pending: [],
      hasEnded: false,
    },
    flow.start,
  );
}

/** What comes after an action has ended so. */
export function advance(flow: Flow, state: FlowState, outcome: Outcome): Move {
  if (state.hasEnded) return act(state, { do: 'end' });
  const node = flow.nodes[state.node];
  if (node === undefined) return fail(flow, state);
  if (outcome.kind === 'failed') return fail(flow, state);
  switch (node.type) {
    case 'say':
      return enter(flow, state, node.next);
    case 'survey':
      return state.phase === 'act'
        ? enter(flow, state, node.next)
        : onKey(flow, state, node, outcome);
    case 'menu':
    case 'choose':
      return onKey(flow, state, node, outcome);
    case 'read':
      if (resultOf(outcome) !== 'gone') return onKey(flow, state, node, outcome);
      return node.gone === undefined ? fail(flow, state) : enter(flow, state, node.gone);
    case 'collect':
      return onDigits(flow, state, node, outcome);
    case 'pin':
      return onPin(flow, state, node, outcome);
    case 'lookup':
    case 'campaign':
      return onCase(flow, withVars(state, outcome), node.on, outcome);
    case 'branch':
      return enter(flow, state, node.cases[resultOf(outcome)] ?? node.otherwise);
    case 'record':
      return onRecorded(flow, state, node, outcome);
    case 'order':
      return enter(flow, withVars(state, outcome), node.next);
    case 'transfer':
      if (resultOf(outcome) === 'talked' && node.talked !== undefined) {
        return enter(flow, state, node.talked);
      }
      return resultOf(outcome) === 'ok' ? end(state) : fail(flow, state);
    case 'hangup':
      return state.phase === 'ask'
        ? act({ ...state, phase: 'act' }, { do: 'hangup', outcome: node.outcome })
        : end(state);
    case 'set':
    case 'language':
      return enter(flow, state, node.next);
  }
}

/** Leaves everything and goes on at that node: a machine has answered, say. Unspoken words are dropped. */
export function jump(flow: Flow, state: FlowState, node: string): Move {
  return state.hasEnded ? act(state, { do: 'end' }) : enter(flow, quiet(state), node);
}

// -- entering nodes ------------------------------------------------------------------------------

/** Goes to a node, and on through all that need neither caller nor records, to the next action. */
function enter(flow: Flow, from: FlowState, id: string): Move {
  let state: FlowState = { ...from, node: id, phase: 'ask', attempts: 0, silences: 0 };
  for (let hops = 0; hops < 200; hops += 1) {
    const node = flow.nodes[state.node];
    if (node === undefined) return act(state, { do: 'hangup', outcome: undefined });
    const next = passThrough(flow, state, node);
    if (next === undefined) return ask(flow, state, node);
    state = { ...next, phase: 'ask', attempts: 0, silences: 0 };
  }
  return act(state, { do: 'hangup', outcome: undefined });
}

function passThrough(flow: Flow, state: FlowState, node: FlowNode): FlowState | undefined {
  switch (node.type) {
    case 'say':
      if (node.isObligatory === true) return undefined;
      return { ...state, pending: prompt(state, node.text), node: node.next };
    case 'set':
      return { ...state, vars: filled(state.vars, node.values), node: node.next };
    case 'language': {
      const others = flow.languages.filter((one) => one !== state.language);
      const language = node.to === 'other' ? (others[0] ?? state.language) : node.to;
      return { ...state, language, node: node.next };
    }
    case 'branch': {
      if (node.by === 'hours') return undefined;
      const value = node.by === 'language' ? state.language : state.vars[node.by.variable];
      const found =
        typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
          ? node.cases[String(value)]
          : undefined;
      return { ...state, node: found ?? node.otherwise };
    }
    default:
      return undefined;
  }
}

function filled(vars: Vars, values: Readonly<Record<string, Json>>): Vars {
  const entries = Object.entries(values).map(
    ([name, value]) => [name, typeof value === 'string' ? fillPlain(value, vars) : value] as const,
  );
  return { ...vars, ...Object.fromEntries(entries) };
}

/** The action of a node that waits for the caller or for records. */
function ask(flow: Flow, state: FlowState, node: FlowNode): Move {
  if (state.step >= flow.limits.steps && node.type !== 'hangup') {
    return enter(flow, { ...state, step: state.step - 5 }, flow.farewell);
  }
  switch (node.type) {
    case 'menu':
    case 'survey':
      return act(quiet(state), keys(flow, state, node, node.text, 1, 1, ''));
    case 'choose':
      return act(quiet(state), keys(flow, state, node, node.text, 1, 1, ''));
    case 'read':
      return act(quiet(state), read(flow, state, node));
    case 'collect':
      return act(
        quiet(state),
        keys(flow, state, node, node.text, node.minDigits, node.maxDigits, '#'),
      );
    case 'pin': {
      const { personId, others } = homeOf(state) ?? {};
      if (personId === undefined) return fail(flow, state);
      const wanted = keys(flow, state, node, node.text, 1, 8, '#');
      return act(quiet(state), {
        ...wanted,
        ...{ do: 'verifyPin', personId },
        ...(others === undefined ? {} : { others }),
      });
    }
    case 'lookup':
      return act(state, { do: 'lookup', what: node.what });
    case 'campaign': {
      const value = fillPlain(node.value ?? '', state.vars);
      return act(state, { do: 'campaign', act: node.act, value });
    }
    case 'branch':
      return act(state, { do: 'lookup', what: 'hours' });
    case 'record':
      return act(quiet(state), {
        do: 'play',
        isInterruptible: false,
        hasTone: true,
        say: prompt(state, node.text),
      });
    case 'order':
      return act(state, order(state, node));
    case 'transfer':
      return act(quiet(state), {
        do: 'transfer',
        to: node.to,
        hasSequel: node.talked !== undefined,
        say: node.text === undefined ? state.pending : prompt(state, node.text),
      });
    case 'say':
      return act(quiet(state), {
        do: 'play',
        isInterruptible: false,
        say: prompt(state, node.text),
      });
    case 'hangup': {
      const say = node.text === undefined ? state.pending : prompt(state, node.text);
      return act(quiet(state), { do: 'play', isInterruptible: false, say });
    }
    case 'set':
    case 'language':
      return enter(flow, state, node.next);
  }
}

function keys(
  flow: Flow,
  state: FlowState,
  node: { timeoutSec?: number },
  text: Text,
  minDigits: number,
  maxDigits: number,
  terminators: string,
) {
  return {
    do: 'collect' as const,
    say: prompt(state, text),
    minDigits,
    maxDigits,
    terminators,
    firstDigitTimeoutMs: (node.timeoutSec ?? flow.limits.timeoutSec) * 1000,
    interDigitTimeoutMs: betweenKeysMs,
  };
}

/** Whoever pressed nothing or the wrong key is asked again, and not read all of it again. */
function read(flow: Flow, state: FlowState, node: NodeOf<'read'>): Action {
  const wanted = keys(flow, state, node, node.text, 1, 1, '');
  if (state.attempts > 0) return wanted;
  const articleId = state.vars[node.from];
  return {
    ...{ ...wanted, do: 'read', say: prompt(quiet(state), node.text), lead: state.pending },
    articleId: typeof articleId === 'string' ? articleId : '',
  };
}

function order(state: FlowState, node: NodeOf<'order'>): Action {
  const home = homeOf(state);
  const recordingId = state.vars['recordingId'];
  return {
    do: 'order',
    kind: fillPlain(node.kind, state.vars),
    category: fillPlain(node.category, state.vars),
    severity: node.severity ?? 'minor',
    summary: fillPlain(node.summary, state.vars),
    roomId: home?.roomId,
    personId: home?.personId,
    recordingId: typeof recordingId === 'string' && recordingId !== '' ? recordingId : undefined,
    outcome: node.outcome,
  };
}

// -- outcomes ------------------------------------------------------------------------------------

function onKey(
  flow: Flow,
  state: FlowState,
  node: NodeOf<'menu'> | NodeOf<'read'> | NodeOf<'choose'> | NodeOf<'survey'>,
  outcome: Outcome,
): Move {
  const key = keyOf(outcome);
  if (key === undefined) return miss(flow, state, node, flow.texts.noInput);
  const target = node.type === 'menu' || node.type === 'read' ? node.keys[key] : undefined;
  if (target !== undefined) return follow(flow, hit(state), target);
  if (node.type === 'survey' && node.scores[key] !== undefined) {
    const score = node.scores[key];
    const marked = { ...withVar(hit(state), 'score', score), phase: 'act' as const };
    return act(marked, { do: 'survey', survey: node.survey, score });
  }
  if (node.type === 'choose') {
    const list = state.vars[node.from];
    const chosen = Array.isArray(list) ? list[Number(key) - 1] : undefined;
    if (chosen !== undefined) return enter(flow, withVar(hit(state), node.into, chosen), node.next);
  }
  const common = flow.keys[key];
  if (common !== undefined) return enter(flow, hit(state), common);
  return miss(flow, state, node, flow.texts.wrongKey);
}

function onDigits(flow: Flow, state: FlowState, node: NodeOf<'collect'>, outcome: Outcome): Move {
  if (outcome.kind !== 'digits') return miss(flow, state, node, flow.texts.noInput);
  const back = starOf(flow, outcome.digits);
  if (back !== undefined) return enter(flow, hit(state), back);
  if (outcome.digits.length < node.minDigits) return miss(flow, state, node, flow.texts.wrongKey);
  return enter(flow, withVar(hit(state), node.into, outcome.digits), node.next);
}

function onPin(flow: Flow, state: FlowState, node: NodeOf<'pin'>, outcome: Outcome): Move {
  const known = withVars(state, outcome);
  switch (resultOf(outcome)) {
    case 'ok':
      return enter(flow, hit(known), node.ok);
    case 'locked':
      return enter(flow, hit(known), node.locked);
    case 'unset':
      return enter(flow, hit(known), node.unset);
    case 'wrong':
      return ask(flow, { ...known, pending: prompt(known, node.wrong) }, node);
    case 'back':
      return enter(flow, hit(known), flow.keys['*'] ?? flow.start);
    default:
      return miss(flow, state, node, flow.texts.noInput);
  }
}

function onCase(
  flow: Flow,
  state: FlowState,
  cases: Readonly<Record<string, string>>,
  outcome: Outcome,
): Move {
  const to = cases[resultOf(outcome)];
  return to === undefined ? fail(flow, state) : enter(flow, state, to);
}

function onRecorded(flow: Flow, state: FlowState, node: NodeOf<'record'>, outcome: Outcome): Move {
  if (state.phase === 'ask') {
    return act(
      { ...state, phase: 'act' },
      {
        do: 'record',
        purpose: node.purpose,
        limitSec: node.limitSec,
        silenceSec: node.silenceSec,
        terminators: '#*',
      },
    );
  }
  if (outcome.kind !== 'recorded') return fail(flow, state);
  if (outcome.spokenMs >= shortestSpeechMs) {
    return enter(flow, withVar(hit(state), 'recordingId', outcome.recordingId), node.next);
  }
  const back = outcome.terminator === '*' ? flow.keys['*'] : undefined;
  if (back !== undefined) return enter(flow, hit(state), back);
  const attempts = state.attempts + 1;
  if (attempts >= (node.attempts ?? silencesOf(flow))) {
    return node.empty === undefined ? fail(flow, state) : enter(flow, state, node.empty);
  }
  const again = { ...state, attempts, phase: 'ask' as const };
  return ask(flow, { ...again, pending: prompt(again, node.retry) }, node);
}

function follow(flow: Flow, state: FlowState, target: Target): Move {
  const set = typeof target === 'string' ? {} : target.set;
  return enter(flow, { ...state, vars: filled(state.vars, set) }, nodeOf(target));
}

/** A missed or wrong input: say so and ask again, up to the limits. */
function miss(
  flow: Flow,
  state: FlowState,
  node: FlowNode & { attempts?: number },
  text: Text,
): Move {
  const attempts = state.attempts + 1;
  const misses = state.misses + 1;
  const silences = text === flow.texts.noInput ? (state.silences ?? 0) + 1 : 0;
  const counted = { ...state, attempts, misses, silences };
  if (misses >= flow.limits.misses) return enter(flow, counted, flow.farewell);
  const isSilent = silences >= (node.attempts ?? silencesOf(flow));
  if (isSilent && node.type === 'menu' && node.silent !== undefined) {
    return enter(flow, counted, node.silent);
  }
  if (isSilent || attempts >= (node.attempts ?? flow.limits.attempts)) return fail(flow, counted);
  return ask(flow, { ...counted, pending: prompt(counted, text) }, node);
}

function silencesOf({ limits }: Flow): number {
  return limits.silences ?? limits.attempts;
}

function fail(flow: Flow, state: FlowState): Move {
  const node = flow.nodes[state.node];
  const to = node === undefined ? undefined : failureOf(flow, node);
  return enter(flow, state, to === undefined || to === state.node ? flow.farewell : to);
}

// -- small things --------------------------------------------------------------------------------

function act(state: FlowState, action: Action): Move {
  return { state: { ...state, step: state.step + 1 }, action };
}

function end(state: FlowState): Move {
  return act({ ...state, hasEnded: true }, { do: 'end' });
}

/** `*` anywhere in what was keyed in goes back. */
function starOf(flow: Flow, digits: string): string | undefined {
  return digits.includes('*') ? flow.keys['*'] : undefined;
}
