import { takeIncoming, type Incoming } from './incoming/incoming.ts';
import { takeBounce } from './receipts/bounces.ts';
import { takeReceipt, type Receipt, type ReceiptParts } from './receipts/receipts.ts';

/** What carriers tell of messages, and what people answer; see docs/messages.md. */
export class Inbox {
  readonly #parts: ReceiptParts;

  constructor(parts: ReceiptParts) {
    this.#parts = parts;
  }

  /** Throws `message.not_found`. */
  receipt(receipt: Receipt): Promise<void> {
    return takeReceipt(this.#parts, receipt);
  }

  /** A mail that came back. Throws `bounce.unreadable`, `message.not_found`. */
  bounce(mail: string): Promise<void> {
    return takeBounce(this.#parts, mail);
  }

  /** A text that somebody sent to us. */
  incoming(text: Incoming): Promise<void> {
    return takeIncoming(this.#parts, text);
  }
}
