import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Language } from '../../core/language.ts';
import type { Log } from '../../core/log.ts';
import { checkTransition } from '../../core/states.ts';
import {
  emit,
  type Db,
  type MessageChannel,
  type MessageState,
  type OutboundMessageRow,
  type Pool,
} from '../../db/index.ts';
import { isInterrupted, messageTransitions, type MessageReason } from './message.states.ts';

export interface RowParts {
  db: Pool;
  clock: Clock;
  log: Log;
}

/** A former try may have gone out. */
export const mayBeOut = { state: 'unknown', reason: 'no_answer' } as const;

export interface OutboundMessage {
  campaignId: string | null;
  contactId: string | null;
  personId: string | null;
  channel: MessageChannel;
  purpose: OutboundMessageRow['purpose'];
  /** A number or a mail address. */
  address: string;
  language: Language;
  /** Of mails. */
  subject: string | null;
  body: string;
  onceKey: string;
  writingRound?: number;
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

/** Whoever sent it died in the middle. Nothing happens to a message whose sender may still live. */
export async function giveUpOn({ db, clock, log }: RowParts, id: string): Promise<void> {
  const now = clock.now();
  await db.transaction().execute(async (trx) => {
    const row = await lockMessage(trx, id);
    if (row?.state !== 'sending' || !isInterrupted(row.triedAt, now)) return;
    await moveMessage(trx, row, 'unknown', now, { reason: 'interrupted' });
    log.warn({ messageId: id, channel: row.channel }, 'outcome of a message unknown');
  });
}

/** Not sent, and for a reason that lies with us; unknown when a former try may have gone out. */
export async function withdraw(
  { db, clock }: RowParts,
  id: string,
  reason: MessageReason,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await lockMessage(trx, id);
    if (row?.state !== 'queued') return;
    const to = row.reason === 'no_answer' ? mayBeOut : ({ state: 'failed', reason } as const);
    await moveMessage(trx, row, to.state, clock.now(), { reason: to.reason });
  });
}

export function lockMessage(trx: Db, id: string): Promise<OutboundMessageRow | undefined> {
  return trx
    .selectFrom('outboundMessage')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

type MessageChange = Partial<
  Pick<
    OutboundMessageRow,
    | 'reason'
    | 'detail'
    | 'tries'
    | 'triedAt'
    | 'nextAt'
    | 'sentAt'
    | 'deliveredAt'
    | 'providerId'
    | 'subject'
    | 'body'
  >
>;

/** The one way to change a message's state. */
export async function moveMessage(
  trx: Db,
  row: OutboundMessageRow,
  to: MessageState,
  now: Date,
  change: MessageChange,
): Promise<OutboundMessageRow> {
  checkTransition('message', messageTransitions, row.state, to);
  const moved = await trx
    .updateTable('outboundMessage')
    .set({ state: to, ...change })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
  const { id: messageId, campaignId, contactId, channel, reason } = moved;
  const about = { messageId, campaignId, contactId, channel, state: to, reason };
  await emit(trx, 'message.changed', about, now);
  return moved;
}
