import { messageOf } from '../../../core/errors.ts';
import { aborted } from '../../../core/concurrency/wait.ts';
import type { Log } from '../../../core/log.ts';
import { CallGoneError, hangup, play, type Call } from '../../../cti/index.ts';
import type { Pool } from '../../../db/index.ts';
import type { Adoptions } from '../recovery/adoption.ts';
import { free } from './dial-out.ts';
import type { Seats } from '../../acd/sessions/seats.ts';
import { nobodyIsFree } from '../../acd/queues/announcements/announcements.ts';
import { knownNumber } from '../../../property/index.ts';
import type { Callbacks } from '../../acd/queues/callbacks.ts';
import type { ServeRequest, ServeResult } from '../../acd/queues/serve.types.ts';
import type { QueueVoice } from '../../acd/queues/announcements/voice.ts';
import { begin } from '../acts.ts';
import type { Conversation } from '../conversation.ts';
import type { ConversationEnd } from '../conversation.types.ts';

export interface LeadOutgoingParts {
  seats: Pick<Seats, 'get' | 'engage'>;
  adoptions: Pick<Adoptions, 'take'>;
  callbacks: Pick<Callbacks, 'served'>;
  /** See `recordConversation`. */
  record: (call: Call) => Promise<void>;
  /** See `follow`. */
  follow: (call: Call, end: ConversationEnd | undefined) => Promise<void>;
  log: Log;
}

/** A call that an agent has dialled, from the first ring to its end. */
export async function leadOutgoing(
  { seats, callbacks, record, follow, log }: LeadOutgoingParts,
  call: Call,
  staffId: string,
  conversation: Conversation | undefined,
): Promise<void> {
  try {
    if (conversation === undefined) {
      free(seats, staffId, call.id);
      return;
    }
    await Promise.race([call.answered, aborted(call.gone), conversation.ended]);
    // The agent has gone, and nobody has picked up: whoever is called hears no telephone any more.
    if (!call.isAnswered) {
      await hangup(call);
      return;
    }
    if (!conversation.hasEnded) {
      await record(call);
      await begin(conversation);
      if (conversation.hasMet) callbacks.served(knownNumber(call), staffId);
    }
    await follow(call, await conversation.ended);
  } catch (error) {
    log.warn({ callId: call.id, reason: messageOf(error) }, 'outbound call failed');
    await hangup(call);
    free(seats, staffId, call.id);
  }
}

/** After a restart: whoever talks or waits goes on; a telephone that only rang is let go. */
export async function adoptOutgoing(
  { adoptions, callbacks, follow, log }: LeadOutgoingParts,
  call: Call,
): Promise<void> {
  const conversation = (await adoptions.take(call.id))?.conversation;
  if (call.isAnswered) callbacks.served(knownNumber(call), call.recall('staff') ?? null);
  try {
    await follow(call, await conversation?.ended);
  } catch (error) {
    log.warn({ callId: call.id, reason: messageOf(error) }, 'outbound call failed');
    await hangup(call);
  }
}

export interface FollowParts {
  db: Pool;
  voice: QueueVoice;
  /** See `serve`. */
  serve: (
    call: Call,
    request: ServeRequest,
    before: ConversationEnd | undefined,
  ) => Promise<ServeResult>;
}

/** Who was sent on, or whose agent was lost, waits for the next as if they had called. */
export async function follow(
  { db, voice, serve }: FollowParts,
  call: Call,
  end: ConversationEnd | undefined,
): Promise<void> {
  const goesOn =
    end === undefined
      ? call.recall('waiting') !== undefined
      : end.kind === 'sent' || end.kind === 'agent_lost';
  if (goesOn && !call.gone.aborted) {
    try {
      const request = await requestOf(db, call);
      const { result } = await serve(call, request, end);
      if (result === 'message') await sayNobodyIsFree(voice, call, request);
    } catch (error) {
      if (!(error instanceof CallGoneError)) throw error;
    }
  }
  await hangup(call);
}

async function requestOf(db: Pool, call: Call): Promise<ServeRequest> {
  const row = await db
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
  voice: QueueVoice,
  call: Call,
  { step, language }: ServeRequest,
): Promise<void> {
  await play(call, `${step}-nobody`, await voice.render(nobodyIsFree(language)));
}
