const packetMs = 20;
/** The most that one packet costs: of what is sent now and then each costs no more than a row of five. */
const maxStepMs = 5 * packetMs;

/**
 * How long one leg, in all its life, may send to places from which nothing has come. Moving gives nothing back, being
 * heard does, as much as was heard: nobody has more sent to a third party than they send themselves.
 */
export class UnheardBudget {
  readonly #limitMs: number;
  #spentMs = 0;
  #lastAt: number | undefined;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Asked before each packet to a place that was not heard yet. */
  spend(now: number): boolean {
    if (this.#spentMs >= this.#limitMs) return false;
    const passed = this.#lastAt === undefined ? packetMs : now - this.#lastAt;
    this.#spentMs += Math.min(maxStepMs, Math.max(0, passed));
    this.#lastAt = now;
    return true;
  }

  /** So much audio came. */
  onHeard(audioMs: number): void {
    this.#spentMs = Math.max(0, this.#spentMs - audioMs);
    this.#lastAt = undefined;
  }
}
