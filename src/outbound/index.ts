/**
 * Campaigns: whom to call, whether we may, the calls themselves, and what came of them. It dials
 * through cti and speaks through ivr; it knows no sockets.
 */
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { EventBus } from '../core/messages/bus.ts';
import type { Log } from '../core/log.ts';
import type { Cti } from '../cti/index.ts';
import type { Pool } from '../db/index.ts';
import type { Dialling } from '../dialling/index.ts';
import type { EventMap } from '../events.ts';
import type { Recordings } from '../recording/index.ts';
import type { FlowLibrary } from '../content/index.ts';
import type { FlowRunner, OutboundGuide } from '../ivr/index.ts';
import { createAgentWork, type AgentWork } from './campaigns/agent-work.ts';
import { createCampaigns, type Campaigns } from './campaigns/campaigns.ts';
import { ProgressTeller } from './campaigns/progress.ts';
import { Dialer, type DialerParts, type DialLimits } from './dialer/dialer.ts';
import { createMachineWatch } from './calls/machine-watch.ts';
import { scriptFaults } from './calls/script-texts.ts';
import { TestCalls } from './calls/test-call.ts';

export type { AgentPool } from './dialer/pace.ts';
export { type Campaign, type Campaigns } from './campaigns/campaigns.ts';
export { campaignIn, namesOfRunning, readCampaign } from './campaigns/read-campaign.ts';
export { NothingNewError } from './do-not-call/do-not-call.errors.ts';
export {
  AudienceChangedError,
  BadListError,
  CampaignNotFoundError,
} from './campaigns/campaign.errors.ts';
export {
  attemptTransitions,
  campaignTransitions,
  contactTransitions,
} from './campaigns/campaign.states.ts';
export { keepList, readList, saveList } from './lists/lists.ts';
export { contactsToCall } from './campaigns/eligibility.ts';
export { prepareCampaign } from './campaigns/prepare.ts';
export { previewCampaign } from './campaigns/preview.ts';
export { progressOf, resultsBy } from './campaigns/progress.ts';
export {
  addDoNotCall,
  findDoNotCall,
  importDoNotCall,
  liftDoNotCall,
  listDoNotCall,
  type DoNotCallEntryRow,
} from './do-not-call/entries.ts';
export { numbersOfList } from './do-not-call/number-list.ts';
export { ensureTrunks } from './dialer/ensure-trunks.ts';
export { createGuide } from './calls/guide.ts';
export { writeAgain } from './fall-back/again.ts';
export { fallBackAuthor } from './fall-back/author.ts';
export { fallBack } from './fall-back/fall-back.ts';
export { resumeChains } from './fall-back/resume.ts';
export { scriptFaults } from './calls/script-texts.ts';
export { resultTexts } from './dialer/results.ts';
export { refusalTexts, scriptFaultTexts } from './rules/index.ts';
// What a campaign, its calls and its messages are, without a database: the demo's past campaigns obey it.
export { withDefaults } from './campaigns/defaults.ts';
export { evidenceOf, subjectOf } from './dialer/facts.ts';
export { households, mergeBySharedNumber } from './dialer/households.ts';
export { isEffective, successfulResults, type AttemptResult } from './dialer/results.ts';
export { nextStep, type Tried } from './dialer/retry.ts';
export { mayCall, rulesFor, type RuleInput } from './rules/index.ts';

/** What this wing is built of. */
export interface OutboundParts {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Cti;
  events: EventBus<EventMap>;
  /** What people who are called hear and answer, and what is kept of it. */
  speech: {
    runner: FlowRunner;
    flows: FlowLibrary;
    guide: OutboundGuide;
    recordings: Recordings;
    /** For sound that is listened to and thrown away. */
    dir: string;
  };
  limits: DialLimits & { dialling: Dialling };
  jobs: DialerParts['jobs'];
}

export interface Outbound {
  readonly campaigns: Campaigns;
  readonly agentWork: AgentWork;
  readonly dialer: Dialer;
  readonly tests: TestCalls;
  /** Asks for the next step in writing to somebody; should that fail, the minute's job does so. */
  writeSoon(contactId: string): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

export function buildOutbound(parts: OutboundParts): Outbound {
  const { db, clock, log, cti, events, limits, jobs } = parts;
  const { runner, flows, guide, recordings, dir } = parts.speech;
  const campaigns = createCampaigns({
    db,
    clock,
    log,
    scriptFaults: (campaign) => scriptFaults(flows, campaign),
    onChange: (campaign) => {
      if (campaign.state === 'stopped') {
        dialer.onStopped(campaign.id).catch((error: unknown) => {
          log.error({ reason: messageOf(error) }, 'calls of a stopped campaign not ended');
        });
      }
      dialer.wake();
    },
  });
  const watchMachine = createMachineWatch({ db, log, runner, dir: path.join(dir, 'listening') });
  const dialer = new Dialer({
    ...{ db, clock, log, cti, campaigns, limits, jobs },
    speech: { runner, guide, recordings, watchMachine },
  });
  const progress = new ProgressTeller({ db, clock, log });
  events.on('bill.paid', ({ billId }) => dialer.onBillPaid(billId));
  events.on('campaign.changed', () => dialer.wake());
  events.on('attempt.ended', ({ campaignId }) => progress.changed(campaignId));
  events.on('attempt.started', ({ campaignId }) => progress.changed(campaignId));
  events.on('message.changed', async ({ campaignId, contactId, state, reason }) => {
    if (campaignId !== null) progress.changed(campaignId);
    // A receipt came after the chain had ended; another channel may be left.
    const isBack = state === 'failed' && (reason === 'undelivered' || reason === 'no_longer_true');
    if (isBack && contactId !== null) await jobs.fallBack(contactId);
  });
  const { dialling } = limits;
  const tests = new TestCalls({ db, clock, log, cti, runner, guide, campaigns, dialling });
  return {
    campaigns,
    agentWork: createAgentWork({
      db,
      clock,
      dialReserved: (campaign, by) => dialer.dialReserved(campaign, by),
    }),
    dialer,
    tests,
    writeSoon: (contactId) =>
      jobs.fallBack(contactId).catch((error: unknown) => {
        log.warn({ contactId, reason: messageOf(error) }, 'message postponed to the next minute');
      }),
    start() {
      dialer.start();
      tests.start();
    },
    async stop() {
      tests.stop();
      progress.stop();
      await dialer.stop();
    },
  };
}
