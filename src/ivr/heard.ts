import type { Action, FlowState, Outcome } from '../content/index.ts';

/**
 * What a call came to by what the caller was told on the way, before anything else comes of it: an order, a message or
 * a talk is written over it. Asked before an action (`outcome` undefined) and after it. Pure.
 */
export function heardOnTheWay(
  { vars }: Pick<FlowState, 'vars'>,
  action: Action,
  outcome: Outcome | undefined,
): string | undefined {
  const hasOrder = typeof vars['orderId'] === 'string' && vars['orderId'] !== '';
  if (hasOrder) return undefined;
  if (outcome === undefined) return action.do === 'read' ? 'article_heard' : undefined;
  if (outcome.kind !== 'result') return undefined;
  if (action.do === 'verifyPin') return outcome.result === 'locked' ? 'pin_locked' : undefined;
  if (action.do !== 'lookup') return undefined;
  if (action.what === 'bills') return 'bill_heard';
  return action.what === 'orders' ? 'progress_heard' : undefined;
}
