import type { Log } from '../../core/log.ts';
import type { Call } from '../../cti/index.ts';
import { NotYourCallError } from '../agents.errors.ts';
import type { Party } from '../acd/queues/waiting.types.ts';
import { Conversation, type ConversationListeners } from './conversation.ts';
import { Departures, type DepartureParts } from './departures.ts';

export interface ConversationsParts extends DepartureParts {
  listeners: ConversationListeners;
  log: Log;
}

/** Those that go on, by call. */
export class Conversations {
  readonly #parts: ConversationsParts;
  readonly #open = new Map<string, Conversation>();

  constructor(parts: ConversationsParts) {
    this.#parts = parts;
  }

  get all(): readonly Conversation[] {
    return [...this.#open.values()];
  }

  /** Kept under its call until it has ended. */
  open(call: Call, agent: Party, queueId: string | null): Conversation {
    const conversation = openConversation(call, agent, queueId, this.#parts);
    this.#open.set(call.id, conversation);
    void conversation.ended.then(() => {
      if (this.#open.get(call.id) === conversation) this.#open.delete(call.id);
    });
    return conversation;
  }

  get(callId: string): Conversation | undefined {
    return this.#open.get(callId);
  }

  /** Throws `conversation.not_yours`. */
  require(callId: string): Conversation {
    const conversation = this.#open.get(callId);
    if (conversation === undefined) throw new NotYourCallError();
    return conversation;
  }
}

export function openConversation(
  call: Call,
  agent: Party,
  queueId: string | null,
  { listeners, log, ...parts }: ConversationsParts,
): Conversation {
  const departures = new Departures(parts);
  const conversation = new Conversation(call, agent, queueId, {
    ...{ listeners, log },
    onPartyGone: (one, party) => departures.onPartyGone(one, party),
  });
  departures.watch(conversation);
  return conversation;
}
