import type { CampaignPreview } from '../../contract/campaigns/audience.ts';
import type { Clock } from '../../core/clock.ts';
import { narrowedBy, type Readable, type Scope } from '../../db/index.ts';
import { previewTexts, type TextSettings } from '../fall-back/preview-texts.ts';
import { nextAllowedTime, rulesFor, type ScriptFault } from '../rules/index.ts';
import { candidates } from './audience.ts';
import type { Campaign } from './campaigns.ts';
import { judgeCandidates, standingOf } from './eligibility.ts';

/** As arrears calls fall on average: calls a contact, and seconds of line a call. */
const callsPerContact = 1.8;
const secondsPerCall = 40;

/** What a campaign would do if it started now, or when it is to: whom, how many calls, how long. Writes nothing. */
export async function previewCampaign(
  scope: Scope,
  { db: given, clock, texts }: { db: Readable; clock: Clock; texts: TextSettings },
  campaign: Campaign,
  scriptFaults: ScriptFault[],
): Promise<CampaignPreview> {
  const db = narrowedBy(scope, given);
  const now = clock.now();
  let contacts = 0;
  let numbers = 0;
  let owedFen = 0;
  let writtenFirst = 0;
  let callableNow = 0;
  const excluded: Record<string, number> = {};
  for await (const batch of candidates(db, campaign, now)) {
    const judged = await judgeCandidates(db, campaign, batch, now);
    for (const { contact, verdict, input } of judged) {
      contacts += 1;
      numbers += contact.numbers.length;
      owedFen += input.debt?.owedFen ?? 0;
      const { state, refusal } = standingOf(verdict);
      if (state === 'now') callableNow += 1;
      if (state === 'written_first') writtenFirst += 1;
      if (state === 'excluded' && refusal !== null) {
        excluded[refusal] = (excluded[refusal] ?? 0) + 1;
      }
    }
  }
  const called =
    contacts - writtenFirst - Object.values(excluded).reduce((sum, one) => sum + one, 0);
  const expectedCalls = Math.ceil(called * callsPerContact);
  const { callsPerSecond, maxLines, timeZone } = campaign.settings;
  const perSecond = Math.min(callsPerSecond, maxLines / secondsPerCall);
  const seconds = expectedCalls / perSecond;
  return {
    contacts,
    called,
    callableNow,
    numbers,
    owedFen,
    excluded,
    expectedCalls,
    expectedMinutes: Math.ceil(seconds / 60),
    expectedEnd: endOf(beginOf(campaign, now), seconds, timeZone, campaign)?.toISOString() ?? null,
    writtenFirst,
    texts: await previewTexts(db, campaign, texts),
    scriptFaults,
  };
}

function beginOf({ startsAt }: Campaign, now: Date): Date {
  return startsAt !== null && startsAt > now ? startsAt : now;
}

/** Fourteen hours a day at most; nights and, for some, holidays are skipped. */
function endOf(now: Date, seconds: number, zone: string, campaign: Campaign): Date | undefined {
  const { purpose } = rulesFor(campaign);
  let at = nextAllowedTime(now, zone, purpose, null);
  let left = seconds * 1000;
  const step = 15 * 60_000;
  for (let turns = 0; at !== null && turns < 40_000; turns += 1) {
    if (left <= step) return new Date(at.getTime() + left);
    left -= step;
    at = nextAllowedTime(new Date(at.getTime() + step), zone, purpose, null);
  }
  return undefined;
}
