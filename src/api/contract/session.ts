/** Who is logged in. */
import { Type } from 'typebox';
import { Instant, Uuid } from './fields.ts';

export const MemberView = Type.Object({
  id: Uuid,
  username: Type.String(),
  displayName: Type.String(),
  role: Type.Union([Type.Literal('admin'), Type.Literal('supervisor'), Type.Literal('agent')]),
});

export const SessionView = Type.Object({ staff: MemberView });
/** The token works as `Authorization: Bearer`; it is told this once. */
export const NewSession = Type.Object({
  token: Type.String(),
  expiresAt: Instant,
  staff: MemberView,
});
