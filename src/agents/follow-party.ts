import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../core/errors.ts';
import type { Desk, Party } from './agents.types.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { PartyChange } from './conversation/conversation.types.ts';
import type { Emergencies } from './emergencies.ts';
import type { WrapUps } from './wrap-ups.ts';

/** A database that is away costs nobody their talk. */
const longestWriteMs = 500;

/** The row of somebody's talk; without it a service that starts anew would not let them wrap up. */
export async function writeTalk(
  { engagements, log }: Desk,
  { call, queueId }: Conversation,
  { staffId, leg }: Party,
): Promise<void> {
  if (staffId === null) return;
  const written = engagements
    .begin({ callId: call.id, staffId, queueId, legId: leg.id })
    .catch((error: unknown) => {
      log.error({ reason: messageOf(error), callId: call.id }, 'conversation not written');
    });
  await Promise.race([written, delay(longestWriteMs, undefined, { ref: false })]);
}

/** Somebody joined or left a conversation: their own state follows, and the timeline tells it. */
export function followParty(
  desk: Desk,
  { wrapUps, emergencies }: { wrapUps: WrapUps; emergencies: Emergencies },
  conversation: Conversation,
  party: Party,
  what: PartyChange,
): void {
  const { call, queueId } = conversation;
  const { staffId, leg } = party;
  call.record(`party.${what}`, { legId: leg.id, staffId });
  if (staffId === null) return;
  const { seats } = desk;
  if (what === 'joined') {
    seats.engage(staffId, 'talking', call.id);
    // Whatever becomes of the call later: somebody has talked to them.
    void call.update({ state: 'talking', outcome: 'talked' });
    emergencies.settle(call.id, seats.get(staffId)?.displayName);
    return;
  }
  const seat = seats.get(staffId);
  if (seat?.callId !== call.id) {
    // They left their place, or are in another call: nobody wraps this one up.
    void wrapUps.close(staffId, call.id);
    return;
  }
  if (!conversation.hasMet && queueId !== null) {
    void wrapUps.skip(staffId, call.id);
    return;
  }
  if (what === 'lost') {
    seats.count(staffId, call.id);
    void wrapUps.skip(staffId, call.id);
    // A page that was loaded anew says when its telephone is there again.
    if (seat.phone === 'browser') seats.setPhoneReady(staffId, false);
    return;
  }
  const handedTo = conversation.handedTo(staffId);
  wrapUps.begin(staffId, call.id, wrapUpSecOf(desk, queueId), handedTo);
}

/** Null for as long as the agent wants. */
export function wrapUpSecOf({ floor }: Pick<Desk, 'floor'>, queueId: string | null): number | null {
  return queueId === null ? 60 : (floor.queue(queueId)?.wrapUpSec ?? null);
}
