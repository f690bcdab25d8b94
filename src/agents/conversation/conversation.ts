import { setTimeout as delay } from 'node:timers/promises';
import { Mailbox } from '../../core/concurrency/mailbox.ts';
import { messageOf } from '../../core/errors.ts';
import { checkTransition } from '../../core/states.ts';
import { aborted, whenAborted } from '../../core/concurrency/wait.ts';
import {
  bridge,
  bridgeLegs,
  confer,
  hangUpLeg,
  hold,
  playMusic,
  ringBack,
  type Call,
} from '../../cti/index.ts';
import { ConversationStateError, NobodyThereError, NotYourCallError } from '../agents.errors.ts';
import { conversationTransitions, type ConversationMode } from './conversation.states.ts';
import type { Standing } from '../standing.ts';
import type {
  ConversationEnd,
  ConversationParts,
  Party,
  Referral,
  Supervisor,
} from './conversation.types.ts';
import { repair } from './repair.ts';
import { talkMarkText, type PartyMark, type TalkMark } from './talk-mark.ts';
import { ignore } from '../../core/ignore.ts';

/** Both ends of a talk that is over are told within this. */
const customerFirstMs = 400;
/** A telephone that transfers mostly says goodbye at once, and knows nothing yet of what came of it. */
const referralMs = 10_000;

/** One customer and whoever talks to them, from the first word to the last. Acts come one at a time. */
export class Conversation {
  readonly call: Call;
  readonly queueId: string | null;
  readonly ended: Promise<ConversationEnd>;
  readonly supervisors = new Map<string, Supervisor>();
  #mode: ConversationMode = 'dialling';
  #agent: Party;
  #other: Party | undefined;
  /** While a third party's telephone rings. */
  #calling: AbortController | undefined;
  #hasMet = false;
  /** The agent has hung up on the screen. */
  #isLeaving = false;
  /** When the agent's telephone last asked for a transfer that is not done; monotonic. */
  #referredAt = -Infinity;
  #mark: TalkMark | undefined;
  #wasSentOn = false;
  #acts: Mailbox;
  readonly #parts: ConversationParts;
  #finish!: (end: ConversationEnd) => void;

