import { parseCSeq } from '../message/headers.ts';
import { headerOf } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/server-transaction.ts';
import { Retransmitter, transactionMs } from '../transaction/timers.ts';

/** Repeats a 2xx until its ACK (RFC 3261 section 13.3.1.4). */
export class AckWait {
  /** CSeq of the INVITE whose 2xx waits for its ACK. */
  #awaited: number | undefined;
  #repeater: Retransmitter | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `onMissing` when no ACK came within 64 · T1. */
  begin(invite: ServerTransaction, onMissing: () => void): void {
    this.stop();
    this.#awaited = parseCSeq(headerOf(invite.request.headers, 'cseq')).number;
    this.#repeater = new Retransmitter(() => invite.onRepeat());
    this.#timer = setTimeout(() => {
      this.stop();
      onMissing();
    }, transactionMs);
  }

  /** Whether this ACK is the one; it ends the wait then. */
  take(sequence: number): boolean {
    if (sequence !== this.#awaited) return false;
    this.stop();
    return true;
  }

  stop(): void {
    this.#awaited = undefined;
    this.#repeater?.stop();
    this.#repeater = undefined;
    clearTimeout(this.#timer);
  }
}
