import type { ColumnType, Selectable } from 'kysely';
import type { RecordingState } from '../../contract/codes.ts';
import type { OptionalJson, OptionalTime, Time } from './columns.ts';

/** Recordings of calls. */
export interface RecordingTables {
  recording: RecordingTable;
}

export type RecordingPurpose = 'call' | 'repair' | 'message' | 'complaint' | 'suggestion';

/** The row is written before the first sample, so that no audio is ever without its owner. */
interface RecordingTable {
  id: string;
  callId: string;
  legId: string;
  workOrderId: string | null;
  purpose: RecordingPurpose;
  state: RecordingState;
  /** Relative to the recordings folder. */
  path: string;
  channels: number;
  startedAt: Time;
  endedAt: OptionalTime;
  durationMs: number | null;
  bytes: ColumnType<number | null, number | null | undefined, number | null>;
  sha256: string | null;
  /** What its end lacks, since the disk was full or the switch died; null when it is whole. */
  missingMs: ColumnType<number | null, number | null | undefined, number | null>;
  /** What the flow was doing, to finish the caller's wish when call and service died together. */
  resume: OptionalJson<unknown>;
}

export type Recording = Selectable<RecordingTable>;
