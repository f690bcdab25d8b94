import type { ColumnType, Generated, Insertable, Selectable } from 'kysely';
import type {
  OrderSource,
  OrderStepKind,
  Severity,
  WorkOrderKind,
  WorkOrderState,
} from '../../contract/codes.ts';
import type { Language } from '../../core/language.ts';
import type { Time } from './columns.ts';

/** Work orders and their steps. */
export interface WorkOrderTables {
  workOrder: WorkOrderTable;
  workOrderEvent: WorkOrderEventTable;
  workOrderCounter: WorkOrderCounterTable;
}

interface WorkOrderTable {
  id: string;
  /** Spoken number, `261122-0037`: local day and a counter from 1. */
  number: string;
  kind: WorkOrderKind;
  /** Within the kind: for repairs `water`, `electricity`, `gas`, `house`, `other`. */
  category: string;
  state: WorkOrderState;
  severity: Severity;
  source: OrderSource;
  estateId: string;
  roomId: string | null;
  personId: string | null;
  callId: string | null;
  contactNumber: string;
  language: Language;
  summary: string;
  /** One order a key, whatever is retried: `<callId>:<step>` for a flow. */
  idempotencyKey: string | null;
  createdAt: Time;
  updatedAt: Time;
}

interface WorkOrderEventTable {
  id: string;
  workOrderId: string;
  fromState: WorkOrderState | null;
  toState: WorkOrderState;
  /** A note and an edit keep the state. */
  kind: Generated<OrderStepKind>;
  /** Of an edit: each field, as it was and as it became. */
  changes: ColumnType<Record<string, { from: string; to: string }>, string | undefined, never>;
  /** `ivr`, `staff:<id>`, `system`. */
  actor: string;
  note: string;
  at: Time;
}

interface WorkOrderCounterTable {
  day: string;
  last: number;
}

export type WorkOrder = Selectable<WorkOrderTable>;
export type NewWorkOrder = Insertable<WorkOrderTable>;
