import type { Time } from './columns.ts';

/** Calls to numbers outside. */
export interface DiallingTables {
  outsideCall: OutsideCallTable;
}

/** A call to a number outside that was asked for; campaigns have attempts instead. */
interface OutsideCallTable {
  id: string;
  at: Time;
  purpose: string;
  number: string;
  staffId: string | null;
  callId: string | null;
  /** Null when it was allowed. */
  refusal: string | null;
}
