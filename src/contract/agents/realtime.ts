/**
 * The socket at `GET /api/v1/events` (websocket; cookie or bearer). The server speaks first with
 * `snapshot`, then sends changes in order of `seq`. A client that comes back says `?epoch=…&after=<seq>`:
 * what it missed is sent again, or a new snapshot when that is no longer known. Each recipient gets what
 * their role and sites allow; a client that does not keep up is cut off and comes back for a snapshot.
 */
import { Type, type Static } from 'typebox';
import { alarmKinds, callDirections, callStates } from '../codes.ts';
import { AgentView, DeskView } from './agents.ts';
import { Instant, nullable, PhoneNumber, Uuid, closed, oneOf } from '../fields.ts';
import { QueueFigures, WaitingView } from './queues.ts';

export const LiveCallView = closed({
  callId: Uuid,
  direction: oneOf(callDirections),
  state: oneOf(callStates),
  did: Type.String(),
  estateId: nullable(Uuid),
  callerNumber: PhoneNumber,
  isNumberVerified: Type.Boolean(),
  callerName: nullable(Type.String()),
  startedAt: Instant,
  stateSince: Instant,
  queueId: nullable(Uuid),
  staffIds: Type.Array(Uuid),
  supervisors: Type.Array(Uuid),
});
export type LiveCallView = Static<typeof LiveCallView>;

export const AlarmView = closed({
  alarmId: Uuid,
  kind: oneOf(alarmKinds),
  raisedAt: Instant,
  callId: nullable(Uuid),
  queueId: nullable(Uuid),
  /** Facts for the text that the client writes in its language. */
  details: Type.Record(Type.String(), Type.Unknown()),
  /** Who confirmed it, by screen or by key on the telephone. */
  acknowledgedBy: nullable(Type.String()),
  acknowledgedAt: nullable(Instant),
  clearedAt: nullable(Instant),
});
export type AlarmView = Static<typeof AlarmView>;

export const ServerMessage = Type.Union([
  closed({
    seq: Type.Integer(),
    type: Type.Literal('snapshot'),
    epoch: Type.String(),
    now: Instant,
    /** Null for staff without a desk (office, administrators who took no seat). */
    desk: nullable(DeskView),
    agents: Type.Array(AgentView),
    queues: Type.Array(QueueFigures),
    waiting: Type.Array(WaitingView),
    calls: Type.Array(LiveCallView),
    alarms: Type.Array(AlarmView),
  }),
  /** The recipient's own desk, whole: offers, calls, drafts, wrap-up. */
  closed({ seq: Type.Integer(), type: Type.Literal('desk'), desk: DeskView }),
  closed({ seq: Type.Integer(), type: Type.Literal('agent'), agent: AgentView }),
  closed({ seq: Type.Integer(), type: Type.Literal('queue'), queue: QueueFigures }),
  closed({
    seq: Type.Integer(),
    type: Type.Literal('waiting'),
    queueId: Uuid,
    waiting: Type.Array(WaitingView),
  }),
  closed({ seq: Type.Integer(), type: Type.Literal('call'), call: LiveCallView }),
  closed({ seq: Type.Integer(), type: Type.Literal('alarm'), alarm: AlarmView }),
  closed({
    seq: Type.Integer(),
    type: Type.Literal('event'),
    /** An outbox event, e.g. `workOrder.raised`. */
    name: Type.String(),
    payload: Type.Unknown(),
    at: Instant,
  }),
]);
export type ServerMessage = Static<typeof ServerMessage>;

/** The client sends nothing but this, every 20 s; the server answers with the same. */
export const Beat = closed({ type: Type.Literal('beat') });
