import { messageOf } from '../../core/errors.ts';
import { bridge, bridgeLegs, confer, hangUpLeg, hold, ringBack } from '../../cti/index.ts';
import { ConversationStateError, NobodyThereError } from '../agents.errors.ts';
import type { Party } from '../acd/queues/waiting.types.ts';
import { dismiss, enter, goBack, join } from './acts.ts';
import type { Conversation } from './conversation.ts';
import { backToCustomer } from './hold-resume.ts';
import { nameOf } from './parties.ts';

/**
 * Rings a third party while the customer hears music. `ring` brings their leg up, or throws; its signal
 * is aborted when the agent changes their mind. Throws `conversation.nobody_there`.
 */
export async function consult(
  conversation: Conversation,
  staffId: string,
  ring: (signal: AbortSignal) => Promise<Party>,
): Promise<void> {
  const calling = new AbortController();
  await conversation.actOf(staffId, 'consult', ['talking', 'held'], async () => {
    conversation.intend('consulting');
    if (conversation.mode === 'talking') await hold(conversation.call);
    conversation.calling = calling;
    enter(conversation, 'consulting');
    await ringBack(conversation.agent.leg);
  });
  // Outside the order of acts: the agent may go back while it rings.
  const party = await ring(calling.signal).catch(async (error: unknown) => {
    await conversation.act(async () => {
      if (conversation.calling !== calling) return;
      conversation.calling = undefined;
      if (conversation.mode === 'consulting') await backToCustomer(conversation);
    });
    throw new NobodyThereError(messageOf(error));
  });
  await conversation.act(() => joinConsultation(conversation, party, calling));
}

/** The third party has answered. */
async function joinConsultation(
  conversation: Conversation,
  party: Party,
  calling: AbortController,
): Promise<void> {
  const { call, agent, listeners } = conversation;
  if (conversation.calling !== calling || conversation.mode !== 'consulting') {
    await hangUpLeg(party.leg);
    return;
  }
  conversation.calling = undefined;
  conversation.setParties({ agent, other: party });
  conversation.intend('consulting');
  await join(conversation, party, () => bridgeLegs(call, agent.leg, party.leg));
  if (conversation.hasEnded) return;
  listeners.onParty(conversation, party, 'joined');
  listeners.onChange(conversation);
}

/** Drops the third party and goes back to the customer. */
export function cancelConsult(conversation: Conversation, staffId: string): Promise<void> {
  return conversation.actOf(staffId, 'cancel the consultation', ['consulting'], async () => {
    const { agent, other } = conversation;
    conversation.setParties({ agent, other: undefined });
    conversation.calling?.abort();
    conversation.calling = undefined;
    try {
      await backToCustomer(conversation);
    } finally {
      // Also when the customer has left: nobody else knows of them any more.
      if (other !== undefined) await dismiss(conversation, other);
    }
  });
}

/** The customer talks to the third party; the agent is done. */
export function completeConsult(conversation: Conversation, staffId: string): Promise<void> {
  return conversation.actOf(staffId, 'transfer', ['consulting', 'conference'], () =>
    handOver(conversation),
  );
}

/** All three hear each other. */
export function startConference(conversation: Conversation, staffId: string): Promise<void> {
  return conversation.actOf(staffId, 'confer', ['consulting'], async () => {
    const { call, agent, other } = conversation;
    if (other === undefined) throw new ConversationStateError('confer', 'ringing');
    conversation.intend('conference');
    await confer(call, [agent.leg, other.leg]);
    enter(conversation, 'conference');
  });
}

/** The third party has the customer from now on. */
export async function handOver(conversation: Conversation): Promise<void> {
  const { call, agent: before, other } = conversation;
  if (other === undefined) throw new ConversationStateError('transfer', 'ringing');
  conversation.setParties({ agent: other, other: undefined });
  conversation.isLeaving = false;
  conversation.intend('talking');
  try {
    await bridge(call, other.leg);
    if (!conversation.hasEnded) {
      conversation.move('talking');
      call.record('call.transferred', {
        fromStaffId: before.staffId,
        toStaffId: other.staffId,
        name: nameOf(other),
      });
    }
  } catch (error) {
    goBack(conversation, error);
    throw error;
  } finally {
    // Also when the customer has left: nobody else knows of them any more.
    await dismiss(conversation, before);
    conversation.listeners.onChange(conversation);
  }
}
