import type { Seat } from './seat.ts';

export interface SeatPhonesParts {
  get: (staffId: string) => Seat | undefined;
  put: (seat: Seat) => void;
}

/** The telephones of those who sit: in which browser one is, and whether it can be rung. Kept in memory alone. */
export class SeatPhones {
  readonly #parts: SeatPhonesParts;

  constructor(parts: SeatPhonesParts) {
    this.#parts = parts;
  }

  /** Another browser than before has to say anew that its telephone is ready. */
  setBrowser(staffId: string, phoneBrowser: string): void {
    const before = this.#parts.get(staffId);
    if (before?.phone !== 'browser' || before.phoneBrowser === phoneBrowser) return;
    const isPhoneReady = before.phoneBrowser === null && before.isPhoneReady;
    this.#parts.put({ ...before, phoneBrowser, isPhoneReady });
  }

  setReady(staffId: string, isPhoneReady: boolean): void {
    const before = this.#parts.get(staffId);
    if (before === undefined || before.isPhoneReady === isPhoneReady) return;
    this.#parts.put({ ...before, isPhoneReady });
  }
}
