/** Calls and what was recorded of them. */
import { Type } from 'typebox';
import { callDirections, missedOffers, recordingStates } from '../codes.ts';
import { Instant, LanguageCode, nullable, Uuid, closed, oneOf } from '../fields.ts';
import { pageOf, pageQuery } from '../pages.ts';

export const CallView = closed({
  id: Uuid,
  direction: oneOf(callDirections),
  state: Type.String(),
  did: Type.String(),
  estateId: nullable(Uuid),
  callerNumber: Type.String(),
  /** A carrier vouched for the number, or we dialled it. */
  isNumberVerified: Type.Boolean(),
  language: LanguageCode,
  personId: nullable(Uuid),
  /** Of whoever was identified; null when nobody was. */
  personName: nullable(Type.String()),
  roomId: nullable(Uuid),
  flowId: nullable(Type.String()),
  flowVersion: nullable(Type.Integer()),
  switchNode: Type.String(),
  startedAt: Instant,
  answeredAt: nullable(Instant),
  endedAt: nullable(Instant),
  /** Q.850 in the switch's words: `NORMAL_CLEARING`. */
  hangupCause: nullable(Type.String()),
  outcome: nullable(Type.String()),
  /** Who has talked in it, in that order. */
  agents: Type.Array(closed({ staffId: Uuid, displayName: Type.String() })),
  /** How the reader missed it when it rang at them last; null when they talked in it, or it never rang. */
  missed: nullable(oneOf(missedOffers)),
});
export const CallPage = pageOf(CallView);
export const CallDetail = closed({
  ...CallView.properties,
  /** Marks that the caller gave, 0–10 by the survey's own scale; `service` has 1–5. */
  marks: Type.Array(
    closed({
      survey: Type.String(),
      score: Type.Integer(),
      at: Instant,
      /** Whom it is for. */
      staffName: nullable(Type.String()),
    }),
  ),
  events: Type.Array(
    closed({
      seq: Type.Integer(),
      at: Instant,
      kind: Type.String(),
      data: Type.Unknown(),
    }),
  ),
});

export const RecordingView = closed({
  id: Uuid,
  callId: Uuid,
  legId: Uuid,
  workOrderId: nullable(Uuid),
  purpose: Type.String(),
  state: oneOf(recordingStates),
  channels: Type.Integer(),
  startedAt: Instant,
  endedAt: nullable(Instant),
  durationMs: nullable(Type.Integer()),
  bytes: nullable(Type.Integer()),
  sha256: nullable(Type.String()),
  /** What its end lacks; null when it is whole. */
  missingMs: nullable(Type.Integer()),
});
export const RecordingPage = pageOf(RecordingView);
export const RecordingQuery = closed({
  ...pageQuery,
  callId: Type.Optional(Uuid),
  estateId: Type.Optional(Uuid),
});
