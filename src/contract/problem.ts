/** How every refusal looks: RFC 9457 with our stable `code`, see docs/errors.md. */
import { Type, type Static } from 'typebox';

export const Problem = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    /** What is wrong and how to mend it. */
    detail: Type.String(),
    code: Type.String(),
  },
  { additionalProperties: true, description: 'RFC 9457 problem details with a stable code' },
);
export type Problem = Static<typeof Problem>;
