import type { Authors } from '../authors.ts';
import { afterReceipt, type MessageReason } from '../delivery/message.states.ts';
import { lockMessage, moveMessage, type RowParts } from '../delivery/messages.ts';
import { MessageNotFoundError } from '../messaging.errors.ts';

export interface Receipt {
  /** Ours, which the gateway got with the text. */
  id: string;
  state: 'delivered' | 'failed';
  /** The carrier's words. */
  reason?: string;
  /** With `failed`, when it is not that it did not arrive. */
  why?: MessageReason;
}

export interface ReceiptParts extends RowParts {
  authors: Authors;
}

/**
 * What became of a text. The same receipt again changes nothing, and nor does one that contradicts an
 * earlier one. Throws `message.not_found`.
 */
export async function takeReceipt(
  { db, clock, log, authors }: ReceiptParts,
  { id, state, reason, why = 'undelivered' }: Receipt,
): Promise<void> {
  const now = clock.now();
  await db.transaction().execute(async (trx) => {
    const row = await lockMessage(trx, id);
    if (row === undefined) throw new MessageNotFoundError();
    const to = afterReceipt(row.state, state);
    if (to === undefined) return;
    await moveMessage(trx, row, to, now, {
      sentAt: row.sentAt ?? row.triedAt,
      nextAt: null,
      ...(to === 'delivered'
        ? { deliveredAt: now, reason: null }
        : { reason: why, detail: reason?.slice(0, 400) ?? null }),
    });
    log.info({ messageId: id, channel: row.channel }, `message ${to}, says its carrier`);
    await authors.get(row.purpose)?.onReceipt(trx, row, to);
  });
}
