import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Pool } from '../../db/index.ts';
import { afterReceipt, type MessageReason } from '../delivery/message.states.ts';
import { lockMessage, moveMessage } from '../delivery/messages.ts';

export interface Receipt {
  /** Ours, which the gateway got with the text. */
  id: string;
  state: 'delivered' | 'failed';
  /** The carrier's words. */
  reason?: string;
  /** With `failed`, when it is not that it did not arrive. */
  why?: MessageReason;
}

export class MessageNotFoundError extends AppError {
  constructor() {
    super({ code: 'message.not_found', status: 404, message: 'There is no such message.' });
  }
}

/**
 * What became of a text. The same receipt again changes nothing, and nor does one that contradicts an
 * earlier one. A text that did not arrive makes room for the person's next channel.
 */
export async function takeReceipt(
  { db, clock, log }: { db: Pool; clock: Clock; log: Log },
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
    if (row.purpose !== 'fallback' || row.contactId === null) return;
    const contact = trx.updateTable('campaignContact').where('id', '=', row.contactId);
    if (to === 'failed') {
      await contact
        .set({ fallback: 'queued', fallbackAt: null })
        .where('fallback', 'in', ['sent', 'unknown'])
        .execute();
    } else {
      await contact.set({ fallback: 'sent' }).where('fallback', '=', 'unknown').execute();
    }
  });
}
