import type {
  AgentView,
  Engagement,
  PhoneKind,
  Presence,
} from '../../../contract/agents/agents.ts';
import { checkTransition } from '../../../core/states.ts';
import type { RoutingAgent } from '../routing/index.ts';
import { engagementTransitions } from './engagement.states.ts';

/** One agent at work: what they chose, and what calls made of it. A change is a new object. */
export interface Seat {
  readonly staffId: string;
  readonly username: string;
  readonly displayName: string;
  readonly phone: PhoneKind;
  /** Of an outside phone. */
  readonly number: string | null;
  readonly isPhoneReady: boolean;
  /** In which their softphone is. */
  readonly phoneBrowser: string | null;
  readonly presence: Presence;
  readonly reason: string | null;
  readonly presenceSince: Date;
  /** Name of the supervisor who set it. */
  readonly presenceBy: string | null;
  readonly engagement: Engagement;
  readonly engagementSince: Date;
  readonly callId: string | null;
  readonly idleSince: Date;
  readonly lastOfferedAt: Date | null;
  /** Calls of today that they have talked in, each once; the talk is over. */
  readonly handledCallIds: ReadonlySet<string>;
  readonly queueIds: readonly string[];
  readonly skills: Readonly<Record<string, number>>;
  readonly siteIds: readonly string[] | null;
  readonly place: number;
}

/** Why an agent who did not take a call is set on a break, so that the next caller does not wait for them. */
export const missedOfferReason = 'no_answer';

export function withEngagement(
  seat: Seat,
  engagement: Engagement,
  callId: string | null,
  now: Date,
): Seat {
  if (seat.engagement === engagement) return { ...seat, callId };
  checkTransition('agent', engagementTransitions, seat.engagement, engagement);
  return {
    ...seat,
    engagement,
    engagementSince: now,
    callId,
    ...(engagement === 'idle' ? { idleSince: now } : {}),
    ...(engagement === 'offered' ? { lastOfferedAt: now } : {}),
    ...(engagement === 'wrap_up' && callId !== null ? handled(seat, callId) : {}),
  };
}

/** As the rows have it after a restart: nothing happens now that was not counted then. */
export function withFoundEngagement(
  seat: Seat,
  engagement: 'talking' | 'wrap_up',
  callId: string,
  since: Date,
): Seat {
  return { ...seat, engagement, engagementSince: since, callId };
}

/** The call counts for them, whether or not they wrapped it up. */
export function handled(seat: Seat, callId: string): Pick<Seat, 'handledCallIds'> {
  return { handledCallIds: new Set([...seat.handledCallIds, callId]) };
}

export function withPresence(
  seat: Seat,
  presence: Presence,
  reason: string | null,
  { now, by }: { now: Date; by: string | undefined },
): Seat {
  const isSame = seat.presence === presence && seat.reason === reason;
  return {
    ...seat,
    presence,
    reason: presence === 'break' ? reason : null,
    presenceSince: isSame ? seat.presenceSince : now,
    presenceBy: by ?? null,
    // Whoever comes back from a break has not been idle for all of it.
    idleSince: isSame || presence !== 'available' ? seat.idleSince : now,
  };
}

/** Whether somebody asks for what is so already: who sets it counts, for it is shown. */
export function isSamePresence(
  seat: Pick<Seat, 'presence' | 'reason' | 'presenceBy'>,
  { presence, reason, by }: { presence: Presence; reason: string | null; by: string | undefined },
): boolean {
  const isTold = seat.presenceBy === null || seat.presenceBy === (by ?? null);
  return isTold && seat.presence === presence && seat.reason === reason;
}

/** What the router knows of a seat. */
export function routingAgent(seat: Seat): RoutingAgent {
  return {
    staffId: seat.staffId,
    skills: seat.skills,
    queueIds: seat.queueIds,
    isAvailable: seat.presence === 'available',
    isFree: seat.engagement === 'idle' || seat.engagement === 'offered',
    isPhoneReady: seat.isPhoneReady,
    idleSince: seat.idleSince.getTime(),
    handledToday: seat.handledCallIds.size,
    lastOfferedAt: seat.lastOfferedAt?.getTime() ?? null,
    order: seat.place,
    siteIds: seat.siteIds,
  };
}

export function agentView(seat: Seat): AgentView {
  return {
    staffId: seat.staffId,
    username: seat.username,
    displayName: seat.displayName,
    presence: seat.presence,
    reason: seat.reason,
    presenceSince: seat.presenceSince.toISOString(),
    presenceBy: seat.presenceBy,
    engagement: seat.engagement,
    engagementSince: seat.engagementSince.toISOString(),
    callId: seat.callId,
    phone: seat.phone,
    isPhoneReady: seat.isPhoneReady,
    queueIds: [...seat.queueIds],
    handledToday: seat.handledCallIds.size,
  };
}
