/** Who is logged in. */
import { Type } from 'typebox';
import { Instant, nullable, Uuid } from './fields.ts';
import { Role } from './staff.ts';

export const MemberView = Type.Object({
  id: Uuid,
  username: Type.String(),
  displayName: Type.String(),
  role: Role,
  /** Sites that they may see; null for all. */
  siteIds: nullable(Type.Array(Uuid)),
});

export const MeView = Type.Intersect([
  MemberView,
  Type.Object({ permissions: Type.Array(Type.String()) }),
]);

export const SessionView = Type.Object({ staff: MemberView });
/** The token works as `Authorization: Bearer`; it is told this once. */
export const NewSession = Type.Object({
  token: Type.String(),
  expiresAt: Instant,
  staff: MemberView,
});
