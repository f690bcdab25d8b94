export interface ViewersParts {
  /** Whether their screen shows that call now: they are in it, or wrap it up. */
  isShown: (staffId: string, callId: string) => boolean;
  /** Somebody's screen shows it no more. */
  onLeft: (callId: string) => void;
}

/** Which calls are on whose screens. */
export class Viewers {
  readonly #parts: ViewersParts;
  readonly #byCall = new Map<string, Set<string>>();
  readonly #byStaff = new Map<string, Set<string>>();

  constructor(parts: ViewersParts) {
    this.#parts = parts;
  }

  of(callId: string): readonly string[] {
    return [...(this.#byCall.get(callId) ?? [])];
  }

  /** Whether that call is, or was just now, on their screen. */
  has(callId: string, staffId: string): boolean {
    return this.#byCall.get(callId)?.has(staffId) === true;
  }

  watch(callId: string, staffId: string): void {
    const viewers = this.#byCall.get(callId) ?? new Set();
    if (viewers.has(staffId)) return;
    this.#byCall.set(callId, viewers.add(staffId));
    const watched = this.#byStaff.get(staffId) ?? new Set();
    this.#byStaff.set(staffId, watched.add(callId));
    this.unwatch(staffId, callId);
  }

  /**
   * Their screen shows other calls now. Until then the last one stays theirs: a word that was typed as the
   * wrap-up ended still comes in.
   */
  unwatch(staffId: string, except?: string): void {
    for (const callId of this.#byStaff.get(staffId) ?? []) {
      if (callId === except || this.#parts.isShown(staffId, callId)) continue;
      this.#byStaff.get(staffId)?.delete(callId);
      this.#byCall.get(callId)?.delete(staffId);
      this.#parts.onLeft(callId);
    }
  }

  forget(callId: string): void {
    this.#byCall.delete(callId);
  }
}
