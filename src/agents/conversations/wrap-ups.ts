import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { EngagementStore } from '../acd/sessions/engagement-store.ts';
import type { Seats } from '../acd/sessions/seats.ts';

export interface WrapUp {
  callId: string;
  since: Date;
  /** Null when only the agent ends it. */
  endsAt: Date | null;
  /** Who has the customer now; see `WrapUpView`. */
  handedTo: string | null;
}

export interface WrapUpResult {
  reasonCode: string;
  note: string;
  nextContactAt: Date | null;
}

export interface WrapUpParts {
  seats: Seats;
  store: EngagementStore;
  clock: Clock;
  log: Log;
  /** How long one lasts after a conversation of that queue; null for as long as the agent wants, 0 for none. */
  wrapUpSecOf: (queueId: string | null) => number | null;
  onEnd: (staffId: string) => void;
}

/** The minutes after a conversation, in which an agent writes down what it came to. */
export class WrapUps {
  readonly #open = new Map<string, WrapUp & { timer: NodeJS.Timeout | undefined }>();
  readonly #parts: WrapUpParts;

  constructor(parts: WrapUpParts) {
    this.#parts = parts;
  }

  of(staffId: string): WrapUp | undefined {
    return this.#open.get(staffId);
  }

  begin(
    staffId: string,
    callId: string,
    queueId: string | null,
    handedTo: string | null = null,
  ): void {
    const { seats, store, clock, log } = this.#parts;
    const wrapUpSec = this.#parts.wrapUpSecOf(queueId);
    const now = clock.now();
    const endsAt = wrapUpSec === null ? null : new Date(now.getTime() + wrapUpSec * 1000);
    const before = this.#open.get(staffId);
    // One that was interrupted by this call is over: nobody will end it any more.
    if (before !== undefined && before.callId !== callId) {
      void this.#endSilently(before.callId, staffId);
    }
    this.#add(staffId, { callId, since: now, endsAt, handedTo });
    seats.engage(staffId, 'wrap_up', callId);
    store.talked(callId, staffId, endsAt).catch((error: unknown) => {
      log.error({ reason: messageOf(error), callId }, 'end of conversation not written');
    });
  }

  /** They were cut off: no time to write, the same caller comes back to them. */
  async skip(staffId: string, callId: string): Promise<void> {
    const { seats } = this.#parts;
    if (seats.get(staffId)?.callId === callId) seats.engage(staffId, 'idle', null);
    await this.close(staffId, callId);
  }

  /** The rows say that nothing of it goes on, whatever the agent does meanwhile. */
  async close(staffId: string, callId: string): Promise<void> {
    const { store, log } = this.#parts;
    try {
      await store.talked(callId, staffId, null);
      await store.end(callId, staffId);
    } catch (error) {
      log.error({ reason: messageOf(error), callId }, 'end of conversation not written');
    }
  }

  /** After a restart. */
  adopt(staffId: string, wrapUp: WrapUp): void {
    this.#add(staffId, wrapUp);
    this.#parts.seats.resume(staffId, 'wrap_up', wrapUp.callId, wrapUp.since);
  }

  #add(staffId: string, wrapUp: WrapUp): void {
    clearTimeout(this.#open.get(staffId)?.timer);
    const { endsAt, callId } = wrapUp;
    const leftMs = endsAt === null ? null : endsAt.getTime() - this.#parts.clock.now().getTime();
    const timer =
      leftMs === null
        ? undefined
        : setTimeout(() => void this.end(staffId, callId), Math.max(0, leftMs));
    timer?.unref();
    this.#open.set(staffId, { ...wrapUp, timer });
  }

  /**
   * By the agent with what it came to, or by the clock. False when it was over. What an agent wrote is told as
   * kept only when it is: rejects when it cannot be written, and the wrap-up stays open.
   */
  async end(staffId: string, callId: string, result?: WrapUpResult): Promise<boolean> {
    const wrapUp = this.#open.get(staffId);
    const isOpen = wrapUp?.callId === callId;
    const wasWritten =
      result === undefined
        ? await this.#endSilently(callId, staffId)
        : await this.#parts.store.end(callId, staffId, result);
    // The clock, or the next call, may have been faster meanwhile.
    if (isOpen && this.#open.get(staffId) === wrapUp) {
      clearTimeout(wrapUp.timer);
      this.#open.delete(staffId);
      this.#release(staffId, callId);
      this.#parts.onEnd(staffId);
    }
    return isOpen || wasWritten;
  }

  /** Whoever talks again already is not idle because an old wrap-up ends. */
  #release(staffId: string, callId: string): void {
    const { seats } = this.#parts;
    const seat = seats.get(staffId);
    if (seat?.engagement === 'wrap_up' && seat.callId === callId) {
      seats.engage(staffId, 'idle', null);
    }
  }

  #endSilently(callId: string, staffId: string): Promise<boolean> {
    return this.#parts.store.end(callId, staffId).catch((error: unknown) => {
      this.#parts.log.error({ reason: messageOf(error), callId }, 'wrap-up not written');
      return false;
    });
  }

  stop(): void {
    for (const { timer } of this.#open.values()) clearTimeout(timer);
    this.#open.clear();
  }
}
