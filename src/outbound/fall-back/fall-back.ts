import type { Log } from '../../core/log.ts';
import type { ContactRow, Db, MessageState, Pool } from '../../db/index.ts';
import type { Compose, Messaging } from '../../messaging/index.ts';
import { type Campaign } from '../campaigns/campaigns.ts';
import { findCampaign } from '../campaigns/read-campaign.ts';
import { moveContact } from '../dialer/attempts.ts';
import { afterSending, nextStep, type ChainStep } from './chain.ts';
import { compose, type ComposeParts } from './compose.ts';
import { isCut, writingFacts, type WritingFacts } from './facts.ts';

export interface FallBackParts extends ComposeParts {
  db: Pool;
  log: Log;
  messaging: Messaging;
  /** Asks for this again at that time; the minute's job does so anyway. */
  later: (contactId: string, at: Date) => Promise<void>;
}

/** More than any chain is long; a fault must not turn it into a loop. */
const mostSteps = 20;
const whilePausedMs = 60_000;

/**
 * Somebody is to be written to, since nobody was reached or because they chose so: the person's channels
 * one after the other, until one has taken the message. May run any number of times, also at once.
 */
export async function fallBack(parts: FallBackParts, contactId: string): Promise<void> {
  const { db, clock } = parts;
  for (let step = 0; step < mostSteps; step += 1) {
    const contact = await queued(db, contactId);
    if (contact === undefined) return dropStopped(db, contactId);
    const campaign = await findCampaign(db, contact.campaignId);
    if (campaign.state === 'paused') {
      return lookAgainAt(db, contactId, new Date(clock.now().getTime() + whilePausedMs));
    }
    const facts = await writingFacts(db, campaign, contact, clock.now());
    const next =
      isCut(campaign) || facts.refusal !== undefined ? await drop(parts, facts) : nextStep(facts);
    if (await take(parts, { campaign, contact, facts }, next)) return;
  }
}

interface Case {
  campaign: Campaign;
  contact: ContactRow;
  facts: WritingFacts;
}

type Step = ChainStep | { do: 'end'; as: 'dropped' };

/** True when there is nothing more to do now. */
async function take(parts: FallBackParts, about: Case, step: Step): Promise<boolean> {
  const { db, messaging } = parts;
  const { contact } = about;
  switch (step.do) {
    case 'write':
      await write(parts, about, step);
      return false;
    case 'send':
      return send(parts, about, step.id);
    case 'give_up_on':
      await messaging.giveUpOn(step.id);
      return false;
    case 'withdraw':
      await messaging.withdraw(step.id, 'too_late');
      return false;
    case 'wait':
      await lookAgainAt(db, contact.id, step.until);
      await parts.later(contact.id, step.until);
      return true;
    case 'end':
      await end(parts, about, step.as);
      return true;
  }
}

/** What a limit holds back is looked at again when it may go; too late is never. */
async function send(parts: FallBackParts, about: Case, id: string): Promise<boolean> {
  const words: Compose = (trx, to) => compose(trx, parts, about, to);
  const delivered = await parts.messaging.deliver(id, words);
  // Undefined: another process has it.
  if (delivered === undefined) return true;
  if (!('wait' in delivered)) return false;
  const { until } = about.facts;
  const isTooLate = until !== null && delivered.wait >= until;
  return take(
    parts,
    about,
    isTooLate ? { do: 'withdraw', id } : { do: 'wait', until: delivered.wait },
  );
}

/** Paid, refused or stopped meanwhile. What is out is out. */
async function drop(parts: FallBackParts, { written, now }: WritingFacts): Promise<Step> {
  const open = written.find(({ state }) => state === 'sending');
  if (open !== undefined) return afterSending(open, now);
  for (const { id, state } of written) {
    if (state === 'queued') await parts.messaging.withdraw(id, 'no_longer_true');
  }
  const has = (...states: MessageState[]) => written.some(({ state }) => states.includes(state));
  const as = has('sent', 'delivered') ? 'sent' : has('unknown') ? 'unknown' : 'dropped';
  return { do: 'end', as };
}

/** Nothing is written when it was paid since the facts were read: the next look sees that. */
async function write(
  parts: FallBackParts,
  { campaign, contact }: Case,
  { channel, address }: Extract<ChainStep, { do: 'write' }>,
): Promise<void> {
  const { db, messaging } = parts;
  const text = await compose(db, parts, { campaign, contact }, { channel, address });
  if (text === undefined) return;
  const { language, personId, writingRound } = contact;
  await messaging.write(db, {
    ...{ campaignId: campaign.id, contactId: contact.id, personId, channel, address, language },
    ...{ purpose: 'fallback', writingRound },
    ...text,
    onceKey: `${contact.id}:fallback:${channel}${writingRound === 0 ? '' : `:${writingRound}`}`,
  });
}

/** Writes down how it ended; who waited to be written to first is now done with, or called. */
async function end(
  { db, clock, log }: FallBackParts,
  { contact: { id }, facts, campaign }: Case,
  as: 'sent' | 'failed' | 'unknown' | 'dropped',
): Promise<void> {
  const now = clock.now();
  await db.transaction().execute(async (trx) => {
    const contact = await queued(trx, id, true);
    if (contact === undefined) return;
    const change = { fallback: as, fallbackAt: null } as const;
    const isCalled = as === 'failed' && facts.mayCall && campaign.state === 'running';
    if (contact.state === 'waiting' && isCalled) {
      await trx
        .updateTable('campaignContact')
        .set({ ...change, nextAt: now })
        .where('id', '=', id)
        .execute();
    } else if (contact.state === 'waiting') {
      const isTold = as === 'sent';
      await moveContact(trx, contact, isTold ? 'reached' : 'unreached', now, {
        ...change,
        result: isTold ? 'written' : contact.result,
        refusal: facts.refusal ?? contact.refusal,
        finishedAt: now,
      });
    } else if (contact.state === 'reached' && contact.result === 'written' && as !== 'sent') {
      // A receipt said that it never arrived, and no other channel took it.
      const to = isCalled ? 'waiting' : 'unreached';
      await moveContact(trx, contact, to, now, {
        ...change,
        result: null,
        ...(isCalled ? { nextAt: now } : {}),
      });
    } else {
      await trx.updateTable('campaignContact').set(change).where('id', '=', id).execute();
    }
  });
  log.info({ contactId: id, campaignId: campaign.id }, `written to: ${as}`);
}

/** Whoever was taken off the list meanwhile. */
async function dropStopped(db: Db, id: string): Promise<void> {
  await db
    .updateTable('campaignContact')
    .set({ fallback: 'dropped', fallbackAt: null })
    .where('id', '=', id)
    .where('fallback', '=', 'queued')
    .where('state', 'in', ['stopped', 'excluded'])
    .execute();
}

async function lookAgainAt(db: Db, id: string, fallbackAt: Date): Promise<void> {
  await db.updateTable('campaignContact').set({ fallbackAt }).where('id', '=', id).execute();
}

function queued(db: Db | Pool, id: string, isLocked = false): Promise<ContactRow | undefined> {
  const query = db
    .selectFrom('campaignContact')
    .selectAll()
    .where('id', '=', id)
    .where('fallback', '=', 'queued')
    .where('state', 'in', ['waiting', 'unreached', 'reached']);
  return (isLocked ? query.forUpdate() : query).executeTakeFirst();
}
