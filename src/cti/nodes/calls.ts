import type { Log } from '../../core/log.ts';
import type { NewCall } from '../call/begin-call.ts';
import type { CallStore } from '../call/call-store.ts';
import type { SwitchLink } from '../call/link.ts';
import { LiveCall } from '../call/live-call.ts';
import type { LegFacts } from './channels.ts';
import type { DeadMan } from './dead-man.ts';
import type { Legs } from './legs.ts';

export interface NodeCallsParts {
  store: CallStore;
  log: Log;
  /** What verbs use of the switch. */
  link: SwitchLink;
  legs: Legs;
  deadMan: DeadMan;
}

type StateOfLeg = Pick<LegFacts, 'isAnswered' | 'isNumberPrivate'> & {
  variables: Readonly<Record<string, string>>;
};

/** The calls of one switch that this service leads, and the legs that nobody leads. */
export class NodeCalls {
  readonly #parts: NodeCallsParts;
  readonly #calls = new Map<string, LiveCall>();
  /** Legs of customers that are about to be dialled, whose rows are being written. */
  readonly starting = new Set<string>();
  /** Legs that hear the apology or send a fax: nobody drives them. */
  readonly unattended = new Set<string>();

  constructor(parts: NodeCallsParts) {
    this.#parts = parts;
  }

  get all(): readonly LiveCall[] {
    return [...this.#calls.values()];
  }

  get size(): number {
    return this.#calls.size;
  }

  of(legId: string): LiveCall | undefined {
    return this.#calls.get(legId);
  }

  add(base: NewCall, { variables, isAnswered, isNumberPrivate }: StateOfLeg): LiveCall {
    const { store, log, link } = this.#parts;
    const facts = { variables, isAnswered, isNumberPrivate };
    const call = new LiveCall({ ...base, ...facts, link, store, log });
    this.#calls.set(base.legId, call);
    return call;
  }

  /** Its leg is gone, or nobody leads it any more: the end is written. */
  forget(call: LiveCall): void {
    if (!this.#calls.delete(call.legId)) return;
    const { store, legs, deadMan } = this.#parts;
    deadMan.forget(call.legId);
    legs.forget(call.legId);
    const cause = call.hangupCause ?? 'NORMAL_CLEARING';
    void call.mailbox.post(async () => {
      await store.end(call.id, cause);
      call.log.info({ cause }, 'call ended');
    });
  }

  /** They go on, with another service. */
  letGo(): void {
    for (const call of this.#calls.values()) {
      this.#parts.deadMan.forget(call.legId);
      call.letGo();
    }
    this.#calls.clear();
  }
}
