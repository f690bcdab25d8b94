/**
 * What a call is about decides the law that it stands under: which consent it needs, at which hours and
 * how often it may be made, and what keeps us from making it. One table, read by the dialler, the
 * preview, what is written instead of a call, and the editor.
 */
import type { CampaignPurpose } from './codes.ts';
import type { CampaignTopic } from './campaigns/kinds.ts';

/** Why we call; the rules differ by it. Marketing needs consent, collection has caps. */
export type Purpose = CampaignPurpose;

/** Whose calls an entry of the do-not-call list ends. */
export type DoNotCallScope = 'all' | Purpose;

export interface MinuteRange {
  /** Minutes from local midnight, the end not included; an end before the start runs over midnight. */
  fromMinute: number;
  toMinute: number;
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

/** Why somebody is not called. */
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

/**
 * `opt_in`: silence is a refusal (13 ministries' plan of 2018 and MIIT's draft of 2020 for commercial
 * calls). `opt_out`: news of one's own home and contract; called until the person says no.
 */
export type Consent = 'opt_in' | 'opt_out';

export interface CallRules {
  /** Under which purpose the call is counted and refused. */
  purpose: Purpose;
  consent: Consent;
  /** Local hours in which nobody is called. */
  quietHours: MinuteRange;
  caps: Caps;
  /** Scopes of the do-not-call list that hold. */
  doNotCall: readonly DoNotCallScope[];
  /** The reasons that can keep us from calling; all others are not asked. */
  refusals: readonly RefusalCode[];
  /** A named approver may lift what is not absolute. */
  canBeOverridden: boolean;
  /** What "stop" in answer to a text ends: calls and texts of the topic, its texts, or nothing. */
  stopEnds: 'everything' | 'texts' | 'nothing';
}

/**
 * Nobody is called from 22:00 to 08:00, whatever the purpose: the national guideline on collection
 * (2025) names these hours, and MIIT's notice of June 2020 asks all callers to leave people their rest.
 */
export const quietHours: MinuteRange = { fromMinute: 22 * 60, toMinute: 8 * 60 };

const always: readonly RefusalCode[] = [
  ...(['invalid_number', 'nothing_owed', 'do_not_call', 'minor', 'not_wanted'] as const),
  ...(['promise_pending', 'campaign_cap', 'prefers_writing', 'quiet_hours'] as const),
  ...(['chosen_hours', 'effective_cap', 'daily_cap', 'weekly_cap'] as const),
];

type PurposeRules = Omit<CallRules, 'purpose' | 'quietHours' | 'doNotCall'>;

/**
 * Three effective calls a day: 互联网金融 贷后催收风控指引 (2025). Seven attempts in seven days: 12 CFR
 * 1006.14, the only figure for a week that any authority has set.
 */
const byPurpose: Readonly<Record<Purpose, PurposeRules>> = {
  collection: {
    consent: 'opt_out',
    caps: { effectivePerDay: 3, attemptsPerDay: 5, attemptsPerWeek: 7, attemptsPerCampaign: 6 },
    refusals: [...always, 'sensitive', 'disputed', 'public_holiday'],
    canBeOverridden: false,
    stopEnds: 'texts',
  },
  service: {
    consent: 'opt_out',
    caps: { effectivePerDay: 3, attemptsPerDay: 8, attemptsPerWeek: 20, attemptsPerCampaign: 6 },
    refusals: always,
    canBeOverridden: false,
    stopEnds: 'texts',
  },
  research: {
    consent: 'opt_out',
    caps: { effectivePerDay: 1, attemptsPerDay: 2, attemptsPerWeek: 4, attemptsPerCampaign: 3 },
    refusals: [...always, 'sensitive', 'public_holiday'],
    canBeOverridden: false,
    stopEnds: 'everything',
  },
  marketing: {
    consent: 'opt_in',
    caps: { effectivePerDay: 1, attemptsPerDay: 1, attemptsPerWeek: 2, attemptsPerCampaign: 2 },
    refusals: [...always, 'sensitive', 'public_holiday'],
    canBeOverridden: false,
    stopEnds: 'everything',
  },
  emergency: {
    consent: 'opt_out',
    caps: { effectivePerDay: 10, attemptsPerDay: 20, attemptsPerWeek: 60, attemptsPerCampaign: 10 },
    refusals: [...always, 'sensitive'],
    canBeOverridden: true,
    stopEnds: 'nothing',
  },
};

interface TopicRules {
  /** Purposes that calls about it may have, the usual one first. */
  purposes: readonly [Purpose, ...Purpose[]];
  /** Where it is stricter than the purpose. */
  consent?: Consent;
}

/** What people subscribe to, and what calls about it are for. */
export const topicRules: Readonly<Record<CampaignTopic, TopicRules>> = {
  notice: { purposes: ['service'] },
  outage: { purposes: ['service', 'emergency'] },
  emergency: { purposes: ['emergency'] },
  arrears: { purposes: ['collection'] },
  return_visit: { purposes: ['service'] },
  survey: { purposes: ['research'] },
  // Whoever did not order it is not woken.
  morning_call: { purposes: ['service'], consent: 'opt_in' },
  // A free clinic of the neighbourhood sells nothing; one that does is an offer.
  clinic: { purposes: ['service'] },
  entertainment: { purposes: ['marketing'] },
  offers: { purposes: ['marketing'] },
  telesales: { purposes: ['marketing'] },
  contact: { purposes: ['research', 'service'] },
};

/** The topic of a campaign whose author named only its purpose. */
const usualTopics: Readonly<Record<Purpose, CampaignTopic>> = {
  collection: 'arrears',
  service: 'notice',
  research: 'survey',
  marketing: 'offers',
  emergency: 'emergency',
};

export interface Matter {
  purpose: Purpose;
  topic?: string | null | undefined;
}

export function isKnownTopic(topic: string): topic is CampaignTopic {
  return Object.hasOwn(topicRules, topic);
}

/** The rules for a call with this purpose about this topic. */
export function rulesFor({ purpose: declared, topic }: Matter): CallRules {
  const about = topic != null && isKnownTopic(topic) ? topicRules[topic] : undefined;
  // An offer that was written down as a notice is an offer.
  const purpose =
    about === undefined || about.purposes.includes(declared) ? declared : about.purposes[0];
  const rules = byPurpose[purpose];
  const consent = about?.consent ?? rules.consent;
  return {
    ...{ ...rules, purpose, consent, quietHours },
    refusals: consent === 'opt_in' ? [...rules.refusals, 'no_consent'] : rules.refusals,
    doNotCall: [...new Set(['all', purpose, declared] as const)],
  };
}

export type Choice =
  | { purpose: Purpose; topic: CampaignTopic }
  | { mismatch: { topic: CampaignTopic; purposes: readonly Purpose[] } };

/** Purpose and topic of a new campaign, from what its author named of them and what its kind usually is. */
export function chooseMatter(
  named: { purpose?: Purpose | undefined; topic?: CampaignTopic | undefined },
  usual: { purpose: Purpose; topic: CampaignTopic },
): Choice {
  const { purpose } = named;
  const topic = named.topic ?? topicFor(purpose, usual);
  const { purposes } = topicRules[topic];
  if (purpose !== undefined && !purposes.includes(purpose)) {
    return { mismatch: { topic, purposes } };
  }
  if (purpose !== undefined) return { purpose, topic };
  return { topic, purpose: topic === usual.topic ? usual.purpose : purposes[0] };
}

function topicFor(
  purpose: Purpose | undefined,
  usual: { purpose: Purpose; topic: CampaignTopic },
): CampaignTopic {
  if (purpose === undefined || topicRules[usual.topic].purposes.includes(purpose)) {
    return usual.topic;
  }
  // Agents who sell by telephone.
  if (purpose === 'marketing' && usual.topic === 'contact') return 'telesales';
  return usualTopics[purpose];
}
