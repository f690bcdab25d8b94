/** Who is logged in. */
import { Type } from 'typebox';
import { Instant, nullable, Uuid, closed } from './fields.ts';
import { Role } from './staff.ts';

export const MemberView = closed({
  id: Uuid,
  username: Type.String(),
  displayName: Type.String(),
  role: Role,
  /** Sites that they may see; null for all. */
  siteIds: nullable(Type.Array(Uuid)),
});

export const MeView = closed({
  ...MemberView.properties,
  permissions: Type.Array(Type.String()),
});

export const Credentials = closed({
  username: Type.String({ minLength: 1, maxLength: 64 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
  /** Of the authenticator app; asked for with `session.code_required`. */
  code: Type.Optional(Type.String({ maxLength: 12 })),
});

export const SessionView = closed({ staff: MemberView });
/** The token works as `Authorization: Bearer`; it is told this once. */
export const NewSession = closed({
  token: Type.String(),
  expiresAt: Instant,
  staff: MemberView,
});
