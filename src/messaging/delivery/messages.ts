import type { Clock } from '../../core/clock.ts';
import { messageOf } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Language } from '../../core/language.ts';
import type { Log } from '../../core/log.ts';
import { checkTransition } from '../../core/states.ts';
import {
  emit,
  type CampaignPurpose,
  type Db,
  type MessageChannel,
  type MessageState,
  type OutboundMessageRow,
  type Pool,
} from '../../db/index.ts';
import {
  afterSend,
  isInterrupted,
  messageTransitions,
  type AfterSend,
  type MessageReason,
  type SendOutcome,
} from './message.states.ts';
import type { MessageSender } from '../carriers/carriers.ts';
import type { Text } from '../templates/texts.ts';

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

export interface MessageParts {
  db: Pool;
  clock: Clock;
  log: Log;
  sender: MessageSender;
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

/** What a message says now; undefined when it is no longer true. */
export type Compose = (
  trx: Db,
  to: Pick<OutboundMessageRow, 'channel' | 'address'>,
) => Promise<Text | undefined>;

/**
 * One try of a queued message: written down, made, written down. At most one process gets beyond the
 * first step, and no try is made again whose end nobody saw. Undefined when it was not queued.
 *
 * @param compose for words that may have changed since they were written.
 */
export async function deliver(
  parts: MessageParts,
  id: string,
  compose?: Compose,
): Promise<MessageState | undefined> {
  const { log, sender } = parts;
  const begun = await begin(parts, id, compose);
  if (begun === undefined || typeof begun === 'string') return begun;
  const { message, purpose } = begun;
  const outcome = await sender
    .send(message)
    .catch((error: unknown): SendOutcome => ({ kind: 'unknown', detail: messageOf(error) }));
  const after = afterSend(outcome, { tries: message.tries, purpose });
  const about = { messageId: id, channel: message.channel, tries: message.tries };
  const { state, reason, detail } = after;
  const why = detail === null ? {} : { pii: { detail } };
  if (state === 'sent') log.info(about, 'message sent');
  else log.warn({ ...about, reason, ...why }, `message ${state}`);
  return patiently(log, () => finish(parts, message, after));
}

/** A payment link and the like: a try in the background, further ones by the minute's job. */
export function deliverSoon(parts: MessageParts, id: string): void {
  deliver(parts, id).catch((error: unknown) => {
    parts.log.error({ err: error, messageId: id }, 'message not sent');
  });
}

async function begin(
  { db, clock, log }: MessageParts,
  id: string,
  compose: Compose | undefined,
): Promise<
  { message: OutboundMessageRow; purpose: CampaignPurpose | null } | MessageState | undefined
> {
  const now = clock.now();
  return db.transaction().execute(async (trx) => {
    const row = await lockMessage(trx, id);
    if (row?.state !== 'queued' || (row.nextAt !== null && row.nextAt > now)) return undefined;
    const text = compose === undefined ? row : await compose(trx, row);
    const stop = text === undefined ? noLongerTrue : isOutOfDate(row, text) ? mayBeOut : undefined;
    if (stop !== undefined) {
      log.info({ messageId: id, reason: stop.reason }, 'message not sent');
      return (await moveMessage(trx, row, stop.state, now, { reason: stop.reason })).state;
    }
    const { subject, body } = text ?? row;
    const change = { tries: row.tries + 1, triedAt: now, subject, body };
    const message = await moveMessage(trx, row, 'sending', now, change);
    return { message, purpose: await purposeOf(trx, row.campaignId) };
  });
}

const noLongerTrue = { state: 'failed', reason: 'no_longer_true' } as const;
const mayBeOut = { state: 'unknown', reason: 'no_answer' } as const;

/** The gateway may have sent the former words, and would take the new ones for a repetition. */
function isOutOfDate({ reason, subject, body }: OutboundMessageRow, text: Text): boolean {
  return reason === 'no_answer' && (text.body !== body || text.subject !== subject);
}

async function finish(
  { db, clock }: MessageParts,
  { id, tries }: OutboundMessageRow,
  { state, reason, detail, providerId, againInMs }: AfterSend,
): Promise<MessageState | undefined> {
  const now = clock.now();
  return db.transaction().execute(async (trx) => {
    const row = await lockMessage(trx, id);
    // A receipt was quicker than the answer, or this try was given up.
    if (row?.state !== 'sending' || row.tries !== tries) return row?.state;
    await moveMessage(trx, row, state, now, {
      ...{ reason, detail },
      providerId: providerId ?? row.providerId,
      nextAt: againInMs === null ? null : new Date(now.getTime() + againInMs),
      ...(state === 'sent' ? { sentAt: now } : {}),
    });
    return state;
  });
}

/** Whoever sent it died in the middle. Nothing happens to a message whose sender may still live. */
export async function giveUpOn({ db, clock, log }: Omit<MessageParts, 'sender'>, id: string) {
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
  { db, clock }: Pick<MessageParts, 'db' | 'clock'>,
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

async function purposeOf(trx: Db, campaignId: string | null): Promise<CampaignPurpose | null> {
  if (campaignId === null) return null;
  const row = await trx
    .selectFrom('campaign')
    .select('purpose')
    .where('id', '=', campaignId)
    .executeTakeFirst();
  return row?.purpose ?? null;
}

const patience = { tries: 10, everyMs: 2000 };

/** What a carrier answered is not to be lost because the database is away for some seconds. */
async function patiently<T>(log: Log, write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      if (tries >= patience.tries) throw error;
      log.warn({ reason: messageOf(error) }, 'result of a message not written yet');
      await new Promise((resolve) => setTimeout(resolve, patience.everyMs));
    }
  }
}
