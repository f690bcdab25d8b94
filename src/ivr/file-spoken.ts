import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { findHotline } from '../property/index.ts';
import { advance, type FlowLibrary, type FlowState } from '../content/index.ts';
import { makeOrder } from './actions/order.ts';
import type { CallFacts, Records } from './records.ts';

export interface SpokenParts extends Records {
  flows: FlowLibrary;
  log: Log;
}

/**
 * After a hang-up: what was spoken counts. Seals recordings and makes the order that the caller was
 * speaking for; the same order is never made twice.
 */
export async function fileSpoken(parts: SpokenParts, callId: string): Promise<void> {
  await sealEnded(parts, callId);
  const { db, recordings, flows } = parts;
  const rows = await db
    .selectFrom('recording')
    .innerJoin('call', 'call.id', 'recording.callId')
    .select(['recording.id', 'recording.resume'])
    .select(['call.did', 'call.callerNumber', 'call.isNumberVerified'])
    .where('recording.callId', '=', callId)
    .where('recording.workOrderId', 'is', null)
    .where('recording.resume', 'is not', null)
    .where('recording.state', '!=', 'failed')
    .execute();
  for (const row of rows) {
    const kept = await recordings.finish(row.id);
    const { state } = row.resume as { state: FlowState };
    const hotline = await findHotline(db, row.did);
    if (kept.state !== 'ready' || hotline === undefined) continue;
    const flow = await flows.at(state.flow, state.version);
    const { state: next, action } = advance(flow, state, {
      kind: 'recorded',
      recordingId: row.id,
      spokenMs: await recordings.spokenMs(kept),
    });
    if (action.do !== 'order') continue;
    const { callerNumber, isNumberVerified } = row;
    const facts: CallFacts = { id: callId, callerNumber, isNumberVerified, hotline };
    await makeOrder(parts, facts, next, action);
    await db
      .updateTable('call')
      .set({
        outcome: action.outcome,
        ...(action.roomId === undefined ? {} : { roomId: action.roomId }),
        ...(action.personId === undefined ? {} : { personId: action.personId }),
      })
      .where('id', '=', callId)
      .execute();
  }
}

/**
 * A conversation's recording is sealed by whoever leads the call. Where a switch or a service died nobody did: once
 * the call's row is closed, nothing records it any more.
 */
async function sealEnded({ db, recordings }: SpokenParts, callId: string): Promise<void> {
  const rows = await db
    .selectFrom('recording')
    .innerJoin('call', 'call.id', 'recording.callId')
    .select('recording.id')
    .where('recording.callId', '=', callId)
    .where('recording.state', '=', 'recording')
    .where('recording.resume', 'is', null)
    .where('call.endedAt', 'is not', null)
    .execute();
  for (const { id } of rows) await recordings.finish(id);
}

/** A message whose order could not be made is tried again at each start for so long. */
const lookBackMs = 7 * 24 * 3600_000;

/**
 * At start: calls that ended while nobody could file what was spoken, or seal what was recorded. Also what was
 * sealed, and then its order was not made: by a service that died in between, or because it could not be.
 */
export async function fileAllSpoken(parts: SpokenParts): Promise<void> {
  const rows = await parts.db
    .selectFrom('recording')
    .innerJoin('call', 'call.id', 'recording.callId')
    .select(['call.id', 'recording.id as recordingId', 'recording.resume'])
    .where('call.endedAt', 'is not', null)
    .where((row) =>
      row.or([
        row('recording.state', '=', 'recording'),
        row.and([
          row('recording.state', '=', 'ready'),
          row('recording.workOrderId', 'is', null),
          row('recording.resume', 'is not', null),
          row('recording.startedAt', '>', new Date(parts.clock.now().getTime() - lookBackMs)),
        ]),
      ]),
    )
    .execute();
  for (const { id, recordingId, resume } of rows) {
    try {
      if (resume === null) await parts.recordings.finish(recordingId);
      else await fileSpoken(parts, id);
    } catch (error) {
      // One that cannot be filed must not keep the others.
      parts.log.error({ callId: id, reason: messageOf(error) }, 'spoken message not filed');
    }
  }
}
