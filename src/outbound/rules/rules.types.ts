/**
 * What may keep us from calling somebody. Plain data in, a verdict out: whoever asks reads the rows in
 * the second before dialling, and these functions know neither database nor clock.
 */

/** Why we call; the rules differ by it. Marketing needs consent, collection has caps. */
export type Purpose = 'collection' | 'service' | 'research' | 'marketing' | 'emergency';

/** Circumstances on a person's file in which a machine must not press them. */
export type SensitiveFlag = 'bereaved' | 'ill' | 'disputing' | 'in_court' | 'protected';

export interface MinuteRange {
  /** Minutes from local midnight, the end not included; an end before the start runs over midnight. */
  fromMinute: number;
  toMinute: number;
}

/** One entry of the do-not-call list that concerns this number or person. */
export interface DoNotCallEntry {
  scope: 'all' | Purpose;
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

export interface Caps {
  /** Effective calls a local calendar day on one person and debt. */
  effectivePerDay: number;
  attemptsPerDay: number;
  /** Attempts within any seven days. */
  attemptsPerWeek: number;
  /** Attempts of this campaign, over all numbers of the household. */
  attemptsPerCampaign: number;
}

/** A named person took the responsibility for calling outside the rules. */
export interface Override {
  approvedBy: string;
  approvedAt: Date;
  reason: string;
}

export interface RuleInput {
  purpose: Purpose;
  /** What it is about; see the table in topics.ts. */
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

export const refusalCodes = [
  'invalid_number',
  'nothing_owed',
  'do_not_call',
  'minor',
  'sensitive',
  'disputed',
  'no_consent',
  'not_wanted',
  'promise_pending',
  'campaign_cap',
  'prefers_writing',
  'quiet_hours',
  'chosen_hours',
  'public_holiday',
  'effective_cap',
  'daily_cap',
  'weekly_cap',
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

export interface Refusal {
  code: RefusalCode;
  /** When to ask again; null when asking again in this campaign is in vain. */
  retryAt: Date | null;
}

/** `refusals` holds every reason, the decisive one first; `overridden` those that an approver lifted. */
export type Verdict =
  | { may: true; overridden: readonly RefusalCode[] }
  | { may: false; code: RefusalCode; retryAt: Date | null; refusals: readonly Refusal[] };