  constructor(call: Call, agent: Party, queueId: string | null, parts: ConversationParts) {
    this.call = call;
    this.queueId = queueId;
    this.#agent = agent;
    this.#parts = parts;
    this.#acts = new Mailbox(call.log);
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
    whenAborted(call.gone, () => this.#end({ kind: 'customer_left' }));
    const stop = call.onSignal(({ kind, target }) => {
      if (kind !== 'referred' || this.hasEnded) return;
      // At once: the telephone may hang up before anything else is done.
      this.#referredAt = performance.now();
      void this.#acts.post(() => this.#onReferred(target ?? ''));
    });
    void this.ended.then(stop);
    this.#watch(agent);
  }

  get mode(): ConversationMode {
    return this.#mode;
  }

  get agent(): Party {
    return this.#agent;
  }

  /** What it is meant to be, as the customer's leg carries it. */
  get mark(): TalkMark | undefined {
    return this.#mark;
  }

  /** Asked after a wait: a customer who hangs up meanwhile ends it at once. */
  get hasEnded(): boolean {
    return this.#mode === 'ended';
  }

  /** Whether customer and agent were ever connected. */
  get hasMet(): boolean {
    return this.#hasMet;
  }

  /** Who has the customer after that agent: a name, empty for whoever comes next; null for nobody. */
  handedTo(staffId: string): string | null {
    if (this.#wasSentOn) return '';
    if (this.hasEnded || this.#agent.staffId === staffId) return null;
    return nameOf(this.#agent);
  }

  /** The third party of a consultation or conference. */
  get other(): Party | undefined {
    return this.#other;
  }

  // -- acts --------------------------------------------------------------------------------------

  /** Connects the customer with the agent whose leg is up. */
  begin(): Promise<void> {
    return this.#act(async () => {
      if (this.hasEnded) return;
      this.#intend('talking');
      await this.#join(this.#agent, () => bridge(this.call, this.#agent.leg));
      // An agent's line that has gone meanwhile is dealt with next.
      if (this.hasEnded || this.#agent.leg.gone.aborted) return;
      this.#hasMet = true;
      this.#enter('talking');
      this.#parts.onParty(this, this.#agent, 'joined');
    });
  }

  /** After a restart: it stands already, or is made to stand again. The agent is this one's own. */
  adopt({ mode, repairs }: Together, other: Party | undefined): Promise<void> {
    this.call.record('conversation.adopted', { mode });
    this.#other = other;
    this.#hasMet = true;
    if (other !== undefined) this.#watch(other);
    this.#settle(mode);
    for (const party of [this.#agent, other]) {
      if (party === undefined) continue;
      void this.#parts.onJoining(this, party);
      this.#parts.onParty(this, party, 'joined');
    }
    return this.#act(() => this.#repair(repairs));
  }

  /**
   * After the switch was out of sight: an order may have been lost on the way, or its reply. `look` tells
   * what stands there now.
   */
  realign(look: () => Promise<Standing>): Promise<void> {
    return this.#act(async () => {
      if (this.#mode === 'ended' || this.#mode === 'dialling' || this.#calling !== undefined) {
        return;
      }
      const found = await look();
      // Whoever has left is told by their leg.
      if (found.kind === 'alone') return;
      const partyOf = (legId: string | undefined): Party | undefined =>
        [this.#agent, this.#other].find((one) => one?.leg.id === legId);
      const agent = partyOf(found.agentLegId);
      if (agent === undefined || agent !== this.#agent) return;
      if (found.otherLegId !== this.#other?.leg.id) return;
      this.#settle(found.mode);
      await this.#repair(found.repairs);
    });
  }

  async #repair(repairs: Together['repairs']): Promise<void> {
    if (repairs.length === 0) return;
    const { call } = this;
    call.log.info({ repairs, mode: this.#mode }, 'conversation reconciled');
    const legs = { agent: this.#agent.leg, other: this.#other?.leg };
    try {
      await repair(call, legs, repairs);
    } catch (error) {
      this.#goBack(error);
    }
  }

  /** Nobody hears the customer: they go to where somebody will. Whose line has gone is told by that line. */
  #goBack(error: unknown): void {
    const { staffId, leg } = this.#agent;
    if (this.call.gone.aborted || leg.gone.aborted) return;
    this.call.log.warn({ reason: messageOf(error) }, 'conversation reconcile failed');
    if (staffId === null) this.#end({ kind: 'agent_left', queueId: this.queueId });
    else this.#end({ kind: 'agent_lost', staffId });
  }

  /** Another state without an act of anybody. */
  #settle(mode: TalkMark['mode']): void {
    this.#intend(mode);
    this.#move(mode);
    this.#parts.onChange(this);
  }

  hold(staffId: string): Promise<void> {
    return this.#actOf(staffId, 'hold', ['talking'], async () => {
      this.#intend('held');
      await hold(this.call);
      this.#enter('held');
    });
  }

  resume(staffId: string): Promise<void> {
    return this.#actOf(staffId, 'resume', ['held'], async () => {
      this.#intend('talking');
      await bridge(this.call, this.#agent.leg);
      this.#enter('talking');
    });
  }

  /**
   * Rings a third party while the customer hears music. `ring` brings their leg up, or throws; its signal
   * is aborted when the agent changes their mind. Throws `conversation.nobody_there`.
   */
  async consult(staffId: string, ring: (signal: AbortSignal) => Promise<Party>): Promise<void> {
    const calling = new AbortController();
    await this.#actOf(staffId, 'consult', ['talking', 'held'], async () => {
      this.#intend('consulting');
      if (this.#mode === 'talking') await hold(this.call);
      this.#calling = calling;
      this.#enter('consulting');
      await ringBack(this.#agent.leg);
    });
    // Outside the line of acts: the agent may go back while it rings.
    const party = await ring(calling.signal).catch(async (error: unknown) => {
      await this.#act(async () => {
        if (this.#calling !== calling) return;
        this.#calling = undefined;
        if (this.#mode === 'consulting') await this.#backToCustomer();
      });
      throw new NobodyThereError(messageOf(error));
    });
    await this.#act(async () => {
      if (this.#calling !== calling || this.#mode !== 'consulting') {
        await hangUpLeg(party.leg);
        return;
      }
      this.#calling = undefined;
      this.#other = party;
      this.#watch(party);
      this.#intend('consulting');
      await this.#join(party, () => bridgeLegs(this.call, this.#agent.leg, party.leg));
      if (this.hasEnded) return;
      this.#parts.onParty(this, party, 'joined');
      this.#parts.onChange(this);
    });
  }

