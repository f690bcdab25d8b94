import type { Transitions } from '../../core/states.ts';

export type ConversationMode =
  'dialling' | 'talking' | 'held' | 'consulting' | 'conference' | 'ended';

/**
 * Where a conversation between a customer and an agent stands. While consulting the customer hears
 * music and the agent talks to, or rings, a third party.
 */
export const conversationTransitions: Transitions<ConversationMode> = {
  // After a restart it is met as it stands, whatever it is.
  dialling: ['talking', 'held', 'consulting', 'conference', 'ended'],
  talking: ['held', 'consulting', 'conference', 'ended'],
  held: ['talking', 'consulting', 'ended'],
  consulting: ['talking', 'held', 'conference', 'ended'],
  conference: ['talking', 'ended'],
  ended: [],
};
