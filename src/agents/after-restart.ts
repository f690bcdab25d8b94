import { messageOf } from '../core/errors.ts';
import { realign } from './adoption.ts';
import type { Desk } from './agents.types.ts';
import { wrapUpSecOf } from './follow-party.ts';
import type { QueueStore } from './queue/queue-store.ts';
import type { WrapUps } from './wrap-ups.ts';
import { ignore } from '../core/ignore.ts';

/** What agents were in when a predecessor ended, as far as the rows know it. */
export async function takeUpEngagements(desk: Desk, wrapUps: WrapUps): Promise<void> {
  const { cti, engagements, seats, pops } = desk;
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
  const nodes = cti.nodes.map(({ name }) => name);
  for (const { callId, staffId, switchNode, talkSince } of await engagements.talks()) {
    if (nodes.includes(switchNode)) seats.resume(staffId, 'talking', callId, talkSince);
    else {
      // A switch that is not ours any more will never tell.
      await engagements.talked(callId, staffId, null);
      await engagements.end(callId, staffId);
    }
  }
}

/** The switch has told who is in which call: conversations, agents and lines follow. */
export async function setRight(
  desk: Desk,
  wrapUps: WrapUps,
  queues: QueueStore,
  switchNode: string,
): Promise<void> {
  const { adoptions, conversations, engagements, log } = desk;
  try {
    await adoptions.idle();
    const live = [...conversations.values()].filter((one) => one.call.switchNode === switchNode);
    await Promise.all(live.map((one) => realign(desk, one)));
    for (const talk of await engagements.talks(switchNode)) await endDeadTalk(desk, wrapUps, talk);
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
  desk: Desk,
  wrapUps: WrapUps,
  { callId, staffId, queueId }: { callId: string; staffId: string; queueId: string | null },
): Promise<void> {
  const { conversations, seats, engagements, pops } = desk;
  const conversation = conversations.get(callId);
  const isIn = [conversation?.agent.staffId, conversation?.other?.staffId].includes(staffId);
  if (isIn && conversation?.mode !== 'ended') return;
  const seat = seats.get(staffId);
  // Whoever is in another call by now does not wrap up this one.
  if (seat?.callId !== callId) {
    await engagements.talked(callId, staffId, null);
    await engagements.end(callId, staffId);
  } else if (seat.engagement === 'talking') {
    await ignore(pops.read(callId), 'the pop is shown without what is known of the caller');
    wrapUps.begin(staffId, callId, wrapUpSecOf(desk, queueId));
  }
}
