import { newId } from '../../core/ids.ts';
import { emit, type CampaignState, type Db } from '../../db/index.ts';

/** Writes down who moved a campaign, and tells everybody. */
export async function logMove(
  trx: Db,
  move: {
    id: string;
    from: CampaignState | null;
    to: CampaignState;
    actor: string;
    note: string;
    at: Date;
  },
): Promise<void> {
  const { id, from, to, actor, note, at } = move;
  await trx
    .insertInto('campaignEvent')
    .values({ id: newId(), campaignId: id, fromState: from, toState: to, actor, note, at })
    .execute();
  await emit(trx, 'campaign.changed', { campaignId: id, from, to }, at);
}
