import { Mailbox } from '../../core/concurrency/mailbox.ts';
import { messageOf } from '../../core/errors.ts';
import { ignore } from '../../core/ignore.ts';
import type { Log } from '../../core/log.ts';
import type { CallDirection } from '../../db/schema.ts';
import type { EslEvent } from '../esl/connection.ts';
import { CallGoneError } from './call.errors.ts';
import type { CallStore } from './call-store.ts';
import type { Call, CallChange } from './call.types.ts';
import { LegSteps } from '../leg/steps.ts';
import type { LegSignal } from '../leg/leg.types.ts';
import { LegVariables } from '../leg/variables.ts';
import type { SwitchLink } from './link.ts';
import { readRecord, writeRecord, type LegRecord, type LegRecordName } from './recovery.ts';
import { otherOf, referTarget } from './variables.ts';

export interface LiveCallOptions {
  id: string;
  legId: string;
  direction: CallDirection;
  did: string;
  callerNumber: string;
  isNumberVerified: boolean;
  isNumberPrivate: boolean;
  startedAt: Date;
  switchNode: string;
  isAnswered: boolean;
  variables: Readonly<Record<string, string>>;
  link: SwitchLink;
  store: CallStore;
  log: Log;
}

/** A call with its leg on the switch. Events come in through `onEvent`, in order. */
export class LiveCall implements Call {
  readonly id: string;
  readonly legId: string;
  readonly direction: CallDirection;
  readonly did: string;
  readonly callerNumber: string;
  readonly isNumberVerified: boolean;
  readonly isNumberPrivate: boolean;
  readonly startedAt: Date;
  readonly switchNode: string;
  readonly log: Log;
  readonly mailbox: Mailbox;
  readonly commands: LegSteps;
  readonly link: SwitchLink;
  hangupCause: string | undefined;
  isAnswered = false;
  readonly answered: Promise<void>;
  bridgedTo: string | undefined;
  #markAnswered: () => void = () => undefined;
  readonly #listeners = new Set<(signal: LegSignal) => void>();
  readonly #gone = new AbortController();
  readonly #store: CallStore;
  readonly #variables: LegVariables;

  constructor(options: LiveCallOptions) {
    this.id = options.id;
    this.legId = options.legId;
    this.direction = options.direction;
    this.did = options.did;
    this.callerNumber = options.callerNumber;
    this.isNumberVerified = options.isNumberVerified;
    this.isNumberPrivate = options.isNumberPrivate;
    this.startedAt = options.startedAt;
    this.switchNode = options.switchNode;
    this.log = options.log.child({ callId: options.id });
    this.mailbox = new Mailbox(this.log);
    this.bridgedTo = options.variables['signal_bond'];
    this.link = options.link;
    this.#store = options.store;
    const { link, gone, log } = this;
    this.#variables = new LegVariables({ id: options.legId, link, gone }, options.variables);
    const variables = this.#variables;
    const ids = { callId: options.id, legId: options.legId };
    this.commands = new LegSteps({ ...ids, variables, link, gone, log });
    this.answered = new Promise((resolve) => {
      this.#markAnswered = () => {
        this.isAnswered = true;
        resolve();
      };
    });
    if (options.isAnswered) this.#markAnswered();
  }

  onSignal(listener: (signal: LegSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #signal(kind: LegSignal['kind'], otherLegId: string | undefined): void {
    if (kind === 'bridged') this.bridgedTo = otherLegId;
    // The end of an earlier bridge may be told after the beginning of the next.
    if (kind === 'parked' || (kind === 'unbridged' && otherLegId === this.bridgedTo)) {
      this.bridgedTo = undefined;
    }
    for (const listener of [...this.#listeners]) {
      listener({ kind, legId: this.legId, otherLegId });
    }
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  get steppedAt(): number {
    return this.commands.steppedAt;
  }

  async remember(data: Readonly<Partial<LegRecord>>): Promise<void> {
    await this.claim(data);
  }

  /** Remembers; false when the switch has no such leg any more. */
  async claim(data: Readonly<Partial<LegRecord>>): Promise<boolean> {
    const reply = await this.#variables.set(writeRecord(data));
    return !reply.startsWith('-ERR');
  }

  recall<Name extends LegRecordName>(name: Name): LegRecord[Name] | undefined {
    return readRecord(this.#variables.all, name);
  }

  record(kind: string, data: Record<string, unknown>): void {
    void ignore(this.#store.append(this.id, kind, data), 'the timeline lacks a line');
  }

  async update(change: CallChange): Promise<void> {
    await ignore(this.#store.update(this.id, change), 'the row of the call lags behind');
  }

  onEvent(event: EslEvent): void {
    const name = event['Event-Name'];
    // Of its own the answer of a leg that came in is not told of, see `eventFilters`.
    // An application that reaches a leg between its answer and its park is broken off by the park.
    const isEarly = this.direction === 'outbound' && name === 'CHANNEL_ANSWER';
    const isOwn = event['Unique-ID'] === this.legId && !isEarly;
    if (isOwn && !this.isAnswered && event['Answer-State'] === 'answered') {
      this.#markAnswered();
      void ignore(this.#store.answered(this.id, this.legId), 'the end of the call writes it too');
    }
    if (name === 'CHANNEL_EXECUTE_COMPLETE') {
      this.commands.onExecuted(event);
    } else if (name === 'DTMF') {
      this.commands.onKey(event['DTMF-Digit'] ?? '');
    } else if (name === 'CHANNEL_PARK') {
      this.#signal('parked', undefined);
      this.#onReferred(event['variable_sip_refer_to'] ?? '');
    } else if (name === 'CHANNEL_BRIDGE' || name === 'CHANNEL_UNBRIDGE') {
      this.#signal(name === 'CHANNEL_BRIDGE' ? 'bridged' : 'unbridged', otherOf(event, this.legId));
    } else if (name === 'CHANNEL_HANGUP_COMPLETE') {
      this.end(event['Hangup-Cause'] ?? 'NORMAL_CLEARING');
    }
  }

  /** The partner's telephone sent this leg elsewhere; the switch has parked it and waits for us. */
  #onReferred(referTo: string): void {
    if (referTo === '') return;
    // Told once: every later park would bring it again.
    this.link.api(`uuid_setvar ${this.legId} sip_refer_to`).catch((error: unknown) => {
      this.log.debug({ reason: messageOf(error) }, 'transferred leg has ended');
    });
    const target = referTarget(referTo);
    this.log.info({ pii: { target } }, 'transfer by the telephone itself (REFER)');
    for (const listener of [...this.#listeners]) {
      listener({ kind: 'referred', legId: this.legId, otherLegId: undefined, target });
    }
  }

  /** After a reconnect: what the switch says of the leg now. Settles what ended meanwhile. */
  refresh(variables: Readonly<Record<string, string>>): void {
    this.#variables.refresh(variables);
    this.bridgedTo = variables['signal_bond'];
    this.commands.refresh(variables);
  }

  /** The call lives on, but another service leads it now. */
  letGo(): void {
    this.#gone.abort(new CallGoneError());
  }

  end(cause: string): void {
    if (this.gone.aborted) return;
    this.hangupCause = cause;
    this.#gone.abort(new CallGoneError());
  }
}
