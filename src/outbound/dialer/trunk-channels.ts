import type { Clock } from '../../core/clock.ts';
import type { Db, TrunkRow } from '../../db/index.ts';
import { restAfter, type Trunk } from './trunks.ts';

export interface TrunkChannels {
  trunks: Trunk[];
  /** Live attempts by campaign. */
  byCampaign: ReadonlyMap<string, number>;
  /** Channels that no attempt uses, over all trunks that are awake. */
  free: number;
}

/** What is in use now, as the rows say it: true after a restart, too. */
export async function trunkChannelsNow(db: Db, now: Date): Promise<TrunkChannels> {
  const rows = await db.selectFrom('trunk').selectAll().where('isEnabled', '=', true).execute();
  const live = await db
    .selectFrom('attempt')
    .select(['trunkId', 'campaignId', ({ fn }) => fn.countAll<number>().as('count')])
    .where('state', '!=', 'ended')
    .groupBy(['trunkId', 'campaignId'])
    .execute();
  const byCampaign = new Map<string, number>();
  const byTrunk = new Map<string, number>();
  for (const { trunkId, campaignId, count } of live) {
    byCampaign.set(campaignId, (byCampaign.get(campaignId) ?? 0) + count);
    byTrunk.set(trunkId, (byTrunk.get(trunkId) ?? 0) + count);
  }
  const trunks = rows.map((row) => toTrunk(row, byTrunk.get(row.id) ?? 0));
  const awake = trunks.filter(({ restingUntil }) => restingUntil === null || restingUntil <= now);
  const free = awake.reduce((sum, one) => sum + Math.max(0, one.maxLines - one.linesInUse), 0);
  return { trunks, byCampaign, free };
}

function toTrunk(row: TrunkRow, linesInUse: number): Trunk {
  return { ...row, linesInUse };
}

/** A carrier that fails three times in a row rests; one success makes it whole. */
export async function noteTrunk(
  db: Db,
  clock: Clock,
  trunkId: string,
  how: 'worked' | 'failed',
): Promise<void> {
  if (how === 'worked') {
    await db
      .updateTable('trunk')
      .set({ failures: 0, restingUntil: null })
      .where('id', '=', trunkId)
      .where('failures', '>', 0)
      .execute();
    return;
  }
  const row = await db
    .updateTable('trunk')
    .set((where) => ({ failures: where('failures', '+', 1) }))
    .where('id', '=', trunkId)
    .returning('failures')
    .executeTakeFirst();
  const restMs = restAfter(row?.failures ?? 0);
  if (restMs === 0) return;
  await db
    .updateTable('trunk')
    .set({ restingUntil: new Date(clock.now().getTime() + restMs) })
    .where('id', '=', trunkId)
    .execute();
}
