import type { Party as WantedParty } from '../api/contract/agents.ts';
import { AgentBusyError, NobodyThereError } from './agents.errors.ts';
import type { Desk, Party } from './agents.types.ts';
import type { Conversation } from './conversation/conversation.ts';

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
  const { call } = conversation;
  const seat =
    'staffId' in wanted
      ? desk.seats.require(wanted.staffId)
      : 'queueId' in wanted
        ? freeMember(desk, wanted.queueId, staffId)
        : undefined;
  if (seat !== undefined && seat.engagement !== 'idle') throw new AgentBusyError();
  const number = 'number' in wanted ? wanted.number : '';
  const leg = desk.cti.dialLeg({
    callId: call.id,
    switchNode: call.switchNode,
    role: seat === undefined ? 'outside' : 'agent',
    endpoint: seat === undefined ? await desk.outside(number) : desk.endpointOf(seat),
    callerId: /^[0-9]{1,20}$/.test(call.did) ? call.did : 'anonymous',
    ringSec,
    data: { staff: seat?.staffId ?? '', queue: conversation.queueId ?? '' },
    variables: { park_after_bridge: 'true', hangup_after_bridge: 'false' },
  });
  if (seat !== undefined) desk.seats.engage(seat.staffId, 'offered', call.id);
  signal.addEventListener('abort', () => void desk.lines.hangUp(leg), { once: true });
  try {
    await leg.answered;
  } catch (error) {
    if (seat !== undefined) desk.seats.engage(seat.staffId, 'idle', null);
    throw error;
  }
  if (signal.aborted) {
    if (seat !== undefined) desk.seats.engage(seat.staffId, 'idle', null);
    await desk.lines.hangUp(leg);
    throw new NobodyThereError('cancelled');
  }
  return { staffId: seat?.staffId ?? null, label: seat?.displayName ?? number, leg };
}

/** Whoever of the queue has been free longest. */
function freeMember(desk: Desk, queueId: string, except: string) {
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
