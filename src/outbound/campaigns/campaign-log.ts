import { newId } from '../../core/ids.ts';
import { emit, type CampaignState, type Db } from '../../db/index.ts';
import { audit } from '../../organisation/index.ts';

interface Move {
  id: string;
  from: CampaignState | null;
  to: CampaignState;
  /** `staff:<username>` or `system`. */
  actor: string;
  note: string;
  at: Date;
}

/** Writes down who moved a campaign, and tells everybody. What people did stands in the audit, too. */
export async function logMove(trx: Db, move: Move): Promise<void> {
  const { id, from, to, actor, note, at } = move;
  await trx
    .insertInto('campaignEvent')
    .values({ id: newId(), campaignId: id, fromState: from, toState: to, actor, note, at })
    .execute();
  await auditCampaign(trx, { act: actOf(from, to), id, actor, at, reason: note });
  await emit(trx, 'campaign.changed', { campaignId: id, from, to }, at);
}

/** Nothing is written for what happens by itself: the campaign's own history has it. */
export async function auditCampaign(
  trx: Db,
  {
    act,
    id,
    actor,
    at,
    reason = '',
  }: { act: string; id: string; actor: string; at: Date; reason?: string },
): Promise<void> {
  const [kind, username = ''] = actor.split(/:(.*)/s);
  if (kind !== 'staff') return;
  const staff = await trx
    .selectFrom('staff')
    .select('id')
    .where('username', '=', username)
    .executeTakeFirst();
  await audit(
    trx,
    { now: () => at },
    {
      ...{ staffId: staff?.id ?? null, act: `campaign.${act}`, subject: id },
      details: reason === '' ? {} : { reason },
    },
  );
}

/** What somebody did who moved a campaign so. Pure. */
export function actOf(from: CampaignState | null, to: CampaignState): string {
  if (from === null) return 'created';
  if (to === 'running') return from === 'paused' ? 'resumed' : 'started';
  return to === 'draft' ? 'sent_back' : to;
}
