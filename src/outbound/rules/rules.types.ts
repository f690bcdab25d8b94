/**
 * What may keep us from calling somebody. Plain data in, a verdict out: whoever asks reads the rows in
 * the second before dialling, and these functions know neither database nor clock.
 */
import type {
  Caps,
  DoNotCallScope,
  MinuteRange,
  Purpose,
  RefusalCode,
} from '../../contract/call-rules.ts';

export type { Caps, MinuteRange, Purpose, RefusalCode };

/** Circumstances on a person's file in which a machine must not press them. */
export type SensitiveFlag = 'bereaved' | 'ill' | 'disputing' | 'in_court' | 'protected';

/** One entry of the do-not-call list that concerns this number or person. */
export interface DoNotCallEntry {
  scope: DoNotCallScope;
  /** Null: for good. */
  until: Date | null;
}

/** What the person chose (N5): which calls, and in which hours. */
export interface CallChoice {
  isWanted: boolean;
  /** They want to read it, and this campaign writes: no call before that was tried. */
  isWrittenFirst?: boolean;
  hours: MinuteRange | null;
}

/** An attempt that was made before on the same person and debt (or campaign, when there is no debt). */
export interface PastAttempt {
  at: Date;
  /** A person answered and was spoken to: what the daily cap of the national guideline counts. */
  isEffective: boolean;
}

/** A named person took the responsibility for calling outside the rules. */
export interface Override {
  approvedBy: string;
  approvedAt: Date;
  reason: string;
}

export interface RuleInput {
  purpose: Purpose;
  /** What it is about; see the table in contract/call-rules.ts. */
  topic?: string;
  now: Date;
  /** IANA zone of the called person's home. */
  zone: string;
  /** Digits only. */
  number: string;
  person: { isMinor: boolean; flags: readonly SensitiveFlag[] };
  doNotCall: readonly DoNotCallEntry[];
  choice: CallChoice;
  /** They asked for calls about this topic. */
  hasConsent: boolean;
  /** What is owed now; null when the call is not about a debt. */
  debt: { owedFen: number; promisedUntil: Date | null; isDisputed: boolean } | null;
  history: readonly PastAttempt[];
  attemptsInCampaign: number;
  caps: Caps;
  override: Override | null;
}

export interface Refusal {
  code: RefusalCode;
  /** When to ask again; null when asking again in this campaign is in vain. */
  retryAt: Date | null;
}

/** `refusals` holds every reason, the decisive one first; `overridden` those that an approver lifted. */
export type Verdict =
  | { may: true; overridden: readonly RefusalCode[] }
  | { may: false; code: RefusalCode; retryAt: Date | null; refusals: readonly Refusal[] };
