/** Accounts and what people can do. */
import { Type, type Static } from 'typebox';
import { CodeName } from './agents.ts';
import { Instant, LanguageCode, Localised, NewLocalised, nullable, Uuid } from './fields.ts';
import { pageOf } from './pages.ts';

export const Role = Type.Union([
  Type.Literal('admin'),
  Type.Literal('supervisor'),
  Type.Literal('agent'),
  Type.Literal('office'),
]);
export type Role = Static<typeof Role>;

const Username = Type.String({ pattern: '^[a-z][a-z0-9._-]{1,39}$' });
const DisplayName = Type.String({ minLength: 1, maxLength: 60 });
/** The rules are told by `staff.weak_password`. */
const Password = Type.String({ minLength: 1, maxLength: 200 });
/** Sites that somebody may see; empty for all. */
const SiteIds = Type.Array(Uuid, { maxItems: 200, uniqueItems: true });
export const TotpCode = Type.String({ pattern: '^[0-9]{6}$' });

/** One's own password, and a code of the app where one is in use. */
const Confirm = Type.Object(
  { password: Password, code: Type.Optional(TotpCode) },
  { additionalProperties: false },
);

/** `POST /staff`; an administrator is made only with `confirm`. */
export const StaffRequest = Type.Object(
  {
    username: Username,
    displayName: DisplayName,
    role: Role,
    password: Password,
    siteIds: Type.Optional(SiteIds),
    confirm: Type.Optional(Confirm),
  },
  { additionalProperties: false },
);

/** `PATCH /staff/:id`; `confirm` for a new administrator, an administrator's password, and a second factor. */
export const StaffChangeRequest = Type.Object(
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
export const PasswordRequest = Type.Object(
  { current: Password, next: Password },
  { additionalProperties: false },
);

/** `POST /me/second-factor` answers with a secret; `PUT` with a code of it switches it on. */
export const SecondFactorRequest = Type.Object(
  /** A code of the app in use, when there is one. */
  { password: Password, code: Type.Optional(TotpCode) },
  { additionalProperties: false },
);
export const SecondFactor = Type.Object({ secret: Type.String(), uri: Type.String() });
export const SecondFactorConfirm = Type.Object({ code: TotpCode }, { additionalProperties: false });

/** `POST /skills`, `/break-reasons`, `/wrap-up-reasons` */
export const CodeRequest = Type.Object(
  {
    code: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
    name: NewLocalised,
    isActive: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
/** `PATCH` of one of them; codes are never deleted, since records name them. */
export const CodeChangeRequest = Type.Object(
  { name: Type.Optional(NewLocalised), isActive: Type.Optional(Type.Boolean()) },
  { additionalProperties: false, minProperties: 1 },
);

/** `PUT /agents/:staffId/skills` */
export const SkillsRequest = Type.Object(
  {
    skills: Type.Array(
      Type.Object(
        {
          skill: Type.String({ maxLength: 40 }),
          level: Type.Integer({ minimum: 1, maximum: 5 }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 50 },
    ),
  },
  { additionalProperties: false },
);

const MinuteRange = Type.Object(
  {
    fromMinute: Type.Integer({ minimum: 0, maximum: 1439 }),
    toMinute: Type.Integer({ minimum: 1, maximum: 1440 }),
  },
  { additionalProperties: false },
);
/** `PATCH /hotlines/:did`; minutes count from local midnight. */
export const HotlineChangeRequest = Type.Object(
  {
    hours: Type.Optional(
      Type.Object(
        {
          workday: Type.Array(MinuteRange, { maxItems: 10 }),
          restday: Type.Array(MinuteRange, { maxItems: 10 }),
        },
        { additionalProperties: false },
      ),
    ),
    greeting: Type.Optional(
      Type.Object(
        {
          'zh-CN': Type.String({ minLength: 1, maxLength: 500 }),
          en: Type.String({ minLength: 1, maxLength: 500 }),
        },
        { additionalProperties: false },
      ),
    ),
    language: Type.Optional(Type.Union([Type.Literal('zh-CN'), Type.Literal('en')])),
    /** Where callers who want a person wait; null for the queue for everybody. */
    queueId: Type.Optional(nullable(Uuid)),
  },
  { additionalProperties: false, minProperties: 1 },
);

// -- answers ---------------------------------------------------------------------------------------

export const StaffView = Type.Object({
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

export const LoginView = Type.Object({
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

export const AuditView = Type.Object({
  id: Uuid,
  staffId: nullable(Uuid),
  staffName: nullable(Type.String()),
  act: Type.String(),
  subject: Type.String(),
  /** What the act was done to and is called, while it still is; `pageId` is what its page is found by. */
  target: nullable(
    Type.Object({
      kind: Type.String(),
      name: Type.String(),
      nameEn: nullable(Type.String()),
      pageId: nullable(Type.String()),
    }),
  ),
  details: Type.Record(Type.String(), Type.Unknown()),
  at: Instant,
});
export const AuditPage = pageOf(AuditView);

export const CodePage = pageOf(CodeName);

export const AgentPage = pageOf(
  Type.Object({
    staffId: Uuid,
    username: Type.String(),
    displayName: Type.String(),
    skills: Type.Array(Type.Object({ skill: Type.String(), level: Type.Integer() })),
    queueIds: Type.Array(Uuid),
  }),
);

export const StaffNamePage = pageOf(
  Type.Object({ id: Uuid, username: Type.String(), displayName: Type.String() }),
);

const Ranges = Type.Array(Type.Object({ fromMinute: Type.Integer(), toMinute: Type.Integer() }));
export const HotlineView = Type.Object({
  did: Type.String(),
  estateId: Uuid,
  flowId: Type.String(),
  language: LanguageCode,
  greeting: Localised,
  hours: Type.Object({ workday: Ranges, restday: Ranges }),
  queueId: nullable(Uuid),
  createdAt: Instant,
});
export const HotlinePage = pageOf(HotlineView);
