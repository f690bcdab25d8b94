import type { CampaignSettings, NewCampaign } from '../../contract/campaigns/campaigns.ts';
import type { CampaignTopic } from '../../contract/campaigns/kinds.ts';
import type { CampaignKind, CampaignPurpose } from '../../db/index.ts';
import { chooseMatter } from '../rules/index.ts';
import { checkSheet } from './agent-sheet.ts';
import { isTimeZone } from '../../property/index.ts';
import { BadTimeZoneError, PurposeMismatchError } from './campaign.errors.ts';

interface KindDefaults {
  purpose: CampaignPurpose;
  topic: CampaignTopic;
  priority: number;
  flowId: string;
}

/** What a campaign of that kind is, unless its author says otherwise. */
export const kindDefaults: Readonly<Record<CampaignKind, KindDefaults>> = {
  arrears: { purpose: 'collection', topic: 'arrears', priority: 5, flowId: 'campaign-arrears' },
  notice: { purpose: 'service', topic: 'notice', priority: 3, flowId: 'campaign-notice' },
  survey: { purpose: 'research', topic: 'survey', priority: 7, flowId: 'campaign-survey' },
  return_visit: {
    purpose: 'service',
    topic: 'return_visit',
    priority: 6,
    flowId: 'campaign-return-visit',
  },
  morning_call: {
    purpose: 'service',
    topic: 'morning_call',
    priority: 2,
    flowId: 'campaign-morning-call',
  },
  agent_list: { purpose: 'research', topic: 'contact', priority: 6, flowId: 'campaign-agent' },
};

/** Throws `campaign.purpose_mismatch`, `campaign.bad_sheet`, `campaign.bad_time_zone`. */
export function withDefaults(draft: NewCampaign): {
  purpose: CampaignPurpose;
  topic: CampaignTopic;
  priority: number;
  settings: CampaignSettings;
} {
  const usual = kindDefaults[draft.kind];
  const matter = chooseMatter(draft, usual);
  if ('mismatch' in matter) throw new PurposeMismatchError(matter.mismatch);
  const { purpose, topic } = matter;
  // Its script speaks of money, so the rules for debts hold.
  if (draft.kind === 'arrears' && purpose !== 'collection') {
    throw new PurposeMismatchError({ topic: 'arrears', purposes: ['collection'] });
  }
  if (draft.settings?.sheet !== undefined) checkSheet(draft.settings.sheet);
  const settings: CampaignSettings = {
    audience: {},
    script: { flowId: usual.flowId, texts: {}, isHumanVoice: false },
    mode: draft.kind === 'agent_list' ? 'progressive' : 'automatic',
    queueId: null,
    maxLines: 20,
    callsPerSecond: 5,
    ringSec: 30,
    attemptsPerContact: purpose === 'emergency' ? 10 : 6,
    abandonCap: 0.03,
    abandonFormula: 'live',
    // A machine's owner is not the only one who hears it: debts are never spoken to one.
    onMachine: purpose === 'service' || purpose === 'emergency' ? 'message' : 'hang_up',
    fallback: draft.kind === 'notice' ? ['sms'] : [],
    repeat: null,
    overrideReason: null,
    timeZone: 'Asia/Shanghai',
    ...draft.settings,
  };
  if (!isTimeZone(settings.timeZone)) throw new BadTimeZoneError(settings.timeZone);
  return {
    purpose,
    topic,
    // Emergencies go ahead of everything else.
    priority: purpose === 'emergency' ? 0 : (draft.priority ?? usual.priority),
    settings,
  };
}