  /** Drops the third party and goes back to the customer. */
  cancelConsult(staffId: string): Promise<void> {
    return this.#actOf(staffId, 'cancel the consultation', ['consulting'], async () => {
      const other = this.#other;
      this.#other = undefined;
      this.#calling?.abort();
      this.#calling = undefined;
      try {
        await this.#backToCustomer();
      } finally {
        // Also when the customer has left: nobody else knows of them any more.
        if (other !== undefined) await this.#dismiss(other);
      }
    });
  }

  /** The customer talks to the third party; the agent is done. */
  completeConsult(staffId: string): Promise<void> {
    return this.#actOf(staffId, 'transfer', ['consulting', 'conference'], () => this.#handOver());
  }

  /** All three hear each other. */
  confer(staffId: string): Promise<void> {
    return this.#actOf(staffId, 'confer', ['consulting'], async () => {
      const other = this.#other;
      if (other === undefined) throw new ConversationStateError('confer', 'ringing');
      this.#intend('conference');
      await confer(this.call, [this.#agent.leg, other.leg]);
      this.#enter('conference');
    });
  }

  /** Blind transfer: the customer goes on to a queue, the agent is done. */
  send(staffId: string, to: { queueId: string; staffId: string | null }): Promise<void> {
    return this.#actOf(staffId, 'transfer', ['talking', 'held'], async () => {
      await this.#leaveCustomerWaiting();
      this.call.record('call.transferred', {
        fromStaffId: staffId,
        toStaffId: to.staffId,
        queueId: to.queueId,
      });
      this.#end({ kind: 'sent', ...to, byStaffId: staffId });
    });
  }

  /** Blind transfer to whoever answers that leg already: an outside number, a supervisor. */
  replaceAgent(party: Party): Promise<void> {
    return this.#act(async () => {
      // Their telephone rang for a while.
      if (this.hasEnded) {
        await hangUpLeg(party.leg);
        throw new ConversationStateError('take over', 'ended');
      }
      const before = [this.#agent, this.#other];
      this.#agent = party;
      this.#other = undefined;
      this.#isLeaving = false;
      this.#calling?.abort();
      this.#calling = undefined;
      this.#watch(party);
      this.#intend('talking');
      try {
        await this.#join(party, () => bridge(this.call, party.leg));
        if (!this.hasEnded) {
          this.#move('talking');
          this.call.record('call.takenOver', { staffId: party.staffId, name: nameOf(party) });
          this.#parts.onParty(this, party, 'joined');
        }
      } catch (error) {
        this.#goBack(error);
        throw error;
      } finally {
        for (const one of before) if (one !== undefined) await this.#dismiss(one);
        this.#parts.onChange(this);
      }
    });
  }

  /** The agent hangs up. */
  hangUp(staffId: string): Promise<void> {
    return this.#act(async () => {
      if (this.#other?.staffId === staffId) {
        if (this.#other.leg.gone.aborted) throw new ConversationStateError('hang up', 'ended');
        await hangUpLeg(this.#other.leg);
        return;
      }
      this.#mine(staffId);
      if (this.hasEnded || this.#agent.leg.gone.aborted) {
        throw new ConversationStateError('hang up', 'ended');
      }
      this.#isLeaving = true;
      await hangUpLeg(this.#agent.leg);
    });
  }

  // -- what happens ------------------------------------------------------------------------------

  #watch(party: Party): void {
    whenAborted(party.leg.gone, () => void this.#acts.post(() => this.#onPartyGone(party)));
  }

  /** The agent's telephone transfers by itself (REFER): the customer stands in the park. */
  async #onReferred(target: string): Promise<void> {
    const { staffId, leg } = this.#agent;
    if (this.hasEnded || staffId === null) return;
    this.#referredAt = performance.now();
    const to = this.#mode === 'talking' ? await this.#whereTo(target) : undefined;
    if (this.hasEnded) return;
    this.call.record('conversation.referred', { staffId, to: to ?? null });
    if (to !== undefined) {
      await playMusic(this.call);
      this.#end({ kind: 'sent', ...to, byStaffId: staffId });
      return;
    }
    if (leg.gone.aborted || this.#mode !== 'talking') return;
    try {
      await bridge(this.call, leg);
    } catch (error) {
      this.#goBack(error);
    }
  }

  async #whereTo(target: string): Promise<Referral | undefined> {
    try {
      return await this.#parts.referredTo(this, target);
    } catch (error) {
      this.call.log.warn({ reason: messageOf(error) }, 'transfer without a known target');
      return undefined;
    }
  }

  /** A goodbye of somebody who believes that the customer has gone on to another. */
  get #isReferring(): boolean {
    return performance.now() - this.#referredAt < referralMs;
  }

  /** The customer, whose agent has left by a transfer that was not done, waits for the next. */
  #sendBack(staffId: string): void {
    const queueId = this.#parts.queueFor(this);
    if (queueId === undefined) this.#end({ kind: 'agent_lost', staffId });
    else this.#end({ kind: 'sent', queueId, staffId: null, byStaffId: staffId });
  }

  async #onPartyGone(party: Party): Promise<void> {
    if (this.#mode === 'ended') return;
    if (party === this.#other) {
      this.#other = undefined;
      this.#parts.onParty(this, party, 'left');
      if (this.#mode === 'consulting') {
        this.#intend('held');
        this.#enter('held');
      } else if (this.#mode === 'conference') {
        this.#intend('talking');
        try {
          await bridge(this.call, this.#agent.leg);
        } catch (error) {
          this.#goBack(error);
        }
        if (!this.hasEnded) this.#enter('talking');
      }
      return;
    }
    if (party !== this.#agent) return;
    // Who hangs up while somebody else is on the line hands the customer over.
    if (this.#other !== undefined) {
      await this.#handOver();
      return;
    }
    const { staffId } = party;
    // When the customer hangs up, the switch may tell of the agent's line first.
    if (!this.#isLeaving) await Promise.race([aborted(this.call.gone), delay(customerFirstMs)]);
    if (this.call.gone.aborted) return;
    if (this.hasEnded) return;
    if (staffId !== null && this.#isReferring && !this.#isLeaving) this.#sendBack(staffId);
    else if (staffId !== null && this.#isLost(party)) this.#end({ kind: 'agent_lost', staffId });
    else this.#end({ kind: 'agent_left', queueId: this.queueId });
  }

  #isLost({ staffId, leg }: Party): boolean {
    if (this.#isLeaving || this.call.gone.aborted) return false;
    // Who came through a queue has talked to nobody yet.
    if (!this.#hasMet && this.queueId !== null) return true;
    if (staffId !== null && this.#parts.isBrowser(staffId)) return true;
    return leg.hangupCause !== undefined && !isGoodbye(leg.hangupCause);
  }

  async #handOver(): Promise<void> {
    const other = this.#other;
    if (other === undefined) throw new ConversationStateError('transfer', 'ringing');
    const before = this.#agent;
    this.#agent = other;
    this.#isLeaving = false;
    this.#other = undefined;
    this.#intend('talking');
    try {
      await bridge(this.call, other.leg);
      if (!this.hasEnded) {
        this.#move('talking');
        this.call.record('call.transferred', {
          fromStaffId: before.staffId,
          toStaffId: other.staffId,
          name: nameOf(other),
        });
      }
    } catch (error) {
      this.#goBack(error);
      throw error;
    } finally {
      // Also when the customer has left: nobody else knows of them any more.
      await this.#dismiss(before);
      this.#parts.onChange(this);
    }
  }

  async #backToCustomer(): Promise<void> {
    this.#intend('talking');
    await bridge(this.call, this.#agent.leg);
    this.#enter('talking');
  }

  async #leaveCustomerWaiting(): Promise<void> {
    if (this.#mode === 'talking') await hold(this.call);
  }

  async #dismiss(party: Party): Promise<void> {
    this.#parts.onParty(this, party, 'left');
    await hangUpLeg(party.leg);
  }

  #end(end: ConversationEnd): void {
    if (this.#mode === 'ended') return;
    this.#move('ended');
    this.#wasSentOn = end.kind === 'sent';
    this.#calling?.abort();
    this.#mark = undefined;
    void ignore(this.call.remember({ talk: '' }), 'the caller may have hung up');
    for (const party of [this.#agent, this.#other]) {
      if (party === undefined) continue;
      const isLost = end.kind === 'agent_lost' && party.staffId === end.staffId;
      this.#parts.onParty(this, party, isLost ? 'lost' : 'left');
      void hangUpLeg(party.leg);
    }
    for (const { leg } of this.supervisors.values()) void hangUpLeg(leg);
    this.supervisors.clear();
    this.#parts.onChange(this);
    this.#finish(end);
  }

  async #join(party: Party, connect: () => Promise<void>): Promise<void> {
    const written = this.#parts.onJoining(this, party);
    await connect();
    await written;
  }

  // -- small things ------------------------------------------------------------------------------

  /** Goes to the switch ahead of what makes it so: commands arrive there in order. */
  #intend(mode: TalkMark['mode']): void {
    const other = this.#other === undefined ? null : markOf(this.#other);
    this.#mark = { mode, agent: markOf(this.#agent), other, queueId: this.queueId };
    // A customer who has gone needs none; one out of reach is told again after the reconnect.
    void ignore(
      this.call.remember({ talk: talkMarkText(this.#mark) }),
      'the caller hung up, or is told again after the reconnect',
    );
  }

  #enter(mode: ConversationMode): void {
    this.#move(mode);
    this.#parts.onChange(this);
  }

  /** The one place where the mode changes: along the table, and told to the timeline. */
  #move(to: ConversationMode): void {
    const from = this.#mode;
    if (from === to) return;
    this.#mode = checkTransition('conversation', conversationTransitions, from, to);
    this.#parts.log.debug({ callId: this.call.id }, `conversation: ${from} -> ${to}`);
    this.call.record('conversation.changed', { from, to });
  }

  #mine(staffId: string): void {
    if (this.#agent.staffId !== staffId) throw new NotYourCallError();
  }

  #actOf(
    staffId: string,
    act: string,
    modes: readonly ConversationMode[],
    run: () => Promise<void>,
  ): Promise<void> {
    return this.#act(async () => {
      this.#mine(staffId);
      if (!modes.includes(this.#mode)) throw new ConversationStateError(act, this.#mode);
      await run();
    });
  }

  /** One at a time, in order; unlike the mailbox's own, failures reach whoever asked. */
  #act(run: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      void this.#acts.post(async () => {
        await run().then(resolve, reject);
      });
    });
  }
}

type Together = Extract<Standing, { kind: 'together' }>;

/** A colleague's name for the timeline; the number of an outside party is in its leg. */
function nameOf({ staffId, label }: Party): string {
  return staffId === null ? '' : label;
}

function markOf({ leg, staffId }: Party): PartyMark {
  return { legId: leg.id, staffId };
}

/** Somebody meant to hang up; all else is a line that broke. */
function isGoodbye(cause: string): boolean {
  return ['NORMAL_CLEARING', 'NORMAL_UNSPECIFIED', 'MANAGER_REQUEST'].includes(cause);
}
