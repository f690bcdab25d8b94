import type { Selectable } from 'kysely';
import type { Database } from '../db/schema.ts';

/** Tables that the demo history fills, in an order in which each comes behind what it refers to. */
export const historyTables = [
  ...(['call', 'callLeg', 'callEvent', 'queueEntry', 'offer', 'engagement', 'alarm'] as const),
  ...(['workOrder', 'workOrderEvent', 'campaign', 'campaignEvent', 'campaignContact'] as const),
  ...(['attempt', 'outboundMessage', 'paymentPromise', 'debtDispute', 'doNotCall'] as const),
  ...(['surveyAnswer', 'outsideCall', 'bill', 'payment'] as const),
] as const;
export type HistoryTable = (typeof historyTables)[number];

/** A whole row, as it is read. */
export type RowOf<Table extends keyof Database> = Selectable<Database[Table]>;

/** Everything that happened, table by table; nothing but data. */
export type History = { [Table in HistoryTable]: RowOf<Table>[] };

export function emptyHistory(): History {
  return Object.fromEntries(historyTables.map((table) => [table, []])) as unknown as History;
}
