/** How calls were answered, over many of them: `GET /reports/queues` and `/reports/agents`. */
import { Type, type Static } from 'typebox';
import { queueReportGroups } from '../codes.ts';
import { Instant, nullable, closed } from '../fields.ts';

const period = {
  /** The last 30 days unless told. */
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
};

export const QueueReportQuery = closed({
  by: Type.Enum(queueReportGroups),
  ...period,
});

export const AgentReportQuery = closed(period);

export const QueueReport = closed({
  items: Type.Array(
    closed({
      /** Id of queue or site, number of the hotline, day as `2026-11-25` or hour as `09`, both in Shanghai. */
      key: Type.String(),
      /** Callers who waited in a queue and do not wait any more; one who came back to it is one. Who was passed on to another is in `overflowed`. */
      offered: Type.Integer(),
      /** Wait now; not among those offered yet. */
      waiting: Type.Integer(),
      answered: Type.Integer(),
      abandoned: Type.Integer(),
      /** Abandoned within five seconds; they do not count against the service level. */
      abandonedShort: Type.Integer(),
      /** Chose to be called back. */
      callback: Type.Integer(),
      overflowed: Type.Integer(),
      /** Percent answered within the limit of their queue, of those offered less short abandons; one decimal. */
      serviceLevel: nullable(Type.Number()),
      /** Of those answered, whole seconds. */
      averageWaitSec: nullable(Type.Integer()),
      longestWaitSec: nullable(Type.Integer()),
      averageTalkSec: nullable(Type.Integer()),
    }),
  ),
});
export type QueueReport = Static<typeof QueueReport>;

export const AgentReport = closed({
  items: Type.Array(
    closed({
      /** Id of the member of staff. */
      key: Type.String(),
      name: Type.String(),
      /** How often their telephone rang for a caller and does not any more: answered, missed and withdrawn. */
      offered: Type.Integer(),
      answered: Type.Integer(),
      /** Declined, not answered in time, or not to be reached. */
      missed: Type.Integer(),
      /** Taken back before they could answer: the caller hung up, or somebody else took the call. */
      withdrawn: Type.Integer(),
      talks: Type.Integer(),
      talkSec: Type.Integer(),
      averageTalkSec: nullable(Type.Integer()),
      averageWrapUpSec: nullable(Type.Integer()),
    }),
  ),
});
export type AgentReport = Static<typeof AgentReport>;
