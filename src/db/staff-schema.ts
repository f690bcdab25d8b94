import type { ColumnType, Generated } from 'kysely';
import type { Language } from '../core/language.ts';
import type { CreatedAt, Json, OptionalTime, Time } from './columns.ts';
import type { StaffRole } from '../contract/codes.ts';

export type { StaffRole } from '../contract/codes.ts';

type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;

export interface StaffTable {
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

/** Wrong passwords in a row, of a name from an address. */
export interface LoginGuardTable {
  username: string;
  address: string;
  failures: number;
  blockedUntil: OptionalTime;
  updatedAt: Time;
}

export interface StaffSessionTable {
  id: string;
  staffId: string;
  /** SHA-256 of the token; the token itself is never stored. */
  tokenHash: string;
  createdAt: CreatedAt;
  expiresAt: Time;
  userAgent: string;
  address: string;
}

/** Sites that somebody may see; none for all. */
export interface StaffSiteTable {
  staffId: string;
  estateId: string;
}

export interface AuditEntryTable {
  id: string;
  staffId: string | null;
  /** `recording.played`, `session.created` … */
  act: string;
  subject: string;
  details: Json<Record<string, unknown>>;
  at: Time;
}

/** Skills and reasons: a code with a name in both languages. */
export interface CodeTable {
  code: string;
  name: Json<Record<Language, string>>;
  isActive: Generated<boolean>;
  place: Generated<number>;
}

export interface StaffSkillTable {
  staffId: string;
  skill: string;
  /** 1–5. */
  level: number;
}
