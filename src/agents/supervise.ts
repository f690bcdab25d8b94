import type { SuperviseMode as SpokenMode } from '../contract/agents.ts';
import { messageOf } from '../core/errors.ts';
import { hangUpLeg, listen, ring, type Leg } from '../cti/index.ts';
import { whenAborted } from '../core/concurrency/wait.ts';
import {
  AgentBusyError,
  AlreadyInCallError,
  AlreadyListeningError,
  ConversationStateError,
  NotListeningError,
} from './agents.errors.ts';
import type { Desk } from './agents.types.ts';
import type { Conversation } from './conversation/conversation.ts';

export type SuperviseMode = SpokenMode | 'take_over';

/** A supervisor in somebody else's conversation: listens to the agent's leg, and may speak. */
export const supervise = {
  async begin(
    desk: Desk,
    conversation: Conversation,
    staffId: string,
    mode: SuperviseMode,
  ): Promise<void> {
    if (isInTalk(conversation, staffId)) throw new AlreadyInCallError('you');
    if (mode === 'take_over') {
      await takeOver(desk, conversation, staffId);
      return;
    }
    const known = conversation.supervisors.get(staffId);
    if (known?.mode === mode) throw new AlreadyListeningError(mode);
    const leg = known?.leg ?? (await listenIn(desk, conversation, staffId));
    await listen(leg, mode);
    const supervisor = conversation.supervisors.get(staffId);
    if (supervisor?.leg === leg) conversation.supervisors.set(staffId, { leg, mode });
    conversation.call.record('supervision.changed', { staffId, mode });
    desk.onConversation(conversation);
  },

  /** After a restart: they listen still. */
  keep(desk: Desk, conversation: Conversation, leg: Leg): void {
    const staffId = leg.recall('staff') ?? '';
    if (staffId === '') return;
    follow(desk, conversation, staffId, leg);
    // Nobody has written down how: what is shown is made true.
    listen(leg, 'listen').catch((error: unknown) => {
      desk.log.warn({ reason: messageOf(error) }, 'supervisor not muted');
    });
  },

  async end(conversation: Conversation, staffId: string): Promise<void> {
    const supervisor = conversation.supervisors.get(staffId);
    if (supervisor === undefined || supervisor.leg.gone.aborted) throw new NotListeningError();
    await hangUpLeg(supervisor.leg);
  },
};

/** Whoever talks in it has nothing to listen to. */
function isInTalk({ mode, agent, other }: Conversation, staffId: string): boolean {
  return mode !== 'ended' && [agent.staffId, other?.staffId].includes(staffId);
}

async function listenIn(desk: Desk, conversation: Conversation, staffId: string): Promise<Leg> {
  if (conversation.mode === 'ended' || conversation.mode === 'dialling') {
    throw new ConversationStateError('listen', conversation.mode);
  }
  const { call, agent } = conversation;
  const seat = desk.seats.require(staffId);
  const leg = ring(call, {
    role: 'supervisor',
    endpoint: desk.endpointOf(seat),
    ringSec: 20,
    listensTo: agent.leg,
    data: { staff: staffId },
  });
  await leg.answered;
  if (conversation.hasEnded) {
    await hangUpLeg(leg);
    throw new ConversationStateError('listen', 'ended');
  }
  call.record('supervision.began', { staffId });
  follow(desk, conversation, staffId, leg);
  return leg;
}

function follow(desk: Desk, conversation: Conversation, staffId: string, leg: Leg): void {
  const { call } = conversation;
  conversation.supervisors.set(staffId, { leg, mode: 'listen' });
  whenAborted(leg.gone, () => {
    if (conversation.supervisors.get(staffId)?.leg === leg) {
      conversation.supervisors.delete(staffId);
    }
    call.record('supervision.ended', { staffId });
    desk.onConversation(conversation);
    desk.show(staffId);
  });
}

async function takeOver(desk: Desk, conversation: Conversation, staffId: string): Promise<void> {
  const { call } = conversation;
  const listening = conversation.supervisors.get(staffId);
  const seat = desk.seats.require(staffId);
  if (seat.engagement === 'talking' || seat.engagement === 'offered') throw new AgentBusyError();
  if (listening !== undefined) await hangUpLeg(listening.leg);
  // Nobody else is offered to them while their telephone rings.
  desk.seats.engage(staffId, 'offered', call.id);
  const free = (): void => {
    const now = desk.seats.get(staffId);
    if (now?.engagement === 'offered' && now.callId === call.id) {
      desk.seats.engage(staffId, 'idle', null);
    }
  };
  const leg = ring(call, {
    role: 'agent',
    endpoint: desk.endpointOf(seat),
    ringSec: 20,
    data: { staff: staffId, queue: conversation.queueId ?? '' },
  });
  try {
    await leg.answered;
    await conversation.replaceAgent({ staffId, label: seat.displayName, leg });
  } finally {
    free();
  }
}
