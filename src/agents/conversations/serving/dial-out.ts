import type { Clock } from '../../../core/clock.ts';
import { newId } from '../../../core/ids.ts';
import { ring, ringBack, SwitchDownError, type Call, type Cti } from '../../../cti/index.ts';
import type { Pool } from '../../../db/index.ts';
import { AgentBusyError } from '../../agents.errors.ts';
import { callerIdOf, type CallerId } from './caller-id.ts';
import type { Conversation } from '../conversation.ts';
import type { Conversations } from '../conversations.ts';
import type { DialOutside, EndpointOf } from '../../acd/sessions/endpoints.ts';
import type { Pops } from '../../../lookup/index.ts';
import type { Seats } from '../../acd/sessions/seats.ts';
import type { Party } from '../../acd/queues/waiting.types.ts';

export interface DialRequest {
  number: string;
  personId?: string | undefined;
  roomId?: string | undefined;
}

/** What `place` is told beside whom to call. */
export interface PlaceRequest extends DialRequest {
  purpose: 'agent' | 'callback';
  /** The call in which this callback was promised; it stands on the switch, for whoever takes the call up. */
  promisedIn?: string;
  /** What it was that they dialled, for whoever is called back; else as `callerIdOf` finds. */
  shown?: CallerId;
  /** The customer is called next; when it rejects, they are not. */
  onPrepared?: () => Promise<void>;
}

/** The agent's telephone, which is rung first. */
export interface AgentFirstParts {
  seats: Pick<Seats, 'get' | 'require' | 'engage'>;
  endpointOf: EndpointOf;
  pops: Pick<Pops, 'read'>;
  conversations: Pick<Conversations, 'open'>;
  /** Screens may show it. */
  onCall: (call: Call) => void;
  /** See `writeTalk`. */
  writeTalk: (conversation: Conversation, party: Party) => Promise<void>;
}

export interface DialOutParts {
  agentFirst: AgentFirstParts;
  db: Pool;
  clock: Clock;
  cti: Pick<Cti, 'nodes' | 'dialCall'>;
  outside: DialOutside;
  /** See `lead-outgoing.ts`. */
  lead: (call: Call, staffId: string, conversation: Conversation | undefined) => Promise<void>;
}

/** How long an agent's own phone, and then the customer's, rings. */
const ownRingSec = 15;
const ringSec = 40;

/** The agent's telephone first, then the number: whoever is called never waits for somebody to speak. */
export async function dial(
  parts: DialOutParts,
  staffId: string,
  request: DialRequest,
): Promise<{ callId: string }> {
  const { seats } = parts.agentFirst;
  const seat = seats.require(staffId);
  if (seat.engagement !== 'idle') throw new AgentBusyError();
  const callId = newId();
  seats.engage(staffId, 'talking', callId);
  await place(parts, callId, staffId, { ...request, purpose: 'agent' });
  return { callId };
}

/** The seat talks already. Resolves when the customer's telephone is about to ring, or is not rung. */
export async function place(
  { agentFirst, db, clock, cti, outside, lead }: DialOutParts,
  callId: string,
  staffId: string,
  request: PlaceRequest,
): Promise<Call> {
  let conversation: Conversation | undefined;
  const { purpose, promisedIn, onPrepared } = request;
  try {
    const { did, estateId } =
      request.shown ?? (await callerIdOf(db, staffId, request, clock.now()));
    // Before it is counted as dialled.
    if (!cti.nodes.some(({ isConnected }) => isConnected)) throw new SwitchDownError();
    const endpoint = await outside({ number: request.number, purpose, callId, staffId });
    const { number } = endpoint;
    const call = await cti.dialCall({
      callId,
      endpoint,
      number,
      did,
      callerId: did,
      ringSec,
      data: {
        ...{ purpose: 'desk', staff: staffId },
        ...(promisedIn === undefined ? {} : { promise: promisedIn }),
      },
      isForAgent: true,
      before: async (made) => {
        conversation = await ringAgent(agentFirst, made, staffId, { ...request, number }, estateId);
        if (conversation.hasEnded) return false;
        await onPrepared?.();
        return true;
      },
    });
    void lead(call, staffId, conversation);
    return call;
  } catch (error) {
    free(agentFirst.seats, staffId, callId);
    throw error;
  }
}

/** An agent whom that call kept busy serves others. */
export function free(seats: Pick<Seats, 'get' | 'engage'>, staffId: string, callId: string): void {
  const seat = seats.get(staffId);
  if (seat?.callId === callId && seat.engagement === 'talking') {
    seats.engage(staffId, 'idle', null);
  }
}

/** Opens the conversation with the agent, before the customer is called. */
async function ringAgent(
  { seats, endpointOf, pops, conversations, onCall, writeTalk }: AgentFirstParts,
  call: Call,
  staffId: string,
  request: DialRequest,
  estateId: string | null,
): Promise<Conversation> {
  const { personId, roomId } = request;
  await call.update({
    ...(estateId === null ? {} : { estateId }),
    ...(personId === undefined ? {} : { personId }),
    ...(roomId === undefined ? {} : { roomId }),
  });
  await pops.read(call.id);
  const seat = seats.require(staffId);
  const leg = ring(call, {
    role: 'agent',
    endpoint: endpointOf(seat),
    shownNumber: request.number,
    ringSec: ownRingSec,
    data: { staff: staffId, queue: '' },
    isAutoAnswered: true,
  });
  await leg.answered;
  const party = { staffId, label: seat.displayName, leg };
  const conversation = conversations.open(call, party, null);
  onCall(call);
  // It is wrapped up also when nobody answers: what the agent writes then needs its row.
  await writeTalk(conversation, party);
  await ringBack(leg);
  return conversation;
}
