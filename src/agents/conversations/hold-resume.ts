import { bridge, hold } from '../../cti/index.ts';
import { enter } from './acts.ts';
import type { Conversation } from './conversation.ts';

export function holdCaller(conversation: Conversation, staffId: string): Promise<void> {
  return conversation.actOf(staffId, 'hold', ['talking'], async () => {
    conversation.intend('held');
    await hold(conversation.call);
    enter(conversation, 'held');
  });
}

export function resumeCaller(conversation: Conversation, staffId: string): Promise<void> {
  return conversation.actOf(staffId, 'resume', ['held'], () => backToCustomer(conversation));
}

/** Customer and agent talk again. */
export async function backToCustomer(conversation: Conversation): Promise<void> {
  conversation.intend('talking');
  await bridge(conversation.call, conversation.agent.leg);
  enter(conversation, 'talking');
}
