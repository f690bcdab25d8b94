import type { CampaignPreview } from '../../api/contract/campaigns.ts';
import type { Clock } from '../../core/clock.ts';
import type { ContactRow, Pool } from '../../db/index.ts';
import { judge } from '../dialer/facts.ts';
import { previewTexts, type TextSettings } from '../messages/preview-texts.ts';
import { nextAllowedTime, type ScriptFault } from '../rules/index.ts';
import { candidates, type Candidate } from './audience.ts';
import type { Campaign } from './campaigns.ts';

/** Reasons that pass by themselves: the contact is called later, so it is not left out. */
const passing = ['quiet_hours', 'chosen_hours', 'public_holiday'];
/** As arrears calls fall on average: calls a contact, and seconds of line a call. */
const callsPerContact = 1.8;
const secondsPerCall = 40;

/** What a campaign would do if it started now, or when it is to: whom, how many calls, how long. Writes nothing. */
export async function previewCampaign(
  { db, clock, texts }: { db: Pool; clock: Clock; texts: TextSettings },
  campaign: Campaign,
  scriptFaults: ScriptFault[],
): Promise<CampaignPreview> {
  const now = clock.now();
  let contacts = 0;
  let numbers = 0;
  let owedFen = 0;
  let writtenFirst = 0;
  const excluded: Record<string, number> = {};
  for await (const batch of candidates(db, campaign, now)) {
    const judged = await judge(
      db,
      campaign,
      batch.map((one) => asContact(campaign, one)),
      now,
    );
    for (const { contact, verdict, input } of judged) {
      contacts += 1;
      numbers += contact.numbers.length;
      owedFen += input.debt?.owedFen ?? 0;
      const code = verdict.may
        ? undefined
        : verdict.refusals.find((one) => !passing.includes(one.code))?.code;
      if (code === 'prefers_writing') writtenFirst += 1;
      else if (code !== undefined) excluded[code] = (excluded[code] ?? 0) + 1;
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
  let at = nextAllowedTime(now, zone, campaign.purpose, null);
  let left = seconds * 1000;
  const step = 15 * 60_000;
  for (let turns = 0; at !== null && turns < 40_000; turns += 1) {
    if (left <= step) return new Date(at.getTime() + left);
    left -= step;
    at = nextAllowedTime(new Date(at.getTime() + step), zone, campaign.purpose, null);
  }
  return undefined;
}

function asContact(campaign: Campaign, one: Candidate): ContactRow {
  const now = new Date(0);
  return {
    ...one,
    id: '00000000-0000-0000-0000-000000000000',
    campaignId: campaign.id,
    coveredRoomIds: [...one.coveredRoomIds],
    numbers: [...one.numbers],
    state: 'waiting',
    result: null,
    refusal: null,
    attempts: 0,
    nextAt: now,
    nextNumber: null,
    triedTrunks: [],
    owedFen: null,
    fallback: null,
    fallbackAt: null,
    confirmedAt: null,
    finishedAt: null,
    reservedBy: null,
    reservedUntil: null,
    writingRound: 0,
    createdAt: now,
  };
}
