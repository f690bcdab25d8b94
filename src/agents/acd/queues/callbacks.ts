import type { Call } from '../../../cti/index.ts';
import { knownNumber } from '../../../property/index.ts';
import type { WaitingCaller } from '../routing/index.ts';
import type { QueueStore } from './queue-store.ts';
import { restMs } from './ringing.ts';

/** What came of ringing somebody who waits for a callback. */
export type CallbackEnd =
  /** They talk, or have talked: it is done. */
  | 'talked'
  /** Nobody picked up, or it was busy: again later. */
  | 'busy'
  | 'no_answer'
  /** It was not their telephone that failed: soon again, by another agent. */
  | 'not_rung'
  /** The number does not exist, or may not be dialled. */
  | 'impossible';

/** Whose telephone is busy is there; who does not answer may be away for longer. */
const pauseMs = { busy: 2 * 60_000, no_answer: 10 * 60_000 } as const;
const mostTries = 3;
/** Whether they are in a call with us is looked at again then, in case nobody tells that it ended. */
export const whileInCallMs = 15_000;

/** The callback as it goes on; undefined when it is over. Pure. */
export function afterCallback(
  caller: WaitingCaller,
  end: CallbackEnd,
  now: number,
): WaitingCaller | undefined {
  const { promise } = caller;
  if (end === 'talked' || end === 'impossible' || promise === undefined) return undefined;
  if (end === 'not_rung') return caller;
  const tries = promise.tries + 1;
  if (tries >= mostTries) return undefined;
  return { ...caller, promise: { ...promise, tries, notBefore: now + pauseMs[end] } };
}

const busyCauses = new Set(['USER_BUSY', 'CALL_REJECTED', 'NORMAL_CIRCUIT_CONGESTION']);
const wrongNumbers = new Set([
  ...['UNALLOCATED_NUMBER', 'NUMBER_CHANGED', 'INVALID_NUMBER_FORMAT', 'NO_ROUTE_DESTINATION'],
  ...['INCOMPATIBLE_DESTINATION', 'INVALID_NUMBER'],
]);

/** What the hang-up cause of a customer's telephone that nobody picked up says of it. */
export function endOfCause(cause: string | undefined): CallbackEnd {
  if (busyCauses.has(cause ?? '')) return 'busy';
  return wrongNumbers.has(cause ?? '') ? 'impossible' : 'no_answer';
}

export function isThere({ gone }: Call): boolean {
  return !gone.aborted;
}

export interface CallbacksParts {
  now: () => number;
  /** Numbers of everybody who is in a call with us. */
  liveNumbers: () => readonly string[];
  entries: Pick<QueueStore, 'enter' | 'leave'>;
  /** Puts the entry into its queue, and takes it out again. */
  enter: (caller: WaitingCaller) => void;
  leave: (caller: WaitingCaller) => void;
  /** The rows follow. */
  write: (caller: WaitingCaller) => void;
  end: (caller: WaitingCaller, how: 'answered' | 'overflowed', by: string | null) => void;
}

/**
 * People who will be called back: one callback a number. While they are in a call themselves their entry stands
 * aside; whoever talks with them has done it.
 */
