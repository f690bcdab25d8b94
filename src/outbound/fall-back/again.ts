import type { Clock } from '../../core/clock.ts';
import type { ContactRow, Db, MessageState } from '../../db/index.ts';
import { findCampaign } from '../campaigns/read-campaign.ts';
import {
  ContactNotFoundError,
  NotWrittenAgainError,
  type NotAgain,
} from '../campaigns/campaign.errors.ts';
import { nextStep } from './chain.ts';
import { isCut, writingFacts } from './facts.ts';

/** While one is under way, or arrived, there is nothing to write again. */
const standing: readonly MessageState[] = ['queued', 'sending', 'delivered'];

/**
 * Staff want somebody to be written to again. The rules are read here, so that a refusal is told at once,
 * and again before anything goes out. `db` is a transaction; ask for the job after it. Resolves with when
 * it may go out at the earliest. Throws `campaign.not_written_again`, `campaign.no_contact`.
 */
export async function writeAgain(
  db: Db,
  clock: Clock,
  about: { campaignId: string; contactId: string },
): Promise<{ from: Date; round: number }> {
  const now = clock.now();
  const contact = await db
    .selectFrom('campaignContact')
    .selectAll()
    .where('id', '=', about.contactId)
    .where('campaignId', '=', about.campaignId)
    .forUpdate()
    .executeTakeFirst();
  if (contact === undefined) throw new ContactNotFoundError();
  const campaign = await findCampaign(db, contact.campaignId);
  if (isCut(campaign)) refuse('campaign_over');
  if (!['unreached', 'reached'].includes(contact.state)) refuse('not_done');
  const before = await writingFacts(db, campaign, contact, now);
  if (contact.fallback === 'queued') refuse('under_way');
  if (before.written.some(({ state }) => standing.includes(state))) refuse('under_way');
  const facts = { ...before, written: [] };
  if (facts.refusal !== undefined) refuse(facts.refusal);
  const step = nextStep(facts);
  if (step.do === 'end') refuse('no_channel');
  const round = contact.writingRound + 1;
  await begin(db, contact, round);
  return { from: step.do === 'wait' ? step.until : now, round };
}

async function begin(db: Db, { id }: ContactRow, writingRound: number): Promise<void> {
  await db
    .updateTable('campaignContact')
    .set({ writingRound, fallback: 'queued', fallbackAt: null })
    .where('id', '=', id)
    .execute();
}

function refuse(why: NotAgain): never {
  throw new NotWrittenAgainError(why);
}
