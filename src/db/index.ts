/**
 * The database: table types, the pool, transactions, migrations and cursor pages.
 * It knows no business rules; each folder writes its own SQL in `*.repository.ts`.
 */
export {
  canConnect,
  createDatabase,
  emit,
  isUnreachable,
  installationId,
  isAnswering,
  openPool,
  outboxRow,
  within,
  type Db,
  type Pool,
} from './database.ts';
export { takeLock, type HeldLock, type LockOptions } from './lock.ts';
export {
  deleteChunk,
  inChunks,
  makeCallEventPartitions,
  removeOldMessages,
  removeOldOutsideCalls,
  removePublishedEvents,
} from './housekeeping.ts';
export {
  answerOf,
  completeKey,
  keepAnswer,
  NamedLocks,
  removeOldIdempotencyKeys,
  reserveKey,
  type KeyOfWrite,
} from './idempotency-keys.ts';
export { DatabaseLink } from './link.ts';
export { migrate } from './migrate.ts';
export { peopleIn } from './people-in.ts';
export { parsePage, toPage, type Page, type PagePosition, type PageRequest } from './pages.ts';
export {
  allInSites,
  callInSites,
  colleagueInSites,
  doNotCallInSites,
  doNotCallOnlyInSites,
  faxInSites,
  inSites,
  personInSites,
  staffInSites,
  type Sites,
  type SiteThing,
} from './sites.ts';
export {
  areInScope,
  callsWithOwn,
  forPeople,
  forWrites,
  inScope,
  narrowedBy,
  Scope,
  withoutSites,
  type ForPeople,
  type ForWrites,
  type Readable,
  type ReadItByInScope,
  type SiteTable,
} from './scope.ts';
export { openPostgresMessages } from './postgres-messages.ts';
export { OutboxRelay } from './relay.ts';
export type * from './schema.ts';
export { SteadyClient } from './steady-client.ts';
