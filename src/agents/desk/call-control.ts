import type { Party as WantedParty } from '../../contract/agents/agents.ts';
import { QueueNotFoundError } from '../agents.errors.ts';
import {
  cancelConsult,
  completeConsult,
  consult,
  startConference,
} from '../conversations/consultation.ts';
import type { Conversation } from '../conversations/conversation.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { hangUp } from '../conversations/departures.ts';
import { holdCaller, resumeCaller } from '../conversations/hold-resume.ts';
import { queueOf } from '../conversations/referrals.ts';
import { blindTransfer } from '../conversations/transfer.ts';
import type { DialRequest } from '../conversations/serving/dial-out.ts';
import type { Acd } from '../acd/queues/acd.ts';
import { checkParty, ringParty, type ThirdPartyParts } from '../conversations/third-party.ts';

export interface CallControlParts {
  conversations: Pick<Conversations, 'require'>;
  acd: Pick<Acd, 'queues'>;
  thirdParty: ThirdPartyParts;
  dial: (staffId: string, request: DialRequest) => Promise<{ callId: string }>;
}

/** What agents do with their call. Every act throws an `AppError` that names what is wrong. */
export class CallControl {
  readonly #parts: CallControlParts;

  constructor(parts: CallControlParts) {
    this.#parts = parts;
  }

  dial(staffId: string, request: DialRequest): Promise<{ callId: string }> {
    return this.#parts.dial(staffId, request);
  }

  async hold(callId: string, staffId: string): Promise<void> {
    await holdCaller(this.#parts.conversations.require(callId), staffId);
  }

  async resume(callId: string, staffId: string): Promise<void> {
    await resumeCaller(this.#parts.conversations.require(callId), staffId);
  }

  async hangUp(callId: string, staffId: string): Promise<void> {
    await hangUp(this.#parts.conversations.require(callId), staffId);
  }

  /** Blind. */
  async transfer(callId: string, staffId: string, to: WantedParty): Promise<void> {
    const { conversations, acd } = this.#parts;
    const conversation = conversations.require(callId);
    if ('number' in to) {
      await this.#consult(conversation, staffId, to);
      await completeConsult(conversation, staffId);
      return;
    }
    checkParty(this.#parts.thirdParty, conversation, staffId, to);
    const queueId = 'queueId' in to ? to.queueId : queueOf(acd.queues, conversation);
    if (queueId === undefined) throw new QueueNotFoundError();
    await blindTransfer(conversation, staffId, {
      queueId,
      staffId: 'staffId' in to ? to.staffId : null,
    });
  }

  async consult(callId: string, staffId: string, to: WantedParty): Promise<void> {
    await this.#consult(this.#parts.conversations.require(callId), staffId, to);
  }

  async cancelConsult(callId: string, staffId: string): Promise<void> {
    await cancelConsult(this.#parts.conversations.require(callId), staffId);
  }

  async completeConsult(callId: string, staffId: string): Promise<void> {
    await completeConsult(this.#parts.conversations.require(callId), staffId);
  }

  async confer(callId: string, staffId: string): Promise<void> {
    await startConference(this.#parts.conversations.require(callId), staffId);
  }

  async #consult(conversation: Conversation, staffId: string, to: WantedParty): Promise<void> {
    const { thirdParty } = this.#parts;
    checkParty(thirdParty, conversation, staffId, to);
    await consult(conversation, staffId, (signal) =>
      ringParty(thirdParty, conversation, staffId, to, signal),
    );
  }
}
