import { messageOf } from '../../../core/errors.ts';
import type { Log } from '../../../core/log.ts';
import { hangUpLeg, type Call } from '../../../cti/index.ts';
import { knownNumber } from '../../../property/index.ts';
import type { Callbacks } from '../../acd/queues/callbacks.ts';
import type { ServeRequest } from '../../acd/queues/serve.types.ts';
import type { WaitEnd } from '../../acd/queues/waiting.types.ts';
import { begin } from '../acts.ts';
import type { ConversationEnd } from '../conversation.types.ts';
import type { Conversations } from '../conversations.ts';

export interface TalkParts {
  conversations: Pick<Conversations, 'open'>;
  /** See `recordConversation`. */
  record: (call: Call) => Promise<void>;
  callbacks: Pick<Callbacks, 'served'>;
  log: Log;
}

/** Connects a caller with the agent who has answered; resolves when they have talked. */
export async function talk(
  { conversations, record, callbacks, log }: TalkParts,
  call: Call,
  { dialled }: ServeRequest,
  { party, queueId }: Extract<WaitEnd, { kind: 'answered' }>,
): Promise<ConversationEnd> {
  const conversation = conversations.open(call, party, queueId);
  await record(call);
  try {
    await begin(conversation);
    if (conversation.hasMet) {
      callbacks.served(knownNumber(call), party.staffId);
      dialled?.onConnected();
    }
  } catch (error) {
    log.warn({ callId: call.id, reason: messageOf(error) }, 'bridge of agent and caller failed');
    await hangUpLeg(party.leg);
    call.gone.throwIfAborted();
  }
  return conversation.ended;
}
