import type { Call } from '../../cti/index.ts';
import type { Desk } from '../agents.types.ts';
import { referredTo, queueOf } from './referrals.ts';
import { Conversation } from './conversation.ts';
import type { Party } from './conversation.types.ts';

/** A conversation that the screens follow, kept under its call until it has ended. */
export function openConversation(
  desk: Desk,
  call: Call,
  agent: Party,
  queueId: string | null,
): Conversation {
  const conversation = new Conversation(call, agent, queueId, {
    log: desk.log,
    isBrowser: (staffId) => desk.seats.get(staffId)?.phone === 'browser',
    referredTo: (one, target) => referredTo(desk, one, target),
    queueFor: (one) => queueOf(desk, one),
    onChange: (one) => desk.onConversation(one),
    onJoining: (one, party) => desk.onJoining(one, party),
    onParty: (one, party, what) => desk.onParty(one, party, what),
  });
  desk.conversations.set(call.id, conversation);
  void conversation.ended.then(() => {
    if (desk.conversations.get(call.id) === conversation) desk.conversations.delete(call.id);
  });
  return conversation;
}
