import { ordersNamed, type Asked } from '../lookup/index.ts';
import { inScope, type Readable, type Scope, type WorkOrder } from '../db/index.ts';

export interface OrderFilter {
  kind?: WorkOrder['kind'] | undefined;
  state?: WorkOrder['state'] | undefined;
  estateId?: string | undefined;
  roomId?: string | undefined;
  personId?: string | undefined;
  callId?: string | undefined;
}

/** Newest first; `before` is the last id of the page before. */
export async function ordersPage(
  scope: Scope,
  db: Readable,
  { asked, ...filter }: OrderFilter & { asked: Asked },
  limit: number,
  before: string | undefined,
): Promise<WorkOrder[]> {
  let rows = inScope(db, scope, 'workOrder').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  const { kind, state, estateId, roomId, personId, callId } = filter;
  if (kind !== undefined) rows = rows.where('kind', '=', kind);
  if (state !== undefined) rows = rows.where('state', '=', state);
  if (estateId !== undefined) rows = rows.where('estateId', '=', estateId);
  if (roomId !== undefined) rows = rows.where('roomId', '=', roomId);
  if (personId !== undefined) rows = rows.where('personId', '=', personId);
  if (callId !== undefined) rows = rows.where('callId', '=', callId);
  if (asked.q.trim() !== '') rows = rows.where(await ordersNamed(scope, db, asked));
  return rows.execute();
}
