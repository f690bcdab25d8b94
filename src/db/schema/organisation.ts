import type { ColumnType, Generated, Selectable } from 'kysely';
import type { StaffRole } from '../../contract/codes.ts';
import type { Language } from '../../core/language.ts';
import type { CreatedAt, Json, OptionalTime, Time } from './columns.ts';

/** Accounts, what people can do, and who did what. */
export interface OrganisationTables {
  staff: StaffTable;
  staffSession: StaffSessionTable;
  loginGuard: LoginGuardTable;
  staffSite: StaffSiteTable;
  staffSkill: StaffSkillTable;
  skill: CodeTable;
  breakReason: CodeTable;
  wrapUpReason: CodeTable;
  auditEntry: AuditEntryTable;
}

type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;

interface StaffTable {
  id: string;
  username: string;
  displayName: string;
  role: StaffRole;
  passwordHash: string;
  passwordChangedAt: ColumnType<Date, Date | undefined, Date>;
  failedLogins: Generated<number>;
  lockedUntil: OptionalTime;
  isDisabled: Generated<boolean>;
  /** Made by the demo, with a password that all of them share. */
  isDemo: Generated<boolean>;
  /** Sealed base32; counts once `totpEnabledAt` is set. */
  totpSecret: Nullable<string>;
  totpEnabledAt: OptionalTime;
  totpLastStep: Nullable<number>;
  /** Sealed, like `totpSecret`. */
  totpPending: Nullable<string>;
  totpFailures: Generated<number>;
  totpBlockedUntil: OptionalTime;
  createdAt: CreatedAt;
}

interface StaffSessionTable {
  id: string;
  staffId: string;
  /** SHA-256 of the token; the token itself is never stored. */
  tokenHash: string;
  createdAt: CreatedAt;
  expiresAt: Time;
  userAgent: string;
  address: string;
}

/** Wrong passwords in a row, of a name from an address. */
interface LoginGuardTable {
  username: string;
  address: string;
  failures: number;
  blockedUntil: OptionalTime;
  updatedAt: Time;
}

/** Sites that somebody may see; none for all. */
interface StaffSiteTable {
  staffId: string;
  estateId: string;
}

interface StaffSkillTable {
  staffId: string;
  skill: string;
  /** 1–5. */
  level: number;
}

/** Skills and reasons: a code with a name in both languages. */
interface CodeTable {
  code: string;
  name: Json<Record<Language, string>>;
  isActive: Generated<boolean>;
  place: Generated<number>;
}

interface AuditEntryTable {
  id: string;
  staffId: string | null;
  /** `recording.played`, `session.created` … */
  act: string;
  subject: string;
  details: Json<Record<string, unknown>>;
  at: Time;
}

export type Staff = Selectable<StaffTable>;
