import { bridge, hangUpLeg, hold } from '../../cti/index.ts';
import { ConversationStateError } from '../agents.errors.ts';
import type { Party } from '../acd/queues/waiting.types.ts';
import { dismiss, goBack, join } from './acts.ts';
import type { Referral } from './conversation.types.ts';
import type { Conversation } from './conversation.ts';
import { nameOf } from './parties.ts';

/** The customer goes on to a queue, or through it to one person; the agent is done. */
export function blindTransfer(
  conversation: Conversation,
  staffId: string,
  to: Referral,
): Promise<void> {
  return conversation.actOf(staffId, 'transfer', ['talking', 'held'], async () => {
    const { call, mode } = conversation;
    if (mode === 'talking') await hold(call);
    call.record('call.transferred', {
      fromStaffId: staffId,
      toStaffId: to.staffId,
      queueId: to.queueId,
    });
    conversation.end({ kind: 'sent', ...to, byStaffId: staffId });
  });
}

/** Whoever answers that leg already takes the customer over: a supervisor. */
export function replaceAgent(conversation: Conversation, party: Party): Promise<void> {
  return conversation.act(async () => {
    const { call, agent, other, listeners } = conversation;
    // Their telephone rang for a while.
    if (conversation.hasEnded) {
      await hangUpLeg(party.leg);
      throw new ConversationStateError('take over', 'ended');
    }
    conversation.isLeaving = false;
    conversation.calling?.abort();
    conversation.calling = undefined;
    conversation.setParties({ agent: party, other: undefined });
    conversation.intend('talking');
    try {
      await join(conversation, party, () => bridge(call, party.leg));
      if (!conversation.hasEnded) {
        conversation.move('talking');
        call.record('call.takenOver', { staffId: party.staffId, name: nameOf(party) });
        listeners.onParty(conversation, party, 'joined');
      }
    } catch (error) {
      goBack(conversation, error);
      throw error;
    } finally {
      for (const one of [agent, other]) if (one !== undefined) await dismiss(conversation, one);
      listeners.onChange(conversation);
    }
  });
}
