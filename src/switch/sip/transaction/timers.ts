/** RFC 3261 section 17 and table 4, in milliseconds. */
export const t1Ms = 500;
export const t2Ms = 4000;
export const t4Ms = 5000;
/** How long a transaction may go on: timers B, F, H, J, and L and M of RFC 6026. */
export const transactionMs = 64 * t1Ms;
/** Timer D on unreliable transports: at least 32 s. */
export const timerDMs = 32_000;

/** Calls `send` after T1, 2·T1, 4·T1 … (at most T2 apart) until stopped. */
export class Retransmitter {
  #timer: NodeJS.Timeout | undefined;
  #waitMs = t1Ms;
  readonly #send: () => void;
  readonly #capMs: number;

  constructor(send: () => void, capMs = t2Ms) {
    this.#send = send;
    this.#capMs = capMs;
    this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(): void {
    this.#timer = setTimeout(() => {
      this.#send();
      this.#waitMs = Math.min(this.#waitMs * 2, this.#capMs);
      this.#arm();
    }, this.#waitMs);
  }
}
