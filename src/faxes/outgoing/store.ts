import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Language } from '../../core/language.ts';
import { emit, inScope, type Db, type Pool, type Scope } from '../../db/index.ts';
import type { FaxSending, FaxTry } from '../../db/schema.ts';
import { FaxBillsError } from '../faxes.errors.ts';
import { nextStep, type FaxResult } from './retry.ts';

export interface FaxRequest {
  /** Of one home. */
  billIds: readonly string[];
  number: string;
  language: Language;
  staffId: string | null;
  callId: string | null;
  /** The same key again gives the fax that is there. */
  key: string;
}

/** Saves that a fax of bills in the scope shall go out. `db` should be a transaction. Throws `fax.bad_bills`. */
export async function addFax(
  scope: Scope,
  db: Db,
  clock: Clock,
  wanted: FaxRequest,
): Promise<FaxSending> {
  const known = await byKey(db, wanted.key);
  if (known !== undefined) return known;
  const billIds = [...new Set(wanted.billIds)];
  const bills = await inScope(db, scope, 'bill')
    .innerJoin('room', 'room.id', 'bill.roomId')
    .select(['bill.roomId', 'room.estateId'])
    .where('bill.id', 'in', billIds)
    .execute();
  const [first] = bills;
  const isOneHome = bills.every(({ roomId }) => roomId === first?.roomId);
  if (first === undefined || bills.length !== billIds.length || !isOneHome) {
    throw new FaxBillsError();
  }
  const hotline = await db
    .selectFrom('hotline')
    .select('did')
    .where('estateId', '=', first.estateId)
    .orderBy('did')
    .executeTakeFirst();
  const now = clock.now();
  const added = await db
    .insertInto('faxSending')
    .values({
      id: newId(),
      roomId: first.roomId,
      billIds,
      number: wanted.number,
      language: wanted.language,
      did: hotline?.did ?? 'anonymous',
      pages: null,
      reason: null,
      staffId: wanted.staffId,
      callId: wanted.callId,
      key: wanted.key,
      nextTryAt: now,
      createdAt: now,
      endedAt: null,
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returningAll()
    .executeTakeFirst();
  return added ?? (await byKey(db, wanted.key).then(required));
}

export interface ArticleFax {
  articleId: string;
  number: string;
  language: Language;
  /** The hotline that is shown to the far end and named on the page. */
  did: string;
  staffId: string | null;
  callId: string | null;
  /** The same key again gives the fax that is there. */
  key: string;
}

/** Writes down that an article shall go out; it is drawn, and may be dropped, when it is sent. */
export async function addArticleFax(db: Db, clock: Clock, wanted: ArticleFax): Promise<FaxSending> {
  const now = clock.now();
  const added = await db
    .insertInto('faxSending')
    .values({
      ...{ ...wanted, id: newId(), roomId: null, billIds: null, pages: null, reason: null },
      ...{ nextTryAt: now, createdAt: now, endedAt: null },
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .returningAll()
    .executeTakeFirst();
  return added ?? (await byKey(db, wanted.key).then(required));
}

export interface MessageFax {
  messageId: string;
  /** The home that it is about. */
  roomId: string | null;
  number: string;
  language: Language;
  /** Shown to the far end. */
  did: string;
  isUrgent: boolean;
}

/** The fax of a message; one, however often it is asked for. */
export async function addMessageFax(db: Db, clock: Clock, wanted: MessageFax): Promise<string> {
  const key = `message:${wanted.messageId}`;
  const now = clock.now();
  await db
    .insertInto('faxSending')
    .values({
      ...wanted,
      ...{ id: newId(), key, billIds: null, pages: null, reason: null },
      ...{ staffId: null, callId: null, nextTryAt: now, createdAt: now, endedAt: null },
    })
    .onConflict((conflict) => conflict.column('key').doNothing())
    .execute();
  return (await byKey(db, key).then(required)).id;
}

/** Not now: at night, say. Only while no try is under way. */
export async function postponeFax(db: Db, id: string, nextTryAt: Date): Promise<void> {
  await db
    .updateTable('faxSending')
    .set({ nextTryAt })
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .execute();
}

/** Never: what it says is no longer true. */
export async function withdrawFax(db: Pool, clock: Clock, id: string): Promise<void> {
  const now = clock.now();
  await db.transaction().execute(async (trx) => {
    const ended = await trx
      .updateTable('faxSending')
      .set({ state: 'failed', endedAt: now, nextTryAt: null, reason: withdrawn })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .returning('id')
      .executeTakeFirst();
    if (ended === undefined) return;
    await emit(trx, 'fax.ended', { faxId: id, state: 'failed', reason: withdrawn }, now);
  });
}

/** The reason of a fax that was not sent because it was no longer true. */
export const withdrawn = 'NO_LONGER_TRUE';

function byKey(db: Db, key: string): Promise<FaxSending | undefined> {
  return db.selectFrom('faxSending').selectAll().where('key', '=', key).executeTakeFirst();
}

function required(fax: FaxSending | undefined): FaxSending {
  if (fax === undefined) throw new Error('a fax vanished while it was added');
  return fax;
}

/** The tries of a fax, the latest one last. */
export function triesOf(db: Db, faxId: string): Promise<FaxTry[]> {
  return db
    .selectFrom('faxTry')
    .selectAll()
    .where('faxId', '=', faxId)
    .orderBy('startedAt')
    .orderBy('id')
    .execute();
}

/** Ids of faxes whose time has come, also those whose process died while it sent. */
export async function dueFaxes(db: Db, now: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('faxSending')
    .select('id')
    .where('state', 'in', ['waiting', 'sending'])
    .where('nextTryAt', '<=', now)
    .orderBy('nextTryAt')
    .limit(100)
    .execute();
  return rows.map(({ id }) => id);
}

/** Writes down a try before the switch is asked; undefined when another process tries already. */
export async function beginTry(
  db: Pool,
  clock: Clock,
  faxId: string,
  pages: number,
): Promise<FaxTry | undefined> {
  return db.transaction().execute(async (trx) => {
    const begun = await trx
      .insertInto('faxTry')
      .values({
        ...{ id: newId(), faxId, callId: newId(), startedAt: clock.now() },
        ...{ endedAt: null, reason: null },
      })
      .onConflict((conflict) => conflict.column('faxId').where('endedAt', 'is', null).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (begun === undefined) return undefined;
    await trx
      .updateTable('faxSending')
      .set({ state: 'sending', pages })
      .where('id', '=', faxId)
      .execute();
    return begun;
  });
}

/** The end of a try with what comes after it, once. Resolves with the pause before the next one. */
export async function endTry(
  db: Pool,
  clock: Clock,
  { id, faxId }: FaxTry,
  result: FaxResult,
): Promise<number | undefined> {
  return db.transaction().execute(async (trx) => {
    const now = clock.now();
    const { isSent, pagesSent, reason } = result;
    const ended = await trx
      .updateTable('faxTry')
      .set({ endedAt: now, isSent, pagesSent, reason })
      .where('id', '=', id)
      .where('endedAt', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (ended === undefined) return undefined;
    const results = (await triesOf(trx, faxId)).map((one): FaxResult => ({
      ...one,
      reason: one.reason ?? '',
    }));
    const { isUrgent } = await trx
      .selectFrom('faxSending')
      .select('isUrgent')
      .where('id', '=', faxId)
      .executeTakeFirstOrThrow();
    const next = nextStep(results, isUrgent);
    const fax = trx.updateTable('faxSending').where('id', '=', faxId);
    if (next.do === 'again') {
      const nextTryAt = new Date(now.getTime() + next.afterMs);
      await fax.set({ state: 'waiting', reason, nextTryAt }).execute();
      return next.afterMs;
    }
    const state = next.do === 'done' ? 'sent' : 'failed';
    await fax
      .set({ state, endedAt: now, nextTryAt: null, reason: state === 'sent' ? null : reason })
      .execute();
    await emit(trx, 'fax.ended', { faxId, state, reason: state === 'sent' ? null : reason }, now);
    return undefined;
  });
}
