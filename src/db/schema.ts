import type { AgentTables } from './schema/agents.ts';
import type { BackboneTables } from './schema/backbone.ts';
import type { ContentTables } from './schema/content.ts';
import type { CallTables } from './schema/cti.ts';
import type { DiallingTables } from './schema/dialling.ts';
import type { FaxTables } from './schema/faxes.ts';
import type { MessagingTables } from './schema/messaging.ts';
import type { OrganisationTables } from './schema/organisation.ts';
import type { OutboundTables } from './schema/outbound.ts';
import type { PropertyTables } from './schema/property.ts';
import type { RecordingTables } from './schema/recording.ts';
import type { WorkOrderTables } from './schema/workorders.ts';

export type * from '../contract/codes.ts';
export type * from './schema/agents.ts';
export type * from './schema/backbone.ts';
export type * from './schema/content.ts';
export type * from './schema/cti.ts';
export type * from './schema/dialling.ts';
export type * from './schema/faxes.ts';
export type * from './schema/messaging.ts';
export type * from './schema/organisation.ts';
export type * from './schema/outbound.ts';
export type * from './schema/property.ts';
export type * from './schema/recording.ts';
export type * from './schema/workorders.ts';

/**
 * Every table, as code sees it (camelCase; the tables themselves are snake_case, one noun each), from a file a wing.
 * Ids are UUIDv7 made by us, money is integer fen, time is timestamptz, a day is `YYYY-MM-DD` text.
 */
export interface Database
  extends
    OrganisationTables,
    PropertyTables,
    WorkOrderTables,
    ContentTables,
    MessagingTables,
    CallTables,
    RecordingTables,
    DiallingTables,
    FaxTables,
    AgentTables,
    OutboundTables,
    BackboneTables {}
