import type { Counter } from 'prom-client';
import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Db, MessageState, OutboundMessageRow } from '../../db/index.ts';
import type { Carriers } from '../carriers/carriers.ts';
import type { Release } from '../carriers/semaphore.ts';
import { limitFacts, type About } from '../limits/facts.ts';
import { mayWrite, type LimitSettings, type LimitVerdict } from '../limits/limits.ts';
import type { Text } from '../templates/texts.ts';
import { afterSend, type AfterSend, type SendOutcome } from './message.states.ts';
import { lockMessage, mayBeOut, moveMessage, type RowParts } from './messages.ts';

export interface DeliveryParts extends RowParts {
  carriers: Carriers;
  limits: LimitSettings;
  /** What was handed over, and what limits held back. */
  metric: Counter<'channel' | 'result'>;
}

/** What a message says now; undefined when it is no longer true. */
export type Compose = (
  trx: Db,
  to: Pick<OutboundMessageRow, 'channel' | 'address'>,
) => Promise<Text | undefined>;

/** Where a message stands after somebody looked at it; `wait`: a limit or its carrier holds it back, and nothing was tried. */
export type Delivered = { state: MessageState } | { wait: Date };

/**
 * One try of a queued message: judged by the limits, written down, made, written down. At most one process gets
 * beyond the first step, and no try is made again whose end nobody saw. Undefined when it was not queued.
 *
 * @param compose for words that may have changed since they were written.
 */
export async function deliver(
  parts: DeliveryParts,
  id: string,
  compose?: Compose,
): Promise<Delivered | undefined> {
  const held: { place?: Release } = {};
  try {
    const begun = await begin(parts, id, { compose, hold: (place) => (held.place = place) });
    if (begun === undefined || !('message' in begun)) return begun;
    const state = await handOver(parts, begun);
    return state === undefined ? undefined : { state };
  } finally {
    held.place?.();
  }
}

async function handOver(
  parts: DeliveryParts,
  { message, about }: Begun,
): Promise<MessageState | undefined> {
  const { log, carriers, metric } = parts;
  const { id, channel, tries } = message;
  const outcome = await carriers
    .send(message, about)
    .catch((error: unknown): SendOutcome => ({ kind: 'unknown', detail: messageOf(error) }));
  const after = afterSend(outcome, { tries, purpose: about.purpose });
  const { state, reason, detail } = after;
  metric.inc({ channel, result: state });
  const why = detail === null ? {} : { pii: { detail } };
  const what = { messageId: id, channel, tries };
  if (state === 'sent') log.info(what, 'message sent');
  else log.warn({ ...what, reason, ...why }, `message ${state}`);
  return patiently(log, () => finish(parts, message, after));
}

/**
 * A message that nobody leads through a chain: a payment link and the like. What cannot go out now is taken up by the
 * minute's job.
 */
export async function deliverAlone(parts: DeliveryParts, id: string): Promise<void> {
  const delivered = await deliver(parts, id);
  if (delivered === undefined || !('wait' in delivered)) return;
  await parts.db
    .updateTable('outboundMessage')
    .set({ nextAt: delivered.wait })
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .execute();
}

/** The same in the background. */
export function deliverSoon(parts: DeliveryParts, id: string): void {
  deliverAlone(parts, id).catch((error: unknown) => {
    parts.log.error({ err: error, messageId: id }, 'message not sent');
  });
}

interface Begun {
  message: OutboundMessageRow;
  about: About;
}

async function begin(
  parts: DeliveryParts,
  id: string,
  { compose, hold }: { compose: Compose | undefined; hold: (place: Release) => void },
): Promise<Begun | Delivered | undefined> {
  const { db, clock, log, carriers } = parts;
  const now = clock.now();
  return db.transaction().execute(async (trx) => {
    const row = await lockMessage(trx, id);
    if (row?.state !== 'queued' || (row.nextAt !== null && row.nextAt > now)) return undefined;
    const text = compose === undefined ? row : await compose(trx, row);
    const stop = text === undefined ? noLongerTrue : isOutOfDate(row, text) ? mayBeOut : undefined;
    if (stop !== undefined) {
      log.info({ messageId: id, reason: stop.reason }, 'message not sent');
      return moveMessage(trx, row, stop.state, now, { reason: stop.reason });
    }
    const about = await limitFacts(trx, row, now, parts.limits.perAddress);
    const held = await heldBack(trx, parts, row, mayWrite(about));
    if (held !== undefined) return held;
    const place = carriers.place(row.channel, now);
    if (place instanceof Date) return { wait: place };
    hold(place);
    const { subject, body } = text ?? row;
    const change = { tries: row.tries + 1, triedAt: now, subject, body };
    return { message: await moveMessage(trx, row, 'sending', now, change), about };
  });
}

async function heldBack(
  trx: Db,
  { clock, log, metric }: DeliveryParts,
  row: OutboundMessageRow,
  verdict: LimitVerdict,
): Promise<Delivered | undefined> {
  if (verdict.may) return undefined;
  const { limit, until, reason } = verdict;
  metric.inc({ channel: row.channel, result: limit });
  log.info(
    { messageId: row.id, channel: row.channel, limit, until },
    'message held back by a limit',
  );
  if (until !== null) return { wait: until };
  const to = row.reason === 'no_answer' ? mayBeOut : ({ state: 'failed', reason } as const);
  return moveMessage(trx, row, to.state, clock.now(), { reason: to.reason });
}

const noLongerTrue = { state: 'failed', reason: 'no_longer_true' } as const;

/** The gateway may have sent the former words, and would take the new ones for a repetition. */
function isOutOfDate({ reason, subject, body }: OutboundMessageRow, text: Text): boolean {
  return reason === 'no_answer' && (text.body !== body || text.subject !== subject);
}

async function finish(
  { db, clock }: DeliveryParts,
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
