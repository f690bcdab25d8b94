import type { Generated } from 'kysely';
import type { CreatedAt, Json, OptionalJson, OptionalTime, Time } from './columns.ts';

/** What events, messages between processes and repeated requests leave in the database. */
export interface BackboneTables {
  idempotencyKey: IdempotencyKeyTable;
  outbox: OutboxTable;
  message: MessageTable;
  meta: MetaTable;
}

interface IdempotencyKeyTable {
  staffId: string;
  key: string;
  /** SHA-256 of method, path and body: the same key with another request is refused. */
  requestHash: string;
  status: number | null;
  body: OptionalJson<unknown>;
  createdAt: CreatedAt;
}

/** Events that happened, written in the transaction that made them true. */
interface OutboxTable {
  id: Generated<number>;
  name: string;
  payload: Json<unknown>;
  at: Time;
  publishedAt: OptionalTime;
}

/** Messages between processes that are too long for NOTIFY; gone after ten minutes. */
interface MessageTable {
  id: Generated<number>;
  payload: string;
  createdAt: CreatedAt;
}

interface MetaTable {
  key: string;
  value: string;
}
