/** Work orders: what somebody asked for, and how far it is. */
import { Type, type Static } from 'typebox';
import {
  orderSources,
  orderStepKinds,
  severities,
  workOrderKinds,
  workOrderStates,
} from './codes.ts';
import { Instant, LanguageCode, nullable, PhoneNumber, Uuid, closed, oneOf } from './fields.ts';
import { pageOf, pageQuery, SearchText } from './pages.ts';

export const WorkOrderKindCode = oneOf(workOrderKinds);

export const WorkOrderStateCode = oneOf(workOrderStates);

export const SeverityCode = oneOf(severities);

const Category = Type.String({ minLength: 1, maxLength: 60, pattern: '^[\\w.-]+$' });
const Summary = Type.String({ maxLength: 2000 });
const Note = Type.String({ maxLength: 4000 });

export const WorkOrderView = closed({
  id: Uuid,
  /** Spoken on the phone: `261122-0037`. */
  number: Type.String(),
  kind: WorkOrderKindCode,
  category: Type.String(),
  state: WorkOrderStateCode,
  severity: SeverityCode,
  source: oneOf(orderSources),
  estateId: Uuid,
  roomId: nullable(Uuid),
  /** `3栋2单元1201`. */
  roomLabel: nullable(Type.String()),
  personId: nullable(Uuid),
  callId: nullable(Uuid),
  /** Empty when nobody left one. */
  contactNumber: Type.String(),
  language: LanguageCode,
  summary: Type.String(),
  createdAt: Instant,
  updatedAt: Instant,
  recordings: Type.Array(
    closed({
      id: Uuid,
      purpose: Type.String(),
      durationMs: nullable(Type.Integer()),
      missingMs: nullable(Type.Integer()),
    }),
  ),
});
export type WorkOrderView = Static<typeof WorkOrderView>;

/** One step of an order's life. A note and an edit keep the state. */
export const WorkOrderStep = closed({
  kind: oneOf(orderStepKinds),
  fromState: nullable(WorkOrderStateCode),
  toState: WorkOrderStateCode,
  /** `ivr`, `staff:<id>`, `system`. */
  actor: Type.String(),
  note: Type.String(),
  /** Of an edit: what each field was and became. */
  changes: Type.Record(Type.String(), closed({ from: Type.String(), to: Type.String() })),
  at: Instant,
});
export type WorkOrderStep = Static<typeof WorkOrderStep>;

export const WorkOrderDetail = closed({
  ...WorkOrderView.properties,
  events: Type.Array(WorkOrderStep),
  /** States that this order may take next, by whoever asks. */
  nextStates: Type.Array(WorkOrderStateCode),
});
export type WorkOrderDetail = Static<typeof WorkOrderDetail>;

export const WorkOrderPage = pageOf(WorkOrderView);
export type WorkOrderPage = Static<typeof WorkOrderPage>;

export const WorkOrderQuery = closed({
  ...pageQuery,
  kind: Type.Optional(Type.String({ maxLength: 40 })),
  state: Type.Optional(Type.String({ maxLength: 40 })),
  estateId: Type.Optional(Uuid),
  /** Number, home, person, telephone number, id of the call, or words of one of the latest orders. */
  q: Type.Optional(SearchText),
  roomId: Type.Optional(Uuid),
  personId: Type.Optional(Uuid),
  callId: Type.Optional(Uuid),
});

export const WorkOrderNumber = closed({
  number: Type.String({ pattern: '^\\d{6}-\\d{4,}$' }),
});

/** The site follows from the room, or else from the call; without both, `estateId` names it. */
export const NewWorkOrder = closed({
  kind: WorkOrderKindCode,
  category: Category,
  summary: Summary,
  severity: Type.Optional(SeverityCode),
  estateId: Type.Optional(Uuid),
  roomId: Type.Optional(Uuid),
  personId: Type.Optional(Uuid),
  callId: Type.Optional(Uuid),
  /** Default: the caller's number. */
  contactNumber: Type.Optional(PhoneNumber),
  /** Default: the caller's or the person's language. */
  language: Type.Optional(LanguageCode),
  /** `agent` when a person took it down, `api` when a program made it. Default `agent`. */
  source: Type.Optional(Type.Union([Type.Literal('agent'), Type.Literal('api')])),
});
export type NewWorkOrder = Static<typeof NewWorkOrder>;

export const WorkOrderTransition = closed({
  to: WorkOrderStateCode,
  note: Type.Optional(Note),
  /** What the asker saw; another state by now is answered `work_order.changed`. */
  expectedState: Type.Optional(WorkOrderStateCode),
});
export type WorkOrderTransition = Static<typeof WorkOrderTransition>;

export const WorkOrderNote = closed({ note: Type.String({ minLength: 1, maxLength: 4000 }) });

export const WorkOrderEdit = closed(
  {
    summary: Type.Optional(Summary),
    kind: Type.Optional(WorkOrderKindCode),
    category: Type.Optional(Category),
    severity: Type.Optional(SeverityCode),
    /** `updatedAt` as the asker saw it; a later one is answered `work_order.changed`. */
    expectedUpdatedAt: Type.Optional(Instant),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type WorkOrderEdit = Static<typeof WorkOrderEdit>;
