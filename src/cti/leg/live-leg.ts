import type { EslEvent } from '../esl/connection.ts';
import { LegFailedError } from '../call/call.errors.ts';
import type { Leg, LegRole } from './leg.types.ts';
import type { SwitchLink } from '../call/link.ts';
import { readRecord, type LegRecord, type LegRecordName } from '../call/recovery.ts';
import { otherOf, variablesOf } from '../call/variables.ts';
import { ignore } from '../../core/ignore.ts';

export interface LiveLegOptions {
  id: string;
  callId: string;
  role: LegRole;
  switchNode: string;
  number: string;
  variables: Readonly<Record<string, string>>;
  isAnswered: boolean;
  link: SwitchLink;
  onAnswered: (leg: LiveLeg) => void;
  onGone: (leg: LiveLeg) => void;
}

/** A further leg, as the switch's events tell of it. */
export class LiveLeg implements Leg {
  readonly id: string;
  readonly callId: string;
  readonly role: LegRole;
  readonly switchNode: string;
  readonly number: string;
  readonly link: SwitchLink;
  readonly answered: Promise<void>;
  isAnswered = false;
  bridgedTo: string | undefined;
  hangupCause: string | undefined;
  readonly #options: LiveLegOptions;
  readonly #gone = new AbortController();
  readonly #onKeys = new Set<(key: string) => void>();
  #variables: Readonly<Record<string, string>>;
  #onAnswered!: { resolve: () => void; reject: (error: Error) => void };

  constructor(options: LiveLegOptions) {
    this.id = options.id;
    this.callId = options.callId;
    this.role = options.role;
    this.switchNode = options.switchNode;
    this.number = options.number;
    this.link = options.link;
    this.#options = options;
    this.#variables = options.variables;
    this.bridgedTo = options.variables['signal_bond'];
    this.answered = new Promise((resolve, reject) => {
      this.#onAnswered = { resolve, reject };
    });
    // Whoever dials may look later, or not at all.
    void ignore(this.answered, 'nobody asks for the answer of this leg');
    if (options.isAnswered) this.#answer();
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  recall<Name extends LegRecordName>(name: Name): LegRecord[Name] | undefined {
    return readRecord(this.#variables, name);
  }

  onKey(listener: (key: string) => void): () => void {
    this.#onKeys.add(listener);
    return () => void this.#onKeys.delete(listener);
  }

  onEvent(event: EslEvent): void {
    if (event['Event-Name'] === 'DTMF') {
      for (const listener of [...this.#onKeys]) listener(event['DTMF-Digit'] ?? '');
      return;
    }
    // The variables of these are those of either leg.
    if (event['Event-Name'] === 'CHANNEL_BRIDGE') {
      this.bridgedTo = otherOf(event, this.id);
      return;
    }
    if (event['Event-Name'] === 'CHANNEL_UNBRIDGE') {
      if (otherOf(event, this.id) === this.bridgedTo) this.bridgedTo = undefined;
      return;
    }
    this.#variables = { ...this.#variables, ...variablesOf(event) };
    switch (event['Event-Name']) {
      case 'CHANNEL_ANSWER':
        // The others count when they are parked: before that they cannot be bridged.
        if (this.role === 'supervisor') this.#answer();
        return;
      case 'CHANNEL_PARK':
        this.bridgedTo = undefined;
        this.#answer();
        return;
      case 'CHANNEL_HANGUP_COMPLETE':
        this.end(event['Hangup-Cause'] ?? 'NORMAL_CLEARING');
        return;
      default:
    }
  }

  /** After a reconnect: what the switch says of it now. */
  refresh(facts: { variables: Readonly<Record<string, string>>; isAnswered: boolean }): void {
    this.#variables = facts.variables;
    this.bridgedTo = facts.variables['signal_bond'];
    if (facts.isAnswered) this.#answer();
  }

  #answer(): void {
    if (this.isAnswered || this.gone.aborted) return;
    this.isAnswered = true;
    this.#onAnswered.resolve();
    this.#options.onAnswered(this);
  }

  end(cause: string): void {
    if (this.gone.aborted) return;
    this.hangupCause = cause;
    this.#onAnswered.reject(new LegFailedError(cause));
    this.#gone.abort();
    this.#options.onGone(this);
  }
}
