import { messageOf } from '../core/errors.ts';
import { newId } from '../core/ids.ts';
import { aborted } from '../core/concurrency/wait.ts';
import {
  CallGoneError,
  hangup,
  play,
  ring,
  ringBack,
  SwitchDownError,
  type Call,
} from '../cti/index.ts';
import { AgentBusyError } from './agents.errors.ts';
import type { Desk, ServeRequest } from './agents.types.ts';
import type { Conversation } from './conversation/conversation.ts';
import type { ConversationEnd } from './conversation/conversation.types.ts';
import { openConversation } from './conversation/open.ts';
import { recordConversation } from './conversation/recorder.ts';
import { nobodyIsFree } from './queue/announcements.ts';
import { knownNumber } from './queue/promises.ts';
import { serve } from './serve.ts';

export interface DialRequest {
  number: string;
  personId?: string | undefined;
  roomId?: string | undefined;
}

/** How long an agent's own phone, and then the customer's, rings. */
const ownRingSec = 15;
const ringSec = 40;

export const dialOut = { dial, adopt };

/** The agent's telephone first, then the number: whoever is called never waits for somebody to speak. */
async function dial(
  desk: Desk,
  staffId: string,
  request: DialRequest,
): Promise<{ callId: string }> {
  const seat = desk.seats.require(staffId);
  if (seat.engagement !== 'idle') throw new AgentBusyError();
  const callId = newId();
  desk.seats.engage(staffId, 'talking', callId);
  await place(desk, callId, staffId, { ...request, purpose: 'agent' });
  return { callId };
}

/** What `place` is told beside whom to call. */
export interface PlaceRequest extends DialRequest {
  purpose: 'agent' | 'callback';
  /** The call in which this one was promised; it stands on the switch, for whoever takes the call up. */
  promisedIn?: string;
  /** The customer is called next; when it rejects, they are not. */
  onPrepared?: () => Promise<void>;
}

/** The seat talks already. Resolves when the customer's telephone is about to ring, or is not rung. */
export async function place(
  desk: Desk,
  callId: string,
  staffId: string,
  request: PlaceRequest,
): Promise<Call> {
  let conversation: Conversation | undefined;
  const { purpose, promisedIn, onPrepared } = request;
  try {
    const { did, estateId } = await callerIdOf(desk);
    // Before it is counted as dialled.
    if (!desk.cti.nodes.some(({ isConnected }) => isConnected)) throw new SwitchDownError();
    const endpoint = await desk.outside({ number: request.number, purpose, callId, staffId });
    const { number } = endpoint;
    const call = await desk.cti.dialCall({
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
        conversation = await prepare(desk, made, staffId, { ...request, number }, estateId);
        if (conversation.hasEnded) return false;
        await onPrepared?.();
        return true;
      },
    });
    void talk(desk, call, staffId, conversation);
    return call;
  } catch (error) {
    free(desk, staffId, callId);
    throw error;
  }
}

/** An agent whom that call kept busy serves others. */
export function free({ seats }: Desk, staffId: string, callId: string): void {
  const seat = seats.get(staffId);
  if (seat?.callId === callId && seat.engagement === 'talking') {
    seats.engage(staffId, 'idle', null);
  }
}

async function prepare(
  desk: Desk,
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
  await desk.pops.read(call.id);
  const seat = desk.seats.require(staffId);
  const leg = ring(call, {
    role: 'agent',
    endpoint: desk.endpointOf(seat),
    shownNumber: request.number,
    ringSec: ownRingSec,
    data: { staff: staffId, queue: '' },
    isAutoAnswered: true,
  });
  await leg.answered;
  const party = { staffId, label: seat.displayName, leg };
  const conversation = openConversation(desk, call, party, null);
  desk.onCall(call);
  // It is wrapped up also when nobody answers: what the agent writes then needs its row.
  await desk.onJoining(conversation, party);
  await ringBack(leg);
  return conversation;
}

async function talk(
  desk: Desk,
  call: Call,
  staffId: string,
  conversation: Conversation | undefined,
): Promise<void> {
  try {
    if (conversation === undefined) {
      free(desk, staffId, call.id);
      return;
    }
    await Promise.race([call.answered, aborted(call.gone), conversation.ended]);
    // The agent has gone, and nobody has picked up: whoever is called hears no telephone any more.
    if (!call.isAnswered) {
      await hangup(call);
      return;
    }
    if (!conversation.hasEnded) {
      await recordConversation(desk, call);
      await conversation.begin();
      if (conversation.hasMet) desk.floor.served(knownNumber(call), staffId);
    }
    await follow(desk, call, await conversation.ended);
  } catch (error) {
    desk.log.warn({ callId: call.id, reason: messageOf(error) }, 'outbound call failed');
    await hangup(call);
    free(desk, staffId, call.id);
  }
}

/** After a restart: whoever talks or waits goes on; a telephone that only rang is let go. */
async function adopt(desk: Desk, call: Call): Promise<void> {
  const conversation = (await desk.adoptions.take(call.id))?.conversation;
  if (call.isAnswered) desk.floor.served(knownNumber(call), call.recall('staff') ?? null);
  try {
    await follow(desk, call, await conversation?.ended);
  } catch (error) {
    desk.log.warn({ callId: call.id, reason: messageOf(error) }, 'outbound call failed');
    await hangup(call);
  }
}

/** Who was sent on, or whose agent's line broke, waits for the next as if they had called. */
async function follow(desk: Desk, call: Call, end: ConversationEnd | undefined): Promise<void> {
  const goesOn =
    end === undefined
      ? call.recall('waiting') !== undefined
      : end.kind === 'sent' || end.kind === 'agent_lost';
  if (goesOn && !call.gone.aborted) {
    try {
      const request = await requestOf(desk, call);
      const { result } = await serve(desk, call, request, end);
      if (result === 'message') await sayNobodyIsFree(desk, call, request);
    } catch (error) {
      if (!(error instanceof CallGoneError)) throw error;
    }
  }
  await hangup(call);
}

async function requestOf(desk: Desk, call: Call): Promise<ServeRequest> {
  const row = await desk.db
    .selectFrom('call')
    .leftJoin('person', 'person.id', 'call.personId')
    .select(['call.estateId', 'person.language'])
    .where('call.id', '=', call.id)
    .executeTakeFirst();
  return {
    step: 'desk',
    queue: 'general',
    isEmergency: false,
    language: row?.language ?? 'zh-CN',
    estateId: row?.estateId ?? null,
  };
}

async function sayNobodyIsFree(
  desk: Desk,
  call: Call,
  { step, language }: ServeRequest,
): Promise<void> {
  const said = await Promise.allSettled(nobodyIsFree(language).map((one) => desk.tts.render(one)));
  const paths = said.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  await play(call, `${step}-nobody`, paths);
}

/** The number that customers see: the hotline's own. */
async function callerIdOf(desk: Desk): Promise<{ did: string; estateId: string | null }> {
  const row = await desk.db
    .selectFrom('hotline')
    .select(['did', 'estateId'])
    .orderBy('did')
    .executeTakeFirst();
  return { did: row?.did ?? 'anonymous', estateId: row?.estateId ?? null };
}
