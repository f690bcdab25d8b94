import { CallGoneError, park, type Call } from '../../../cti/index.ts';
import type { Clock } from '../../../core/clock.ts';
import type { Utterance } from '../../../tts/index.ts';
import type { Adoptions } from '../recovery/adoption.ts';
import type { CallerKnowledge } from '../../../lookup/index.ts';
import type { ConversationEnd } from '../conversation.types.ts';
import { customerLostAgent } from '../../acd/queues/announcements/announcements.ts';
import type { Waited } from '../../acd/queues/announcements/hear.ts';
import type { OpenQueues } from '../../acd/queues/open-queues.ts';
import type { ServeRequest, ServeResult } from '../../acd/queues/serve.types.ts';
import type { WaitRequest } from '../../acd/queues/wait.ts';
import type { WaitEnd } from '../../acd/queues/waiting.types.ts';
import type { Preference } from '../../acd/routing/index.ts';

/** How long a caller whose agent was lost is kept for that same person. */
const returnMs = 20_000;

export interface ServeParts {
  known: CallerKnowledge;
  adoptions: Pick<Adoptions, 'take'>;
  queues: OpenQueues;
  /** See `wait`. */
  wait: (call: Call, request: ServeRequest, wanted: WaitRequest) => Promise<Waited>;
  /** See `talk`. */
  talk: (
    call: Call,
    request: ServeRequest,
    answered: Extract<WaitEnd, { kind: 'answered' }>,
  ) => Promise<ConversationEnd>;
  clock: Clock;
}

/**
 * Leads a caller through a queue to a person and stays until they have talked. After a restart it is called
 * again with the same step and goes on: with the conversation, or at the same position in the queue.
 *
 * @param before how a conversation ended that was led elsewhere: the customer goes on from there.
 */
export async function serve(
  parts: ServeParts,
  call: Call,
  request: ServeRequest,
  before?: ConversationEnd,
): Promise<ServeResult> {
  const { known, adoptions, queues, clock } = parts;
  const pop = known.pop(call.id);
  // After a restart: a caller who talks goes on talking, whoever lost their agent gets them back first.
  const adopted = await adoptions.take(call.id);
  let end = before ?? (await adopted?.conversation?.ended);
  let preferred = returningTo(adopted?.staffIds ?? [], clock.now().getTime());
  let sender: string | null = null;
  let queueId = queues.idFor(request.queue);
  let apology: Utterance[] = [];
  /** In all their waits of this call; a talk between is none. */
  let waitedMs = 0;
  for (;;) {
    if (end !== undefined) {
      const next = afterTalk(end, clock.now().getTime());
      if (next === 'over') return { result: 'talked', isAsked: await isAsked(queues, call, end) };
      ({ preferred, queueId = queueId, sender = null } = next);
      apology = end.kind === 'agent_lost' ? customerLostAgent(request.language) : [];
    }
    if (queueId === undefined || !queues.mayBeServed(queueId, request)) {
      return { result: 'message' };
    }
    await pop;
    const isAgain = end !== undefined;
    // Music of a hold, or the room of a conference, would go on for ever.
    if (isAgain || preferred.length > 0) await park(call);
    const facts = await known.facts(call.id);
    const place = { queueId, preferred, apology, facts, sender, isAgain, waitedMs };
    const began = clock.now().getTime();
    const waited = await parts.wait(call, request, place);
    waitedMs += clock.now().getTime() - began;
    if (waited.kind === 'callback') return { result: 'callback' };
    if (waited.kind !== 'answered') return { result: 'message' };
    end = await parts.talk(call, request, waited);
  }
}

/** Whether the customer, still in the call, shall say how it was; then they stand ready for it. */
async function isAsked(queues: OpenQueues, call: Call, end: ConversationEnd): Promise<boolean> {
  if (end.kind !== 'agent_left' || !queues.asksForRating(end.queueId)) return false;
  // Music of a hold, or the room of a conference, would go on for ever.
  await park(call);
  await call.update({ state: 'in_flow' });
  return true;
}

function returningTo(staffIds: readonly string[], now: number): Preference[] {
  const until = now + returnMs;
  return staffIds.map((staffId) => ({ staffId, kind: 'return', until }));
}

function afterTalk(
  end: ConversationEnd,
  now: number,
): 'over' | { preferred: Preference[]; queueId?: string; sender?: string } {
  switch (end.kind) {
    case 'customer_left':
      throw new CallGoneError();
    case 'agent_left':
      return 'over';
    case 'agent_lost':
      return { preferred: returningTo([end.staffId], now) };
    case 'sent':
      return {
        queueId: end.queueId,
        sender: end.byStaffId,
        preferred:
          end.staffId === null
            ? []
            : [{ staffId: end.staffId, kind: 'return', until: now + returnMs + 10_000 }],
      };
  }
}
