import { CallGoneError } from '../call/call.errors.ts';
import type { SwitchLink } from '../call/link.ts';
import { assignments } from '../call/variables.ts';

/** Variables that wait for the end of this turn, or for the next command. */
interface Unsent {
  variables: Record<string, string>;
  reply: Promise<string>;
  send: () => void;
}

/** The channel variables of one leg, as the switch last told them and as we have set them since. */
export class LegVariables {
  readonly #legId: string;
  readonly #link: SwitchLink;
  readonly #gone: AbortSignal;
  #all: Record<string, string>;
  #unsent: Unsent | undefined;
  /** Sent, and not yet answered: older news of the leg lack them. */
  readonly #underWay = new Set<Readonly<Record<string, string>>>();

  constructor(
    leg: { id: string; link: SwitchLink; gone: AbortSignal },
    told: Readonly<Record<string, string>>,
  ) {
    this.#legId = leg.id;
    this.#link = leg.link;
    this.#gone = leg.gone;
    this.#all = { ...told };
  }

  get all(): Readonly<Record<string, string>> {
    return this.#all;
  }

  /**
   * Variables of one turn of the event loop go in one command, ahead of whatever else is sent for this leg:
   * FreeSWITCH reads commands byte by byte. Resolves with the switch's reply. Throws `call.gone` after hang-up.
   */
  set(variables: Readonly<Record<string, string>>): Promise<string> {
    if (this.#gone.aborted) throw new CallGoneError();
    // Whoever brings what cannot be sent hears of it, and nobody else.
    assignments(variables);
    Object.assign(this.#all, variables);
    this.#unsent ??= this.#nextUnsent();
    Object.assign(this.#unsent.variables, variables);
    return this.#unsent.reply;
  }

  /** Before any other command for the leg. */
  send(): void {
    this.#unsent?.send();
  }

  /** After a reconnect: what the switch says of the leg now. */
  refresh(told: Readonly<Record<string, string>>): void {
    this.#all = Object.assign({ ...told }, ...this.#underWay, this.#unsent?.variables) as Record<
      string,
      string
    >;
  }

  #nextUnsent(): Unsent {
    const variables: Record<string, string> = {};
    let send: () => void = () => undefined;
    const reply = new Promise<string>((resolve, reject) => {
      send = () => {
        this.#unsent = undefined;
        this.#underWay.add(variables);
        const command = `uuid_setvar_multi ${this.#legId} ${assignments(variables)}`;
        const sent = this.#link.api(command).finally(() => this.#underWay.delete(variables));
        sent.then(resolve, reject);
      };
    });
    const unsent = { variables, reply, send };
    setImmediate(() => {
      if (this.#unsent === unsent) unsent.send();
    });
    return unsent;
  }
}
