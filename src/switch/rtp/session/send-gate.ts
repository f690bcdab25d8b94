import type { Wire } from '../media.types.ts';
import { UnheardBudget } from './unheard-budget.ts';

/** Whether a leg may send: to an address that was heard, or for a while to one that was confirmed. */
export class SendGate {
  readonly #wire: Pick<Wire, 'isHeard'>;
  readonly #unheard: UnheardBudget;
  readonly #onUnheard: () => void;
  #isHeldBack = false;
  #isUnheardTold = false;

  /** `onUnheard` is told once for each time that sending stops because nothing came back. */
  constructor(wire: Pick<Wire, 'isHeard'>, unheardMs: number, onUnheard: () => void) {
    this.#wire = wire;
    this.#unheard = new UnheardBudget(unheardMs);
    this.#onUnheard = onUnheard;
  }

  /** Nothing is sent until `release`, or until the far end is heard. */
  holdBack(): void {
    this.#isHeldBack = true;
  }

  release(): void {
    this.#isHeldBack = false;
  }

  get isHeldBack(): boolean {
    return this.#isHeldBack && !this.#wire.isHeard;
  }

  /** So much audio came. */
  onHeard(audioMs: number): void {
    this.#unheard.onHeard(audioMs);
  }

  /** Asked before each packet. */
  maySend(now: number): boolean {
    if (this.#wire.isHeard) {
      this.#isHeldBack = false;
      this.#isUnheardTold = false;
      return true;
    }
    if (this.#isHeldBack) return false;
    if (this.#unheard.spend(now)) return true;
    if (!this.#isUnheardTold) {
      this.#isUnheardTold = true;
      this.#onUnheard();
    }
    return false;
  }
}
