import { findHotline } from '../property/index.ts';
import { advance } from './flow/machine.ts';
import type { FlowState } from './flow/state.types.ts';
import type { FlowLibrary } from './published.ts';
import { makeOrder, type CallFacts, type Records } from './records.ts';

export interface SettleParts extends Records {
  flows: FlowLibrary;
}

/**
 * After a hang-up: what was spoken counts. Seals recordings and makes the order that the caller was
 * speaking for; the same order is never made twice.
 */
export async function settle(parts: SettleParts, callId: string): Promise<void> {
  const { db, recordings, flows } = parts;
  const rows = await db
    .selectFrom('recording')
    .innerJoin('call', 'call.id', 'recording.callId')
    .select(['recording.id', 'recording.resume', 'call.did', 'call.callerNumber'])
    .where('recording.callId', '=', callId)
    .where('recording.workOrderId', 'is', null)
    .where('recording.resume', 'is not', null)
    .where('recording.state', '!=', 'failed')
    .execute();
  for (const row of rows) {
    const { durationMs, state: kept } = await recordings.finish(row.id);
    const { state } = row.resume as { state: FlowState };
    const hotline = await findHotline(db, row.did);
    if (kept !== 'ready' || hotline === undefined) continue;
    const flow = await flows.at(state.flow, state.version);
    const { state: next, action } = advance(flow, state, {
      kind: 'recorded',
      recordingId: row.id,
      spokenMs: durationMs ?? 0,
    });
    if (action.do !== 'order') continue;
    const facts: CallFacts = { id: callId, callerNumber: row.callerNumber, hotline };
    await makeOrder(parts, facts, next, action);
    await db
      .updateTable('call')
      .set({
        outcome: action.outcome,
        roomId: action.roomId ?? null,
        personId: action.personId ?? null,
      })
      .where('id', '=', callId)
      .execute();
  }
}

/** At start: calls that ended while nobody could file what was spoken, or seal what was recorded. */
export async function settleAll(parts: SettleParts): Promise<void> {
  const rows = await parts.db
    .selectFrom('recording')
    .innerJoin('call', 'call.id', 'recording.callId')
    .select(['call.id', 'recording.id as recordingId', 'recording.resume'])
    .where('recording.state', '=', 'recording')
    .where('call.endedAt', 'is not', null)
    .execute();
  for (const { id, recordingId, resume } of rows) {
    if (resume === null) await parts.recordings.finish(recordingId);
    else await settle(parts, id);
  }
}
