import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Conversation } from './conversation.ts';
import type { PartyChange } from './conversation.types.ts';
import type { EngagementStore } from '../acd/sessions/engagement-store.ts';
import type { Emergencies } from '../acd/emergencies/emergencies.ts';
import type { Seats } from '../acd/sessions/seats.ts';
import type { Acd } from '../acd/queues/acd.ts';
import type { Party } from '../acd/queues/waiting.types.ts';
import type { WrapUps } from './wrap-ups.ts';

/** A database that is away costs nobody their talk. */
const longestWriteMs = 500;

/** The row of somebody's talk; without it a service that starts anew would not let them wrap up. */
export async function writeTalk(
  { engagements, log }: { engagements: Pick<EngagementStore, 'begin'>; log: Log },
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

export interface FollowPartyParts {
  seats: Seats;
  wrapUps: Pick<WrapUps, 'begin' | 'skip' | 'close'>;
  emergencies: Pick<Emergencies, 'end'>;
}

/** Somebody joined or left a conversation: their own state follows, and the timeline tells it. */
export function followParty(
  { seats, wrapUps, emergencies }: FollowPartyParts,
  conversation: Conversation,
  party: Party,
  what: PartyChange,
): void {
  const { call, queueId } = conversation;
  const { staffId, leg } = party;
  call.record(`party.${what}`, { legId: leg.id, staffId });
  if (staffId === null) return;
  if (what === 'joined') {
    seats.engage(staffId, 'talking', call.id);
    // Whatever becomes of the call later: somebody has talked to them.
    void call.update({ state: 'talking', outcome: 'talked' });
    emergencies.end(call.id, seats.get(staffId)?.displayName);
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
    if (seat.phone === 'browser') seats.phones.setReady(staffId, false);
    return;
  }
  wrapUps.begin(staffId, call.id, queueId, conversation.handedTo(staffId));
}

/** Null for as long as the agent wants. */
export function wrapUpSecOf(acd: Pick<Acd, 'queue'>, queueId: string | null): number | null {
  return queueId === null ? 60 : (acd.queue(queueId)?.wrapUpSec ?? null);
}
