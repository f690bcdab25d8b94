import { messageOf } from '../../../core/errors.ts';
import { ignore } from '../../../core/ignore.ts';
import type { Log } from '../../../core/log.ts';
import type { Cti } from '../../../cti/index.ts';
import type { Adoptions } from './adoption.ts';
import type { Conversation } from '../conversation.ts';
import type { Conversations } from '../conversations.ts';
import type { EngagementStore } from '../../acd/sessions/engagement-store.ts';
import type { Pops } from '../../../lookup/index.ts';
import type { Seats } from '../../acd/sessions/seats.ts';
import type { QueueStore } from '../../acd/queues/queue-store.ts';
import type { WrapUps } from '../wrap-ups.ts';

/** Rows of talks, and the agents whom they are about. */
export interface TalkRowsParts {
  engagements: Pick<EngagementStore, 'open' | 'talks' | 'talked' | 'end'>;
  seats: Pick<Seats, 'get' | 'resume'>;
  pops: Pick<Pops, 'read'>;
  wrapUps: Pick<WrapUps, 'adopt' | 'begin'>;
}

/** What agents were in when a predecessor ended, as far as the rows know it. */
export async function takeUpEngagements(
  { engagements, seats, pops, wrapUps }: TalkRowsParts,
  nodes: Cti['nodes'],
): Promise<void> {
  for (const { callId, staffId, talkUntil, wrapUpEndsAt } of await engagements.open()) {
    if (talkUntil === null) continue;
    if (seats.get(staffId) === undefined) {
      await engagements.end(callId, staffId);
      continue;
    }
    await pops.read(callId);
    wrapUps.adopt(staffId, { callId, since: talkUntil, endsAt: wrapUpEndsAt, handedTo: null });
  }
  // Whoever talked may talk still: nothing is offered to them until the switch has told.
  const names = nodes.map(({ name }) => name);
  for (const { callId, staffId, switchNode, talkSince } of await engagements.talks()) {
    if (names.includes(switchNode)) seats.resume(staffId, 'talking', callId, talkSince);
    else {
      // A switch that is not ours any more will never tell.
      await engagements.talked(callId, staffId, null);
      await engagements.end(callId, staffId);
    }
  }
}

export interface ReconcileParts {
  adoptions: Pick<Adoptions, 'idle'>;
  conversations: Pick<Conversations, 'all' | 'get'>;
  /** See `adoption.ts`. */
  realign: (conversation: Conversation) => Promise<void>;
  talks: TalkRowsParts;
  queues: Pick<QueueStore, 'leave' | 'leaveWithEndedCalls'>;
  log: Log;
}

/** The switch has told who is in which call: conversations, agents and queues follow. */
export async function reconcileTalks(parts: ReconcileParts, switchNode: string): Promise<void> {
  const { adoptions, conversations, talks, queues, log } = parts;
  try {
    await adoptions.idle();
    const live = conversations.all.filter((one) => one.call.switchNode === switchNode);
    await Promise.all(live.map((one) => parts.realign(one)));
    for (const talk of await talks.engagements.talks(switchNode)) {
      await endDeadTalk(talks, conversations.get(talk.callId), talk);
    }
    // A service that died as somebody answered had not written it: they did not give up.
    for (const { call, agent, mode } of live) {
      if (mode === 'ended' || agent.staffId === null) continue;
      await queues.leave(call.id, 'answered', agent.staffId);
    }
    await queues.leaveWithEndedCalls();
  } catch (error) {
    log.error({ reason: messageOf(error), switchNode }, 'reconcile failed');
  }
}

/** The row says that the agent talks: when they do not, they have talked, and wrap up. */
async function endDeadTalk(
  { engagements, seats, pops, wrapUps }: TalkRowsParts,
  conversation: Conversation | undefined,
  { callId, staffId, queueId }: { callId: string; staffId: string; queueId: string | null },
): Promise<void> {
  const isIn = [conversation?.agent.staffId, conversation?.other?.staffId].includes(staffId);
  if (isIn && conversation?.mode !== 'ended') return;
  const seat = seats.get(staffId);
  // Whoever is in another call by now does not wrap up this one.
  if (seat?.callId !== callId) {
    await engagements.talked(callId, staffId, null);
    await engagements.end(callId, staffId);
  } else if (seat.engagement === 'talking') {
    await ignore(pops.read(callId), 'the pop is shown without what is known of the caller');
    wrapUps.begin(staffId, callId, queueId);
  }
}
