import { Mailbox } from '../../core/concurrency/mailbox.ts';
import { whenAborted } from '../../core/concurrency/wait.ts';
import { ignore } from '../../core/ignore.ts';
import type { Log } from '../../core/log.ts';
import { checkTransition } from '../../core/states.ts';
import { hangUpLeg, type Call } from '../../cti/index.ts';
import { ConversationStateError, NotYourCallError } from '../agents.errors.ts';
import type { Party } from '../acd/queues/waiting.types.ts';
import { conversationTransitions, type ConversationMode } from './conversation.states.ts';
import type { ConversationEnd, PartyChange, Supervisor } from './conversation.types.ts';
import { nameOf } from './parties.ts';
import { recoveryText, type RecordedParty, type RecoveryRecord } from './recovery-record.ts';

/** Who hears of what happens in conversations. */
export interface ConversationListeners {
  /** Something that a screen shows has changed. */
  onChange: (conversation: Conversation) => void;
  /**
   * Writes that they talk from now on, while the switch connects them: what a screen shows as a talk is in
   * the rows, whatever dies next. Never throws.
   */
  onJoining: (conversation: Conversation, party: Party) => Promise<void>;
  /** Somebody joined or left; for their engagement, and the timeline. */
  onParty: (conversation: Conversation, party: Party, what: PartyChange) => void;
}

export interface ConversationParts {
  listeners: ConversationListeners;
  log: Log;
  /** The leg of the agent, or of the third party, is gone. One of the acts: they come one at a time. */
  onPartyGone: (conversation: Conversation, party: Party) => Promise<void>;
}

/**
 * One customer and whoever talks to them, from the first word to the last: who is in it, and its state. What is done in
 * it stands beside this, one file an act (`hold-resume.ts`, `consultation.ts`, `transfer.ts`, `departures.ts`,
 * `reconcile.ts`).
 */
export class Conversation {
  readonly call: Call;
  readonly queueId: string | null;
  readonly ended: Promise<ConversationEnd>;
  readonly supervisors = new Map<string, Supervisor>();
  readonly listeners: ConversationListeners;
  /** While a third party's telephone rings. */
  calling: AbortController | undefined;
  /** The agent has hung up on the screen. */
  isLeaving = false;
  #mode: ConversationMode = 'dialling';
  #agent: Party;
  #other: Party | undefined;
  #hasMet = false;
  #recovery: RecoveryRecord | undefined;
  #wasSentOn = false;
  readonly #acts: Mailbox;
  readonly #parts: ConversationParts;
  #finish!: (end: ConversationEnd) => void;

  constructor(call: Call, agent: Party, queueId: string | null, parts: ConversationParts) {
    this.call = call;
    this.queueId = queueId;
    this.listeners = parts.listeners;
    this.#agent = agent;
    this.#parts = parts;
    this.#acts = new Mailbox(call.log);
    this.ended = new Promise((resolve) => {
      this.#finish = resolve;
    });
    whenAborted(call.gone, () => this.end({ kind: 'customer_left' }));
    this.#watch(agent);
  }

  // -- what is the case --------------------------------------------------------------------------

  get mode(): ConversationMode {
    return this.#mode;
  }

  get agent(): Party {
    return this.#agent;
  }

  /** The third party of a consultation or conference. */
  get other(): Party | undefined {
    return this.#other;
  }

  /** What it is meant to be, as the customer's leg carries it. */
  get recovery(): RecoveryRecord | undefined {
    return this.#recovery;
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

  // -- for the acts ------------------------------------------------------------------------------

  /** What happens to it, between the acts; a failure is logged. */
  post(run: () => Promise<void>): void {
    void this.#acts.post(run);
  }

  /** One at a time, in order; unlike with `post`, failures reach whoever asked. */
  act(run: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      void this.#acts.post(async () => {
        await run().then(resolve, reject);
      });
    });
  }

  /** An act of the agent, in one of these states. Throws `conversation.not_yours`, `conversation.wrong_state`. */
  actOf(
    staffId: string,
    act: string,
    modes: readonly ConversationMode[],
    run: () => Promise<void>,
  ): Promise<void> {
    return this.act(async () => {
      if (this.#agent.staffId !== staffId) throw new NotYourCallError();
      if (!modes.includes(this.#mode)) throw new ConversationStateError(act, this.#mode);
      await run();
    });
  }

  /** Goes to the switch ahead of what makes it so: commands arrive there in order. */
  intend(mode: RecoveryRecord['mode']): void {
    const other = this.#other === undefined ? null : recordOf(this.#other);
    this.#recovery = { mode, agent: recordOf(this.#agent), other, queueId: this.queueId };
    // A customer who has gone needs none; one out of reach is told again after the reconnect.
    void ignore(
      this.call.remember({ talk: recoveryText(this.#recovery) }),
      'the caller hung up, or is told again after the reconnect',
    );
  }

  /** The one place where the mode changes: along the table, and told to the timeline. */
  move(to: ConversationMode): void {
    const from = this.#mode;
    if (from === to) return;
    this.#mode = checkTransition('conversation', conversationTransitions, from, to);
    this.#parts.log.debug({ callId: this.call.id }, `conversation: ${from} -> ${to}`);
    this.call.record('conversation.changed', { from, to });
  }

  /** Who is in it beside the customer from now on. */
  setParties({ agent, other }: { agent: Party; other: Party | undefined }): void {
    const before = [this.#agent, this.#other];
    this.#agent = agent;
    this.#other = other;
    for (const one of [agent, other]) {
      if (one !== undefined && !before.includes(one)) this.#watch(one);
    }
  }

  /** Customer and agent are connected. */
  meet(): void {
    this.#hasMet = true;
  }

  end(end: ConversationEnd): void {
    if (this.#mode === 'ended') return;
    this.move('ended');
    this.#wasSentOn = end.kind === 'sent';
    this.calling?.abort();
    this.#recovery = undefined;
    void ignore(this.call.remember({ talk: '' }), 'the caller may have hung up');
    for (const party of [this.#agent, this.#other]) {
      if (party === undefined) continue;
      const isLost = end.kind === 'agent_lost' && party.staffId === end.staffId;
      this.listeners.onParty(this, party, isLost ? 'lost' : 'left');
      void hangUpLeg(party.leg);
    }
    for (const { leg } of this.supervisors.values()) void hangUpLeg(leg);
    this.supervisors.clear();
    this.listeners.onChange(this);
    this.#finish(end);
  }

  #watch(party: Party): void {
    const onGone = () => this.#parts.onPartyGone(this, party);
    whenAborted(party.leg.gone, () => this.post(onGone));
  }
}

function recordOf({ leg, staffId }: Party): RecordedParty {
  return { legId: leg.id, staffId };
}
