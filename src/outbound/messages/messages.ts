import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Language } from '../../core/language.ts';
import type { Log } from '../../core/log.ts';
import type { Db, MessageChannel, OutboundMessageRow, Pool } from '../../db/index.ts';

export interface OutboundMessage {
  campaignId: string | null;
  contactId: string | null;
  personId: string | null;
  channel: MessageChannel;
  purpose: OutboundMessageRow['purpose'];
  /** A number or a mail address. */
  address: string;
  language: Language;
  body: string;
  onceKey: string;
}

/** Brings a message to its recipient. Throws when it could not; it is then tried again later. */
export interface MessageSender {
  send(message: OutboundMessageRow): Promise<void>;
}

/** Until a gateway is set up: the row is the message, staff see it, the log says so. */
export function logSender(log: Log): MessageSender {
  return {
    send(message) {
      const { id, channel, address } = message;
      log.info({ messageId: id, channel, pii: { to: address } }, 'message written, no gateway set');
      return Promise.resolve();
    },
  };
}

/** Writes a message once; the same key writes no second one. Send it after commit. */
export async function writeMessage(
  db: Db,
  message: OutboundMessage,
  now: Date,
): Promise<string | undefined> {
  const made = await db
    .insertInto('outboundMessage')
    .values({ ...message, id: newId(), state: 'queued', reason: null, createdAt: now })
    .onConflict((conflict) => conflict.column('onceKey').doNothing())
    .returning('id')
    .executeTakeFirst();
  return made?.id;
}

/** Sends what is queued; a message whose sender fails stays queued with the reason. */
export async function sendMessages(
  parts: { db: Pool; clock: Clock; log: Log; sender: MessageSender },
  ids: readonly string[],
): Promise<void> {
  const { db, clock, log, sender } = parts;
  for (const id of ids) {
    const message = await db
      .selectFrom('outboundMessage')
      .selectAll()
      .where('id', '=', id)
      .where('state', '=', 'queued')
      .executeTakeFirst();
    if (message === undefined) continue;
    try {
      await sender.send(message);
      await db
        .updateTable('outboundMessage')
        .set({ state: 'sent', sentAt: clock.now(), reason: null })
        .where('id', '=', id)
        .execute();
    } catch (error) {
      log.warn({ err: error, messageId: id }, 'a message could not be sent');
      await db
        .updateTable('outboundMessage')
        .set({ reason: error instanceof Error ? error.message : String(error) })
        .where('id', '=', id)
        .execute();
    }
  }
}
