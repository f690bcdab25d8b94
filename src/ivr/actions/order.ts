import type { FlowState, OrderAction, Outcome } from '../../content/index.ts';
import type { NewWorkOrder } from '../../db/schema.ts';
import { normaliseNumber } from '../../property/index.ts';
import { raiseOrder } from '../../workorders/index.ts';
import type { CallFacts, Records } from '../records.ts';

/** Makes the order of a flow once, however often this runs, and ties the recording to it. */
export async function makeOrder(
  { db, clock, recordings }: Records,
  call: CallFacts,
  state: FlowState,
  action: OrderAction,
): Promise<Outcome> {
  const order = await raiseOrder(db, clock, {
    kind: action.kind as NewWorkOrder['kind'],
    category: action.category,
    severity: action.severity,
    source: 'ivr',
    estateId: call.hotline.estateId,
    contactNumber: normaliseNumber(call.callerNumber),
    language: state.language,
    summary: action.summary,
    roomId: action.roomId,
    personId: action.personId,
    callId: call.id,
    idempotencyKey: `${call.id}:${state.step}`,
    actor: 'ivr',
    timeZone: call.hotline.timeZone,
  });
  if (action.recordingId !== undefined) await recordings.attach(action.recordingId, order.id);
  return {
    kind: 'result',
    result: 'ok',
    vars: { orderNumber: order.number, orderId: order.id, recordingId: '' },
  };
}
