import { setTimeout as delay } from 'node:timers/promises';
import { aborted } from '../../core/concurrency/wait.ts';
import { messageOf } from '../../core/errors.ts';
import { bridge, hangUpLeg, playMusic } from '../../cti/index.ts';
import { ConversationStateError, NotYourCallError } from '../agents.errors.ts';
import type { Party } from '../acd/queues/waiting.types.ts';
import { enter, goBack } from './acts.ts';
import { handOver } from './consultation.ts';
import type { Referral } from './conversation.types.ts';
import type { Conversation } from './conversation.ts';

/** Both ends of a talk that is over are told within this. */
const customerFirstMs = 400;
/** A telephone that transfers mostly says goodbye at once, and knows nothing yet of what came of it. */
const referralMs = 10_000;

export interface DepartureParts {
  /** Who is meant by the target of a telephone's own transfer; undefined when nobody can take the call. */
  referredTo: (conversation: Conversation, target: string) => Promise<Referral | undefined>;
  /** Where a caller goes whom nobody else takes. */
  queueFor: (conversation: Conversation) => string | undefined;
  /** A page that is loaded anew says goodbye like one who hangs up. */
  isBrowser: (staffId: string) => boolean;
}

/** The agent, or a third party, hangs up on the screen. */
export function hangUp(conversation: Conversation, staffId: string): Promise<void> {
  return conversation.act(async () => {
    const { agent, other } = conversation;
    if (other?.staffId === staffId) {
      if (other.leg.gone.aborted) throw new ConversationStateError('hang up', 'ended');
      await hangUpLeg(other.leg);
      return;
    }
    if (agent.staffId !== staffId) throw new NotYourCallError();
    if (conversation.hasEnded || agent.leg.gone.aborted) {
      throw new ConversationStateError('hang up', 'ended');
    }
    conversation.isLeaving = true;
    await hangUpLeg(agent.leg);
  });
}

/** What becomes of one conversation whose parties hang up, or transfer it on their telephones. */
export class Departures {
  readonly #parts: DepartureParts;
  /** When the agent's telephone last asked for a transfer that is not done; monotonic. */
  #referredAt = -Infinity;

  constructor(parts: DepartureParts) {
    this.#parts = parts;
  }

  /** Hears of transfers that telephones make by themselves. */
  watch(conversation: Conversation): void {
    const stop = conversation.call.onSignal(({ kind, target }) => {
      if (kind !== 'referred' || conversation.hasEnded) return;
      // At once: the telephone may hang up before anything else is done.
      this.#referredAt = performance.now();
      conversation.post(() => this.#onReferred(conversation, target ?? ''));
    });
    void conversation.ended.then(stop);
  }

  /** The agent's telephone transfers by itself (REFER): the customer stands in the park. */
  async #onReferred(conversation: Conversation, target: string): Promise<void> {
    const { call } = conversation;
    const { staffId, leg } = conversation.agent;
    if (conversation.hasEnded || staffId === null) return;
    this.#referredAt = performance.now();
    const to =
      conversation.mode === 'talking' ? await this.#whereTo(conversation, target) : undefined;
    if (conversation.hasEnded) return;
    call.record('conversation.referred', { staffId, to: to ?? null });
    if (to !== undefined) {
      await playMusic(call);
      conversation.end({ kind: 'sent', ...to, byStaffId: staffId });
      return;
    }
    if (leg.gone.aborted || conversation.mode !== 'talking') return;
    try {
      await bridge(call, leg);
    } catch (error) {
      goBack(conversation, error);
    }
  }

  async #whereTo(conversation: Conversation, target: string): Promise<Referral | undefined> {
    try {
      return await this.#parts.referredTo(conversation, target);
    } catch (error) {
      const { log } = conversation.call;
      log.warn({ reason: messageOf(error) }, 'transfer without a known target');
      return undefined;
    }
  }

  /** A goodbye of somebody who believes that the customer has gone on to another. */
  get #isReferring(): boolean {
    return performance.now() - this.#referredAt < referralMs;
  }

  /** The leg of somebody in it is gone. */
  async onPartyGone(conversation: Conversation, party: Party): Promise<void> {
    if (conversation.mode === 'ended') return;
    if (party === conversation.other) {
      await onOtherGone(conversation, party);
      return;
    }
    if (party !== conversation.agent) return;
    // Who hangs up while a third party is in it hands the customer over.
    if (conversation.other !== undefined) {
      await handOver(conversation);
      return;
    }
    const { call, queueId } = conversation;
    const { staffId } = party;
    // When the customer hangs up, the switch may tell of the agent's leg first.
    if (!conversation.isLeaving) await Promise.race([aborted(call.gone), delay(customerFirstMs)]);
    if (call.gone.aborted) return;
    if (conversation.hasEnded) return;
    if (staffId !== null && this.#isReferring && !conversation.isLeaving) {
      this.#sendBack(conversation, staffId);
    } else if (staffId !== null && this.#isLost(conversation, party)) {
      conversation.end({ kind: 'agent_lost', staffId });
    } else conversation.end({ kind: 'agent_left', queueId });
  }

  /** The customer, whose agent has left by a transfer that was not done, waits for the next. */
  #sendBack(conversation: Conversation, staffId: string): void {
    const queueId = this.#parts.queueFor(conversation);
    if (queueId === undefined) conversation.end({ kind: 'agent_lost', staffId });
    else conversation.end({ kind: 'sent', queueId, staffId: null, byStaffId: staffId });
  }

  #isLost(conversation: Conversation, { staffId, leg }: Party): boolean {
    if (conversation.isLeaving || conversation.call.gone.aborted) return false;
    // Who came through a queue has talked to nobody yet.
    if (!conversation.hasMet && conversation.queueId !== null) return true;
    if (staffId !== null && this.#parts.isBrowser(staffId)) return true;
    return leg.hangupCause !== undefined && !isGoodbye(leg.hangupCause);
  }
}

/** The third party has left: the agent has the customer on hold, or talks to them. */
async function onOtherGone(conversation: Conversation, party: Party): Promise<void> {
  const { call, agent } = conversation;
  conversation.setParties({ agent, other: undefined });
  conversation.listeners.onParty(conversation, party, 'left');
  if (conversation.mode === 'consulting') {
    conversation.intend('held');
    enter(conversation, 'held');
  } else if (conversation.mode === 'conference') {
    conversation.intend('talking');
    try {
      await bridge(call, agent.leg);
    } catch (error) {
      goBack(conversation, error);
    }
    if (!conversation.hasEnded) enter(conversation, 'talking');
  }
}

/** Somebody meant to hang up; all else is a leg that was lost. */
function isGoodbye(cause: string): boolean {
  return ['NORMAL_CLEARING', 'NORMAL_UNSPECIFIED', 'MANAGER_REQUEST'].includes(cause);
}
