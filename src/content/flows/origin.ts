import type { Flow } from './definition.schema.ts';
import { advance, jump, start, type Move } from './machine.ts';
import type { FlowContext, FlowState, Outcome } from './state.types.ts';

/**
 * How a call came to where it is. Kept on the switch instead of the move itself: the machine makes the same move of it
 * again, and all sentences of a menu need not be written on the leg.
 */
export type Origin =
  | { start: FlowContext & { flow: string } }
  | { from: FlowState; outcome: Outcome }
  | { from: FlowState; target: string }
  /** The move as it is: calls that a version before this one led. */
  | Move;

export function moveOf(flow: Flow, origin: Origin): Move {
  if ('start' in origin) return start(flow, origin.start);
  if ('outcome' in origin) return advance(flow, origin.from, origin.outcome);
  if ('target' in origin) return jump(flow, origin.from, origin.target);
  return origin;
}

/** Which flow it is, in the version with which the call began. */
export function flowOf(origin: Origin): { flow: string; version: number } {
  if ('start' in origin) return origin.start;
  return 'from' in origin ? origin.from : origin.state;
}

/** Undefined when nothing was kept. */
export function readOrigin(text: string | undefined): Origin | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Origin);
}
