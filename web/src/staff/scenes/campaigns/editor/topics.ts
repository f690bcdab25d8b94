import type { NewCampaign } from '../../../../../../src/contract/campaigns/campaigns.ts';
import type { CampaignTopic } from '../../../../../../src/contract/campaigns/kinds.ts';
import { isKnownTopic, rulesFor, topicRules } from '../../../../../../src/contract/call-rules.ts';

type Kind = NewCampaign['kind'];
export type Purpose = NonNullable<NewCampaign['purpose']>;

/** What campaigns of a kind are about; the first is the usual one. */
export const topicsOf: Readonly<Record<Kind, readonly CampaignTopic[]>> = {
  notice: ['notice', 'outage', 'emergency', 'clinic', 'entertainment', 'offers'],
  arrears: ['arrears'],
  survey: ['survey'],
  return_visit: ['return_visit'],
  morning_call: ['morning_call'],
  agent_list: [
    ...(['contact', 'return_visit', 'survey', 'telesales', 'offers'] as const),
    ...(['entertainment', 'clinic', 'arrears'] as const),
  ],
};

/** Agents may call about anything, sales too: their campaigns name it. */
export const usualTopic = (kind: Kind): CampaignTopic | undefined =>
  kind === 'agent_list' ? undefined : topicsOf[kind][0];

export const purposesOf = (topic: CampaignTopic | undefined): readonly Purpose[] =>
  topic === undefined ? [] : topicRules[topic].purposes;

/** What is sent: a topic of that kind, and a purpose that goes with it. */
export function matterOf(draft: {
  kind: Kind;
  topic: string | undefined;
  purpose: Purpose | undefined;
}): { topic?: CampaignTopic; purpose?: Purpose } {
  const { topic: named = '', kind } = draft;
  const isFitting = isKnownTopic(named) && topicsOf[kind].includes(named);
  const topic = isFitting ? named : usualTopic(kind);
  if (topic === undefined) return {};
  const purposes = purposesOf(topic);
  const purpose =
    draft.purpose !== undefined && purposes.includes(draft.purpose) ? draft.purpose : purposes[0];
  return { topic, ...(purpose === undefined ? {} : { purpose }) };
}

/** The rules under which such calls stand, for whoever writes the campaign. */
export function rulesShown(topic: CampaignTopic, purpose: Purpose | undefined) {
  const { consent, caps, refusals, canBeOverridden } = rulesFor({
    ...{ topic, purpose: purpose ?? topicRules[topic].purposes[0] },
  });
  return {
    needsConsent: consent === 'opt_in',
    perDay: caps.attemptsPerDay,
    perWeek: caps.attemptsPerWeek,
    restsOnHolidays: refusals.includes('public_holiday'),
    canBeOverridden,
  };
}
