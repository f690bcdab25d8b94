import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { checkTransition } from '../../core/states.ts';
import type { CampaignRow, CampaignState, Db } from '../../db/index.ts';
import { logMove } from './campaign-log.ts';
import { CampaignNotFoundError } from './campaign.errors.ts';
import { campaignTransitions } from './campaign.states.ts';
import type { Campaign } from './campaign.types.ts';
import { findCampaign } from './read-campaign.ts';
import { makeNextRun } from './series.ts';

/** One step of a campaign's life. */
export interface Move {
  id: string;
  to: CampaignState;
  actor: string;
  note: string;
  set: Partial<
    Pick<
      CampaignRow,
      'submittedBy' | 'approvedBy' | 'approvedAt' | 'flowVersion' | 'heardAt' | 'heardFlowVersion'
    >
  >;
  /** Throws when the campaign, as it stands under the lock, may not be moved. */
  check: (campaign: CampaignRow) => void;
}

/** Locks the campaign, checks the step, writes and logs it. Throws `campaign.not_found`, `campaign.illegal_transition`. */
export async function transition(
  trx: Db,
  { clock, log }: { clock: Clock; log: Log },
  { id, to, actor, note, set, check }: Move,
): Promise<Campaign> {
  const now = clock.now();
  const row = await trx
    .selectFrom('campaign')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new CampaignNotFoundError();
  const from = row.state;
  checkTransition('campaign', campaignTransitions, from, to);
  check(row);
  const isOver = to === 'finished' || to === 'stopped' || to === 'cancelled';
  await trx
    .updateTable('campaign')
    .set({
      state: to,
      updatedAt: now,
      ...set,
      ...(to === 'running' && row.startedAt === null ? { startedAt: now } : {}),
      ...(isOver ? { endedAt: now } : {}),
    })
    .where('id', '=', id)
    .execute();
  await logMove(trx, { id, from, to, actor, note, at: now });
  log.info({ campaignId: id, actor }, `campaign: ${from} → ${to}`);
  const changed = await findCampaign(trx, id);
  // Done, or at the end of its time; whoever stops one by hand stops the series.
  if (to === 'finished' || ((to === 'stopped' || to === 'cancelled') && actor === 'system')) {
    await makeNextRun(trx, changed, now);
  }
  return changed;
}