export class Callbacks {
  readonly #parts: CallbacksParts;
  /** By number. */
  readonly #open = new Map<string, WaitingCaller>();
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(parts: CallbacksParts) {
    this.#parts = parts;
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  of(number: string): WaitingCaller | undefined {
    return number === '' ? undefined : this.#open.get(number);
  }

  /** The one that was promised in this very call, by a predecessor. */
  madeIn(call: Call): WaitingCaller | undefined {
    const kept = this.of(knownNumber(call));
    return kept?.callId === call.id ? kept : undefined;
  }

  /** One is promised, or promised again: an older one of that number is this one from now on, with its place. */
  make(caller: WaitingCaller): WaitingCaller {
    const key = keyOf(caller);
    const before = this.#open.get(key);
    const kept = before === undefined ? caller : inPlaceOf(before, caller);
    if (before !== undefined && before.callId !== caller.callId) {
      this.#forget(before);
      this.#parts.end(before, 'overflowed', null);
    }
    this.#open.set(key, kept);
    return kept;
  }

  /** Into its queue, as soon as it is time; the switch is there, and tells who is in a call. */
  queue(caller: WaitingCaller): void {
    if (this.#open.get(keyOf(caller))?.callId !== caller.callId) return;
    const inMs = (caller.promise?.notBefore ?? 0) - this.#parts.now();
    this.#clear(caller);
    if (inMs > 0) this.#later(caller, inMs);
    else if (this.#isInCall(caller)) this.#later(caller, whileInCallMs);
    else this.#parts.enter(caller);
  }

  #isInCall({ promise }: WaitingCaller): boolean {
    const number = promise?.number ?? '';
    return number !== '' && this.#parts.liveNumbers().includes(number);
  }

  /** True when they are in a call and nobody calls them now. */
  standsAside(caller: WaitingCaller): boolean {
    if (!this.#isInCall(caller)) return false;
    this.standAside(caller);
    return true;
  }

  /** They are in a call: nobody calls them now. */
  standAside(caller: WaitingCaller): void {
    this.#parts.leave(caller);
    this.#clear(caller);
    this.#later(caller, whileInCallMs);
  }

  /**
   * Before their telephone rings: should we die meanwhile, it rings again later, and not at once. Resolves when it is
   * written down.
   */
  rings(caller: WaitingCaller): Promise<void> {
    const { entries, now } = this.#parts;
    const next = afterCallback(caller, 'no_answer', now());
    return next === undefined ? entries.leave(caller.callId, 'overflowed') : entries.enter(next);
  }

  /** What came of it. */
  calledBack(waiting: WaitingCaller, end: CallbackEnd, staffId: string): void {
    const rest = { staffId, until: this.#parts.now() + restMs.declined };
    const caller =
      end === 'not_rung' ? { ...waiting, resting: [...waiting.resting, rest] } : waiting;
    // Somebody else has talked with them since.
    if (this.#open.get(keyOf(caller))?.callId !== caller.callId) return;
    const next = afterCallback(caller, end, this.#parts.now());
    if (next === undefined) {
      this.#forget(caller);
      this.#parts.end(caller, end === 'talked' ? 'answered' : 'overflowed', staffId);
      return;
    }
    this.#open.set(keyOf(next), next);
    this.#parts.write(next);
    this.queue(next);
  }

  /** Somebody talks with that number: no call is owed to it any more. */
  served(number: string, staffId: string | null): void {
    const caller = this.of(number);
    if (caller === undefined) return;
    this.#forget(caller);
    this.#parts.end(caller, 'answered', staffId);
  }

  #forget(caller: WaitingCaller): void {
    this.#open.delete(keyOf(caller));
    this.#clear(caller);
    this.#parts.leave(caller);
  }

  #later(caller: WaitingCaller, inMs: number): void {
    const timer = setTimeout(() => this.queue(caller), inMs);
    timer.unref();
    this.#timers.set(caller.callId, timer);
  }

  #clear({ callId }: WaitingCaller): void {
    clearTimeout(this.#timers.get(callId));
    this.#timers.delete(callId);
  }
}

/** Rows of before have no number; each stands for itself. */
function keyOf({ callId, promise }: WaitingCaller): string {
  return promise === undefined || promise.number === '' ? callId : promise.number;
}

/** Whoever comes again takes the place that was kept for them. */
export function inPlaceOf(kept: WaitingCaller, caller: WaitingCaller): WaitingCaller {
  if (kept.queueId !== caller.queueId) return caller;
  return {
    ...caller,
    enteredAt: Math.min(kept.enteredAt, caller.enteredAt),
    waitingSince: Math.min(kept.waitingSince, caller.waitingSince),
    isAdmitted: true,
  };
}
