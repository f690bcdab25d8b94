import { messageOf } from '../../core/errors.ts';
import { bridge, hangUpLeg } from '../../cti/index.ts';
import type { Party } from '../acd/queues/waiting.types.ts';
import type { ConversationMode } from './conversation.states.ts';
import type { Conversation } from './conversation.ts';

/** Another state, which the screens show. */
export function enter(conversation: Conversation, mode: ConversationMode): void {
  conversation.move(mode);
  conversation.listeners.onChange(conversation);
}

/** Writes that they talk while the switch connects them. */
export async function join(
  conversation: Conversation,
  party: Party,
  connect: () => Promise<void>,
): Promise<void> {
  const written = conversation.listeners.onJoining(conversation, party);
  await connect();
  await written;
}

/** They are not in it any more. */
export async function dismiss(conversation: Conversation, party: Party): Promise<void> {
  conversation.listeners.onParty(conversation, party, 'left');
  await hangUpLeg(party.leg);
}

/** Nobody hears the customer: they go to where somebody will. Whose leg has gone is told by that leg. */
export function goBack(conversation: Conversation, error: unknown): void {
  const { call, queueId } = conversation;
  const { staffId, leg } = conversation.agent;
  if (call.gone.aborted || leg.gone.aborted) return;
  call.log.warn({ reason: messageOf(error) }, 'conversation reconcile failed');
  if (staffId === null) conversation.end({ kind: 'agent_left', queueId });
  else conversation.end({ kind: 'agent_lost', staffId });
}

/** Connects the customer with the agent whose leg is up. */
export function begin(conversation: Conversation): Promise<void> {
  return conversation.act(async () => {
    const { call, agent } = conversation;
    if (conversation.hasEnded) return;
    conversation.intend('talking');
    await join(conversation, agent, () => bridge(call, agent.leg));
    // An agent's leg that has gone meanwhile is dealt with next.
    if (conversation.hasEnded || agent.leg.gone.aborted) return;
    conversation.meet();
    enter(conversation, 'talking');
    conversation.listeners.onParty(conversation, agent, 'joined');
  });
}
