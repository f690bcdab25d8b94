import { newId } from '../../core/ids.ts';
import type { Db } from '../../db/index.ts';
import { logMove } from './campaign-log.ts';
import type { Campaign } from './campaign.types.ts';
import { nextRun } from './repetition.ts';

/**
 * Makes the next run of a campaign that repeats, in the transaction in which this one ends: no crash loses
 * or doubles it. It is approved as the first was, since nothing of it was changed; whom it is for is looked
 * up anew before it begins. Whoever stops a run, or cancels the next, ends the series.
 */
export async function makeNextRun(trx: Db, campaign: Campaign, now: Date): Promise<void> {
  const { repeat, timeZone } = campaign.settings;
  if (repeat === null) return;
  const seriesId = campaign.seriesId ?? campaign.id;
  const first = await trx
    .selectFrom('campaign')
    .select(['name', 'startsAt', 'startedAt'])
    .where('id', '=', seriesId)
    .executeTakeFirstOrThrow();
  const firstAt = first.startsAt ?? first.startedAt ?? now;
  const startsAt = nextRun({ repeat, firstAt, timeZone }, now);
  if (startsAt === undefined) return;
  const id = newId();
  const made = await trx
    .insertInto('campaign')
    .values({
      ...{ id, seriesId, startsAt, copiedFrom: campaign.id, state: 'approved' as const },
      ...{ name: nameOfRun(first.name, startsAt, timeZone), kind: campaign.kind },
      ...{ purpose: campaign.purpose, topic: campaign.topic, priority: campaign.priority },
      settings: JSON.stringify(campaign.settings),
      endsAt: endOf(campaign, startsAt),
      ...{ heardAt: campaign.heardAt, submittedBy: campaign.submittedBy },
      ...{ approvedBy: campaign.approvedBy, approvedAt: campaign.approvedAt },
      ...{ siteIds: campaign.siteIds, editedBy: campaign.editedBy },
      ...{ editors: campaign.editors, version: campaign.version },
      flowVersion: campaign.flowVersion,
      ...{ createdBy: campaign.createdBy, createdAt: now, updatedAt: now },
    })
    .onConflict((conflict) =>
      conflict.columns(['seriesId', 'startsAt']).where('seriesId', 'is not', null).doNothing(),
    )
    .returning('id')
    .executeTakeFirst();
  if (made === undefined) return;
  await logMove(trx, { id, from: null, to: 'approved', actor: 'system', note: 'series', at: now });
}

/** As long as the first one could run. */
function endOf({ startsAt, startedAt, endsAt }: Campaign, nextAt: Date): Date | null {
  const from = startsAt ?? startedAt;
  if (endsAt === null || from === null) return null;
  return new Date(nextAt.getTime() + (endsAt.getTime() - from.getTime()));
}

/** The first one's name and the day, so that a list of runs can be read. */
function nameOfRun(name: string, at: Date, timeZone: string): string {
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
  return `${name.slice(0, 80 - day.length - 1)} ${day}`;
}
