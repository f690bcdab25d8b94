import { v5 as nameId } from 'uuid';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Cti } from '../../cti/index.ts';
import type { Pool } from '../../db/index.ts';
import { findHotline, normaliseNumber } from '../../property/index.ts';
import { raiseOrder } from '../../workorders/index.ts';
import type { TakenFile } from './names.ts';

export interface FilingParts {
  db: Pool;
  clock: Clock;
  cti: Pick<Cti, 'recordUnwatched'>;
}

export interface TakenCall {
  id: string;
  did: string;
  callerNumber: string;
}

/** The row that the service wrote before it lost the call, or one made now. Safe to repeat. */
export async function callOf(
  { db, cti }: FilingParts,
  { did, callerNumber, legId }: TakenFile,
  startedAt: Date,
): Promise<TakenCall> {
  const known = await db
    .selectFrom('callLeg')
    .innerJoin('call', 'call.id', 'callLeg.callId')
    .select(['call.id', 'call.did', 'call.callerNumber'])
    .where('callLeg.id', '=', legId)
    .executeTakeFirst();
  const call = known ?? { id: newId(), did, callerNumber: normaliseNumber(callerNumber) };
  await cti.recordUnwatched({
    ...call,
    legId,
    direction: 'inbound',
    // The file's name does not say who vouched for the number.
    isNumberVerified: false,
    startedAt,
    switchNode: 'unattended',
  });
  return call;
}

/** A message order for what was left, one for each call and kind. */
export async function raiseFor(
  parts: FilingParts,
  call: TakenCall,
  taken: TakenFile,
  what: { category: 'unattended' | 'fax'; 'zh-CN': string; en: string; outcome: string },
): Promise<{ id: string; number: string }> {
  const { db, clock } = parts;
  const hotline =
    (await findHotline(db, call.did)) ??
    (await findHotline(db, taken.did)) ??
    (await anyHotline(parts));
  const order = await raiseOrder(db, clock, {
    kind: 'message',
    category: what.category,
    severity: 'minor',
    source: 'ivr',
    estateId: hotline.estateId,
    contactNumber: normaliseNumber(call.callerNumber),
    language: hotline.language,
    summary: what[hotline.language],
    roomId: undefined,
    personId: undefined,
    callId: call.id,
    idempotencyKey: `${call.id}:${what.category}`,
    actor: 'system',
    timeZone: hotline.timeZone,
  });
  await db
    .updateTable('call')
    .set({ outcome: what.outcome, estateId: hotline.estateId })
    .where('id', '=', call.id)
    .execute();
  return order;
}

/** The same for the same call, so that a second run writes over the first. */
export function voiceFileId(call: TakenCall): string {
  return nameId('unattended', call.id);
}

/** A number that is no hotline any more: what was left goes to somebody rather than nowhere. */
async function anyHotline({ db }: FilingParts) {
  const first = await db
    .selectFrom('hotline')
    .select('did')
    .orderBy('did')
    .executeTakeFirstOrThrow();
  const hotline = await findHotline(db, first.did);
  if (hotline === undefined) throw new Error('there is no hotline');
  return hotline;
}
