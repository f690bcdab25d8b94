/** Queues: where callers wait for people. */
import { Type, type Static } from 'typebox';
import { queueStrategies } from '../codes.ts';
import { Instant, NewLocalised, nullable, oneOf, PhoneNumber, Uuid, closed } from '../fields.ts';

export const Strategy = oneOf(queueStrategies);
export type Strategy = Static<typeof Strategy>;

export const QueueSettings = closed({
  name: NewLocalised,
  strategy: Strategy,
  /** Every skill is needed at that level (1–5) or above. */
  skills: Type.Array(
    closed({
      skill: Type.String({ maxLength: 40 }),
      minLevel: Type.Integer({ minimum: 1, maximum: 5 }),
    }),
    { maxItems: 10 },
  ),
  /** Base priority, 0–100; a caller's own priority and their wait are added. */
  priority: Type.Integer({ minimum: 0, maximum: 100 }),
  /** Priority gained per minute of waiting. */
  ageingPerMinute: Type.Number({ minimum: 0, maximum: 100 }),
  offerSec: Type.Integer({ minimum: 5, maximum: 120 }),
  wrapUpSec: nullable(Type.Integer({ minimum: 0, maximum: 900 })),
  /** After this wait, or when so many wait already, the caller goes to `overflow`. */
  maxWaitSec: nullable(Type.Integer({ minimum: 10, maximum: 7200 })),
  maxLength: nullable(Type.Integer({ minimum: 1, maximum: 10_000 })),
  overflow: Type.Union([
    Type.Literal('message'),
    Type.Literal('callback'),
    closed({ queueId: Uuid }),
  ]),
  /** Position and expected wait are spoken so often; null for never. */
  announceEverySec: nullable(Type.Integer({ minimum: 15, maximum: 600 })),
  /** Service level: answered within so many seconds, and the share aimed at in percent. */
  serviceLevelSec: Type.Integer({ minimum: 1, maximum: 600 }),
  serviceLevelTarget: Type.Integer({ minimum: 1, maximum: 100 }),
  /** Whether a caller whose agent has hung up is asked for a mark; not when absent. */
  asksForMark: Type.Optional(Type.Boolean()),
  isActive: Type.Boolean(),
});
export type QueueSettings = Static<typeof QueueSettings>;

export const QueueView = closed({
  queueId: Uuid,
  code: Type.String(),
  ...QueueSettings.properties,
});
export type QueueView = Static<typeof QueueView>;

/** `GET /queues` */
export const QueueListItem = closed({
  queueId: Uuid,
  code: Type.String(),
  ...QueueSettings.properties,
  /** Whoever serves it; `place` counts where the strategy is `top_down`. */
  members: Type.Array(closed({ staffId: Uuid, place: Type.Integer() })),
});
export type QueueListItem = Static<typeof QueueListItem>;

/** `POST /queues` */
export const QueueRequest = closed({
  code: Type.String({ pattern: '^[a-z][a-z0-9-]{0,39}$' }),
  ...QueueSettings.properties,
});
/** `PATCH /queues/:id` */
export const QueueChange = Type.Partial(QueueSettings, { additionalProperties: false });
/** `PUT /queues/:id/members` */
export const QueueMembersRequest = closed({ staffIds: Type.Array(Uuid, { maxItems: 2000 }) });

/** Live figures of a queue. Service level is answered within the limit ÷ (offered − abandoned before 5 s). */
export const QueueFigures = closed({
  queueId: Uuid,
  waiting: Type.Integer(),
  longestWaitSince: nullable(Instant),
  agentsAvailable: Type.Integer(),
  agentsTalking: Type.Integer(),
  agentsOnBreak: Type.Integer(),
  offeredToday: Type.Integer(),
  answeredToday: Type.Integer(),
  abandonedToday: Type.Integer(),
  /** Percent; null before the first call. */
  serviceLevel: nullable(Type.Number()),
  averageWaitSec: nullable(Type.Number()),
});
export type QueueFigures = Static<typeof QueueFigures>;

export const WaitingView = closed({
  callId: Uuid,
  queueId: Uuid,
  position: Type.Integer(),
  priority: Type.Number(),
  enteredAt: Instant,
  callerNumber: PhoneNumber,
  isNumberVerified: Type.Boolean(),
  callerName: nullable(Type.String()),
  isVip: Type.Boolean(),
  isEmergency: Type.Boolean(),
  offeredTo: Type.Array(Uuid),
});
export type WaitingView = Static<typeof WaitingView>;
