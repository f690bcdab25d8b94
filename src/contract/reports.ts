/** Figures over many calls. */
import { Type } from 'typebox';
import { satisfactionGroups } from './codes.ts';
import { Instant, closed } from './fields.ts';

/** `GET /reports/satisfaction`: marks that callers gave after a talk, in the last 30 days unless told. */
export const SatisfactionQuery = closed({
  by: Type.Enum(satisfactionGroups),
  from: Type.Optional(Instant),
  to: Type.Optional(Instant),
});

export const SatisfactionReport = closed({
  items: Type.Array(
    closed({
      /** Id of queue or agent, number of the hotline, or day as `2026-11-25` in Shanghai. */
      key: Type.String(),
      name: Type.String(),
      marks: Type.Integer(),
      /** Two decimals, 1 to 5. */
      average: Type.Number(),
      /** How often each mark was given. */
      scores: Type.Record(Type.String(), Type.Integer()),
    }),
  ),
});
