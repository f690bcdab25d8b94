import type { ApplicationRuns } from './application-runs.ts';
import type { Cause } from './causes.ts';
import type { ChannelState, Step } from './channel.types.ts';

/** What a sequence of steps uses of its leg. */
export interface SteppingLeg {
  readonly state: ChannelState;
  readonly isGone: boolean;
  readonly times: { transfer: number };
  enter(state: ChannelState): void;
  hangup(cause: Cause): void;
  finish(): void;
}

/** What a leg does one after the other, from its dialplan or from whoever sent it elsewhere, to its end. */
export class StepSequence {
  readonly #leg: SteppingLeg;
  readonly #applications: ApplicationRuns;
  #next: readonly Step[] | undefined;
  #keepsRest = false;

  constructor(leg: SteppingLeg, applications: ApplicationRuns) {
    this.#leg = leg;
    this.#applications = applications;
  }

  /** Runs the steps, and whatever a redirect puts in their place; then the leg is finished. */
  async run(steps: readonly Step[]): Promise<void> {
    const leg = this.#leg;
    let left = [...steps];
    while (!leg.isGone) {
      const step = left.shift();
      if (step === undefined) {
        leg.hangup('NORMAL_CLEARING');
        break;
      }
      const state = step.state ?? 'CS_EXECUTE';
      if (leg.state !== state) leg.enter(state);
      await this.#applications.run(step, { isStep: true });
      if (this.#next !== undefined) {
        left = this.#keepsRest ? [...this.#next, ...left] : [...this.#next];
        this.#next = undefined;
      }
    }
    await this.#applications.settled();
    leg.finish();
  }

  /**
   * Leaves whatever runs, and goes on with these steps: transfer, park, bridge. What stood behind the
   * one that was left comes after them (`keepsRest`), or is forgotten.
   */
  redirect(steps: readonly Step[], { keepsRest = false } = {}): void {
    if (this.#leg.isGone) return;
    for (const step of this.#next ?? []) step.onDropped?.();
    this.#next = steps;
    this.#keepsRest = keepsRest;
    this.#leg.times.transfer = Date.now();
    this.#applications.leave();
  }

  /** It goes elsewhere as soon as what runs has ended. */
  get isRedirected(): boolean {
    return this.#next !== undefined;
  }
}
