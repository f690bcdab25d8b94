import type {
  DeskCall,
  DeskView,
  LegView,
  OfferView,
  OrderDraft,
  WrapUpView,
} from '../../contract/agents/agents.ts';
import type { Pop } from '../../contract/agents/pop.ts';
import type { LiveCallView } from '../../contract/agents/realtime.ts';
import type { Call } from '../../cti/index.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { Party } from '../acd/queues/waiting.types.ts';
import type { ConversationMode } from '../conversations/conversation.states.ts';
import { agentView, type Seat } from '../acd/sessions/seat.ts';
import type { Ring } from '../acd/queues/ringing.ts';
import type { WrapUp } from '../conversations/wrap-ups.ts';

export interface DeskFacts {
  seat: Seat;
  ring:
    { ring: Ring; pop: Pop; draft: OrderDraft; waitingSince: Date; waitedSec: number } | undefined;
  talk: { conversation: Conversation; pop: Pop; draft: OrderDraft } | undefined;
  wrapUp: (WrapUp & { pop: Pop; draft: OrderDraft }) | undefined;
  supervising: DeskView['supervising'];
}

/** Everything on one agent's screen. */
export function deskView({ seat, ring, talk, wrapUp, supervising }: DeskFacts): DeskView {
  return {
    agent: agentView(seat),
    offer: ring === undefined ? null : offerView(ring),
    call: talk === undefined ? null : deskCall(talk, seat.staffId),
    wrapUp: wrapUp === undefined ? null : wrapUpView(wrapUp),
    phoneBrowser: seat.phoneBrowser,
    supervising,
  };
}

function offerView({
  ring,
  pop,
  draft,
  waitingSince,
  waitedSec,
}: NonNullable<DeskFacts['ring']>): OfferView {
  return {
    offerId: ring.offerId,
    callId: ring.callId,
    queueId: ring.queueId,
    kind: ring.kind,
    fromStaffId: ring.fromStaffId,
    offeredAt: ring.offeredAt.toISOString(),
    expiresAt: ring.expiresAt.toISOString(),
    waitingSince: waitingSince.toISOString(),
    waitedSec,
    pop,
    draft,
  };
}

function deskCall(
  { conversation, pop, draft }: NonNullable<DeskFacts['talk']>,
  staffId: string,
): DeskCall {
  const { call, mode, agent } = conversation;
  const isMine = agent.staffId === staffId;
  return {
    callId: call.id,
    direction: call.direction,
    conversation: mode === 'ended' ? 'talking' : mode,
    startedAt: call.startedAt.toISOString(),
    answeredAt: null,
    legs: legViews(conversation, pop),
    isRecording: mode !== 'dialling',
    isSupervised: conversation.supervisors.size > 0,
    isMine,
    askedBy: isMine ? null : agent.label,
    pop,
    draft,
  };
}

function wrapUpView(wrapUp: NonNullable<DeskFacts['wrapUp']>): WrapUpView {
  const { callId, since, endsAt, handedTo, pop, draft } = wrapUp;
  return {
    callId,
    since: since.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
    handedTo,
    pop,
    draft,
  };
}

function legViews(conversation: Conversation, pop: Pop): LegView[] {
  const { call, mode, agent, other } = conversation;
  const isAway = mode === 'held' || mode === 'consulting';
  const customer: LegView = {
    legId: call.legId,
    role: 'caller',
    staffId: null,
    label: pop.callerNumber,
    state: mode === 'dialling' ? 'ringing' : isAway ? 'held' : 'talking',
  };
  return [
    customer,
    partyView(agent, mode === 'held' ? 'waiting' : 'talking'),
    ...(other === undefined ? [] : [partyView(other, 'talking')]),
    ...[...conversation.supervisors].map(([staffId, { leg }]): LegView => ({
      legId: leg.id,
      role: 'supervisor',
      staffId,
      label: leg.number,
      state: 'listening',
    })),
  ];
}

function partyView({ leg, staffId, label }: Party, state: LegView['state']): LegView {
  const role = leg.role === 'outside' ? 'outside' : 'agent';
  return { legId: leg.id, role, staffId, label, state };
}

/** A call as the wall shows it. */
export function liveCallView(
  call: Call,
  facts: {
    state: LiveCallView['state'];
    since: Date;
    queueId: string | null;
    staffIds: readonly string[];
    supervisors: readonly string[];
    pop: Pop | undefined;
  },
): LiveCallView {
  const { state, since, queueId, staffIds, supervisors, pop } = facts;
  const person = pop?.candidates.find((one) => one.personId === pop.personId);
  const only = pop?.candidates.length === 1 ? pop.candidates[0] : undefined;
  return {
    callId: call.id,
    direction: call.direction,
    state,
    did: call.did,
    estateId: pop?.estateId ?? null,
    callerNumber: call.callerNumber,
    isNumberVerified: call.isNumberVerified,
    callerName: (person ?? only)?.name ?? null,
    startedAt: call.startedAt.toISOString(),
    stateSince: since.toISOString(),
    queueId,
    staffIds: [...staffIds],
    supervisors: [...supervisors],
  };
}

/** What a call is doing, from who talks and who waits. */
export function liveState(
  mode: ConversationMode | undefined,
  isWaiting: boolean,
  isOffered: boolean,
): LiveCallView['state'] {
  if (mode === 'dialling') return 'ringing';
  if (mode !== undefined && mode !== 'ended') return 'talking';
  if (isOffered) return 'offered';
  return isWaiting ? 'queued' : 'in_flow';
}
