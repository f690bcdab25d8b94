import type { Agents } from '../agents/index.ts';
import type { Backbone } from '../backbone.ts';
import type { Config } from '../config/config.ts';
import type { Dialling } from '../dialling/index.ts';
import { buildOutbound, type Outbound, type OutboundParts } from '../outbound/index.ts';

/** Campaigns as the settings have them: as fast as agents are free, each step of theirs a job. */
export function openOutbound(
  { callsPerSecond }: Config,
  {
    jobs,
    agents,
    dialling,
    ...parts
  }: Pick<OutboundParts, 'db' | 'clock' | 'log' | 'cti' | 'events' | 'speech'> &
    Pick<Backbone, 'jobs'> & { agents: Pick<Agents, 'strengthOf'>; dialling: Dialling },
): Outbound {
  return buildOutbound({
    ...parts,
    limits: {
      agents: { state: (queueId) => Promise.resolve(agents.strengthOf(queueId)) },
      ...{ callsPerSecond, dialling },
    },
    jobs: {
      prepare: (campaignId) => jobs.add('campaign.prepare', { campaignId }, { key: campaignId }),
      fallBack: (contactId) => jobs.add('contact.fallBack', { contactId }, { key: contactId }),
    },
  });
}
