import type { Party } from '../../acd/queues/waiting.types.ts';
import type { RecoveryPlan } from './plan.ts';
import { enter, goBack } from '../acts.ts';
import type { Conversation } from '../conversation.ts';
import { repair } from './repair.ts';
import type { RecoveryRecord } from '../recovery-record.ts';

type Together = Extract<RecoveryPlan, { kind: 'together' }>;

/** After a restart: it stands already, or is made to stand again. The agent is this one's own. */
export function adopt(
  conversation: Conversation,
  { mode, repairs }: Together,
  other: Party | undefined,
): Promise<void> {
  const { call, agent, listeners } = conversation;
  call.record('conversation.adopted', { mode });
  conversation.setParties({ agent, other });
  conversation.meet();
  enterFound(conversation, mode);
  for (const party of [agent, other]) {
    if (party === undefined) continue;
    void listeners.onJoining(conversation, party);
    listeners.onParty(conversation, party, 'joined');
  }
  return conversation.act(() => repaired(conversation, repairs));
}

/**
 * After the switch was out of sight: an order may have been lost on the way, or its reply. `look` tells
 * what stands there now.
 */
export function realign(
  conversation: Conversation,
  look: () => Promise<RecoveryPlan>,
): Promise<void> {
  return conversation.act(async () => {
    const { mode, agent, other } = conversation;
    if (mode === 'ended' || mode === 'dialling' || conversation.calling !== undefined) return;
    const found = await look();
    // Whoever has left is told by their leg.
    if (found.kind === 'alone') return;
    if (found.agentLegId !== agent.leg.id) return;
    if (found.otherLegId !== other?.leg.id) return;
    enterFound(conversation, found.mode);
    await repaired(conversation, found.repairs);
  });
}

/** Another state without an act of anybody. */
function enterFound(conversation: Conversation, mode: RecoveryRecord['mode']): void {
  conversation.intend(mode);
  enter(conversation, mode);
}

async function repaired(conversation: Conversation, repairs: Together['repairs']): Promise<void> {
  if (repairs.length === 0) return;
  const { call, agent, other, mode } = conversation;
  call.log.info({ repairs, mode }, 'conversation reconciled');
  try {
    await repair(call, { agent: agent.leg, other: other?.leg }, repairs);
  } catch (error) {
    goBack(conversation, error);
  }
}
