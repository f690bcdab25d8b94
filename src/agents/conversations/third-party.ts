import type { Party as WantedParty } from '../../contract/agents/agents.ts';
import { hangUpLeg, ring } from '../../cti/index.ts';
import { normaliseNumber } from '../../property/index.ts';
import {
  AgentBusyError,
  AlreadyInCallError,
  NobodyThereError,
  QueueNotFoundError,
} from '../agents.errors.ts';
import type { Clock } from '../../core/clock.ts';
import type { Conversation } from './conversation.ts';
import type { DialOutside } from '../acd/sessions/endpoints.ts';
import type { Seat } from '../acd/sessions/seat.ts';
import type { Seats } from '../acd/sessions/seats.ts';
import type { Acd } from '../acd/queues/acd.ts';
import type { Offers } from '../acd/queues/offers.ts';
import type { Party } from '../acd/queues/waiting.types.ts';

export type { WantedParty };

export interface ThirdPartyParts {
  seats: Pick<Seats, 'all' | 'get' | 'require'>;
  acd: Pick<Acd, 'queue'>;
  offers: Pick<Offers, 'ringColleague'>;
  outside: DialOutside;
  clock: Clock;
}

/** How long a colleague's or an outside telephone rings. */
const ringSec = 25;

/**
 * Before anybody is put on hold: whether it makes sense to bring them in at all. Throws
 * `conversation.already_in`, `conversation.nobody_there`, `queue.not_found`.
 */
export function checkParty(
  { seats, acd }: Pick<ThirdPartyParts, 'seats' | 'acd'>,
  conversation: Conversation,
  staffId: string,
  wanted: WantedParty,
): void {
  if ('queueId' in wanted) {
    const queue = acd.queue(wanted.queueId);
    if (queue === undefined) throw new QueueNotFoundError();
    if (!queue.isActive) throw new NobodyThereError('the queue is switched off');
    return;
  }
  if ('number' in wanted) {
    checkNumber(conversation, wanted.number);
    return;
  }
  if (wanted.staffId === staffId) throw new AlreadyInCallError('you');
  const { other, agent, supervisors } = conversation;
  const isIn = [agent.staffId, other?.staffId].includes(wanted.staffId);
  if (isIn || supervisors.has(wanted.staffId)) throw new AlreadyInCallError('party');
  const seat = seats.get(wanted.staffId);
  // Also an account that was closed: it has no seat any more.
  if (seat === undefined || seat.presence === 'offline') {
    throw new NobodyThereError('they are not at work');
  }
}

function checkNumber({ call, other }: Conversation, number: string): void {
  const digits = normaliseNumber(number);
  if (digits === '') throw new NobodyThereError('the number has no digits');
  if (digits === normaliseNumber(call.callerNumber)) throw new AlreadyInCallError('customer');
  if (other?.staffId === null && digits === normaliseNumber(other.label)) {
    throw new AlreadyInCallError('party');
  }
}

/** Rings whoever an agent wants to talk to; resolves when they answer. */
export async function ringParty(
  parts: ThirdPartyParts,
  conversation: Conversation,
  staffId: string,
  wanted: WantedParty,
  signal: AbortSignal,
): Promise<Party> {
  if ('number' in wanted) return ringOutside(parts, conversation, staffId, wanted.number, signal);
  const seat =
    'staffId' in wanted
      ? parts.seats.require(wanted.staffId)
      : freeMember(parts, wanted.queueId, staffId);
  if (seat.engagement !== 'idle') throw new AgentBusyError();
  const { call, queueId } = conversation;
  const expiresAt = new Date(parts.clock.now().getTime() + ringSec * 1000);
  const leg = await parts.offers.ringColleague(
    { call, seat, queueId, kind: 'consult', fromStaffId: staffId, expiresAt },
    signal,
  );
  return { staffId: seat.staffId, label: seat.displayName, leg };
}

async function ringOutside(
  { outside }: ThirdPartyParts,
  { call, queueId }: Conversation,
  staffId: string,
  wanted: string,
  signal: AbortSignal,
): Promise<Party> {
  const wish = { purpose: 'transfer', callId: call.id, staffId } as const;
  const endpoint = await outside({ ...wish, number: wanted });
  const leg = ring(call, {
    role: 'outside',
    endpoint,
    shownNumber: call.did,
    ringSec,
    data: { staff: '', queue: queueId ?? '' },
    isWanted: () => !signal.aborted,
  });
  signal.addEventListener('abort', () => void hangUpLeg(leg), { once: true });
  await leg.answered;
  if (signal.aborted) {
    await hangUpLeg(leg);
    throw new NobodyThereError('cancelled');
  }
  return { staffId: null, label: endpoint.number, leg };
}

/** Whoever of the queue has been free longest. */
function freeMember({ seats }: ThirdPartyParts, queueId: string, except: string): Seat {
  const [first] = seats.all
    .filter(
      (seat) =>
        seat.staffId !== except &&
        seat.queueIds.includes(queueId) &&
        seat.presence === 'available' &&
        seat.engagement === 'idle' &&
        seat.isPhoneReady,
    )
    .sort((a, b) => a.idleSince.getTime() - b.idleSince.getTime());
  if (first === undefined) throw new NobodyThereError('nobody of that queue is free');
  return first;
}
