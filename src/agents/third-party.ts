import type { Party as WantedParty } from '../api/contract/agents.ts';
import { partyVariables } from '../cti/index.ts';
import { AgentBusyError, NobodyThereError } from './agents.errors.ts';
import type { Desk, Party } from './agents.types.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { Seat } from './presence/seat.ts';

export type { WantedParty };

/** How long a colleague's or an outside telephone rings. */
const ringSec = 25;

/** Rings whoever an agent wants to talk to; resolves when they answer. */
export async function ringParty(
  desk: Desk,
  conversation: Conversation,
  staffId: string,
  wanted: WantedParty,
  signal: AbortSignal,
): Promise<Party> {
  if ('number' in wanted) return ringOutside(desk, conversation, wanted.number, signal);
  const seat =
    'staffId' in wanted
      ? desk.seats.require(wanted.staffId)
      : freeMember(desk, wanted.queueId, staffId);
  if (seat.staffId === staffId || seat.engagement !== 'idle') throw new AgentBusyError();
  const { call, queueId } = conversation;
  const expiresAt = new Date(desk.clock.now().getTime() + ringSec * 1000);
  const leg = await desk.floor.ringColleague(
    { call, seat, queueId, kind: 'consult', fromStaffId: staffId, expiresAt },
    signal,
  );
  return { staffId: seat.staffId, label: seat.displayName, leg };
}

async function ringOutside(
  desk: Desk,
  { call, queueId }: Conversation,
  number: string,
  signal: AbortSignal,
): Promise<Party> {
  const leg = desk.cti.dialLeg({
    callId: call.id,
    switchNode: call.switchNode,
    role: 'outside',
    endpoint: await desk.outside(number),
    callerId: /^[0-9]{1,20}$/.test(call.did) ? call.did : 'anonymous',
    ringSec,
    data: { staff: '', queue: queueId ?? '' },
    variables: partyVariables,
    isWanted: () => !signal.aborted,
  });
  signal.addEventListener('abort', () => void desk.lines.hangUp(leg), { once: true });
  await leg.answered;
  if (signal.aborted) {
    await desk.lines.hangUp(leg);
    throw new NobodyThereError('cancelled');
  }
  return { staffId: null, label: number, leg };
}

/** Whoever of the queue has been free longest. */
function freeMember(desk: Desk, queueId: string, except: string): Seat {
  const [first] = desk.seats.all
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
