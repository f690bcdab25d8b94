/** Accounts and what people can do. */
import { Type, type Static } from 'typebox';
import { staffRoles } from './codes.ts';
import { CodeName } from './agents/agents.ts';
import {
  Instant,
  LanguageCode,
  Localised,
  NewLocalised,
  nullable,
  Uuid,
  closed,
  oneOf,
} from './fields.ts';
import { pageOf } from './pages.ts';

export const Role = oneOf(staffRoles);
export type Role = Static<typeof Role>;

const Username = Type.String({ pattern: '^[a-z][a-z0-9._-]{1,39}$' });
const DisplayName = Type.String({ minLength: 1, maxLength: 60 });
/** The rules are told by `staff.weak_password`. */
const Password = Type.String({ minLength: 1, maxLength: 200 });
/** Sites that somebody may see; empty for all. */
const SiteIds = Type.Array(Uuid, { maxItems: 200, uniqueItems: true });
export const TotpCode = Type.String({ pattern: '^[0-9]{6}$' });

/** One's own password, and a code of the app where one is in use. */
const Confirm = closed({ password: Password, code: Type.Optional(TotpCode) });

/** `POST /staff`; an administrator is made only with `confirm`. */
export const StaffRequest = closed({
  username: Username,
  displayName: DisplayName,
  role: Role,
  password: Password,
  siteIds: Type.Optional(SiteIds),
  confirm: Type.Optional(Confirm),
});

/** `PATCH /staff/:id`; `confirm` for a new administrator, an administrator's password, and a second factor. */
export const StaffChangeRequest = closed(
  {
    displayName: Type.Optional(DisplayName),
    role: Type.Optional(Role),
    password: Type.Optional(Password),
    isDisabled: Type.Optional(Type.Boolean()),
    /** Lifts a lock at once. */
    isUnlocked: Type.Optional(Type.Literal(true)),
    /** For somebody who has lost their authenticator app. */
    isSecondFactorRemoved: Type.Optional(Type.Literal(true)),
    siteIds: Type.Optional(SiteIds),
    confirm: Type.Optional(Confirm),
  },
  { additionalProperties: false, minProperties: 1 },
);

/** `PUT /me/password` */
export const PasswordRequest = closed({ current: Password, next: Password });

/** `POST /me/second-factor` answers with a secret; `PUT` with a code of it switches it on. */
export const SecondFactorRequest = closed(
  /** A code of the app in use, when there is one. */
  { password: Password, code: Type.Optional(TotpCode) },
);
export const SecondFactor = closed({ secret: Type.String(), uri: Type.String() });
export const SecondFactorConfirm = closed({ code: TotpCode });

/** `POST /skills`, `/break-reasons`, `/wrap-up-reasons` */
export const CodeRequest = closed({
  code: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
  name: NewLocalised,
  isActive: Type.Optional(Type.Boolean()),
});
/** `PATCH` of one of them; codes are never deleted, since records name them. */
export const CodeChangeRequest = closed(
  { name: Type.Optional(NewLocalised), isActive: Type.Optional(Type.Boolean()) },
  { additionalProperties: false, minProperties: 1 },
);

/** `PUT /agents/:staffId/skills` */
export const SkillsRequest = closed({
  skills: Type.Array(
    closed({
      skill: Type.String({ maxLength: 40 }),
      level: Type.Integer({ minimum: 1, maximum: 5 }),
    }),
    { maxItems: 50 },
  ),
});

const MinuteRange = closed({
  fromMinute: Type.Integer({ minimum: 0, maximum: 1439 }),
  toMinute: Type.Integer({ minimum: 1, maximum: 1440 }),
});
/** `PATCH /hotlines/:did`; minutes count from local midnight. */
export const HotlineChangeRequest = closed(
  {
    hours: Type.Optional(
      closed({
        workday: Type.Array(MinuteRange, { maxItems: 10 }),
        restday: Type.Array(MinuteRange, { maxItems: 10 }),
      }),
    ),
    greeting: Type.Optional(
      closed({
        'zh-CN': Type.String({ minLength: 1, maxLength: 500 }),
        en: Type.String({ minLength: 1, maxLength: 500 }),
      }),
    ),
    language: Type.Optional(Type.Union([Type.Literal('zh-CN'), Type.Literal('en')])),
    /** Where callers who want a person wait; null for the queue for everybody. */
    queueId: Type.Optional(nullable(Uuid)),
  },
  { additionalProperties: false, minProperties: 1 },
);

// -- answers ---------------------------------------------------------------------------------------

export const StaffView = closed({
  id: Uuid,
  username: Type.String(),
  displayName: Type.String(),
  role: Role,
  isDisabled: Type.Boolean(),
  lockedUntil: nullable(Instant),
  hasSecondFactor: Type.Boolean(),
  siteIds: Type.Array(Uuid),
  createdAt: Instant,
});
export const StaffPage = pageOf(StaffView);

export const LoginView = closed({
  id: Uuid,
  staffId: Uuid,
  username: Type.String(),
  displayName: Type.String(),
  createdAt: Instant,
  expiresAt: Instant,
  userAgent: Type.String(),
  address: Type.String(),
  isCurrent: Type.Boolean(),
});
export const LoginPage = pageOf(LoginView);

export const AuditView = closed({
  id: Uuid,
  staffId: nullable(Uuid),
  staffName: nullable(Type.String()),
  act: Type.String(),
  subject: Type.String(),
  /** What the act was done to and is called, while it still is; `pageId` is what its page is found by. */
  target: nullable(
    closed({
      kind: Type.String(),
      name: Type.String(),
      nameEn: nullable(Type.String()),
      pageId: nullable(Type.String()),
    }),
  ),
  details: Type.Record(Type.String(), Type.Unknown()),
  at: Instant,
});
export type AuditView = Static<typeof AuditView>;
export const AuditPage = pageOf(AuditView);

export const CodePage = pageOf(CodeName);

export const AgentPage = pageOf(
  closed({
    staffId: Uuid,
    username: Type.String(),
    displayName: Type.String(),
    skills: Type.Array(closed({ skill: Type.String(), level: Type.Integer() })),
    queueIds: Type.Array(Uuid),
  }),
);

export const StaffNamePage = pageOf(
  closed({ id: Uuid, username: Type.String(), displayName: Type.String() }),
);

const Ranges = Type.Array(closed({ fromMinute: Type.Integer(), toMinute: Type.Integer() }));
export const HotlineView = closed({
  did: Type.String(),
  estateId: Uuid,
  flowId: Type.String(),
  language: LanguageCode,
  greeting: Localised,
  hours: closed({ workday: Ranges, restday: Ranges }),
  queueId: nullable(Uuid),
  createdAt: Instant,
});
export const HotlinePage = pageOf(HotlineView);
