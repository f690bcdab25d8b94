import type { CampaignSettings, NewCampaign } from '../../api/contract/campaigns.ts';
import type { CampaignKind, CampaignPurpose } from '../../db/index.ts';

interface KindDefaults {
  purpose: CampaignPurpose;
  topic: string;
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

export function withDefaults(draft: NewCampaign): {
  purpose: CampaignPurpose;
  topic: string;
  priority: number;
  settings: CampaignSettings;
} {
  const usual = kindDefaults[draft.kind];
  const purpose = draft.purpose ?? usual.purpose;
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
  return {
    purpose,
    topic: draft.topic ?? usual.topic,
    // Emergencies go ahead of everything else.
    priority: purpose === 'emergency' ? 0 : (draft.priority ?? usual.priority),
    settings,
  };
}
