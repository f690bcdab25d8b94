import type { Text } from './definition.schema.ts';
import type { FlowState, Json, Outcome } from './state.types.ts';
import { speak } from './text.ts';

/** Small things that the machine does with a state and asks of an outcome. */

export function prompt(state: FlowState, text: Text) {
  return [...state.pending, ...speak(text, state.language, state.vars)];
}

export function quiet(state: FlowState): FlowState {
  return { ...state, pending: [] };
}

export function hit(state: FlowState): FlowState {
  return { ...state, misses: 0 };
}

export function withVar(state: FlowState, name: string, value: Json): FlowState {
  return { ...state, vars: { ...state.vars, [name]: value } };
}

export function withVars(state: FlowState, outcome: Outcome): FlowState {
  const vars = outcome.kind === 'result' ? outcome.vars : undefined;
  return vars === undefined ? state : { ...state, vars: { ...state.vars, ...vars } };
}

export function resultOf(outcome: Outcome): string {
  return outcome.kind === 'result' ? outcome.result : '';
}

export function keyOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'key') return outcome.key;
  return outcome.kind === 'digits' ? outcome.digits.slice(0, 1) : undefined;
}

export function homeOf(
  state: FlowState,
): { roomId: string; personId: string; others?: string[] } | undefined {
  const home = state.vars['home'];
  if (typeof home !== 'object' || home === null || Array.isArray(home)) return undefined;
  const { roomId, personId, personIds } = home;
  if (typeof roomId !== 'string' || typeof personId !== 'string') return undefined;
  if (!Array.isArray(personIds)) return { roomId, personId };
  const others = personIds.filter((id): id is string => typeof id === 'string' && id !== personId);
  return { roomId, personId, ...(others.length === 0 ? {} : { others }) };
}
