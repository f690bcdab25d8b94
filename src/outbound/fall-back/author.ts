import type { Db, OutboundMessageRow, Pool } from '../../db/index.ts';
import type { Author, WordsNow } from '../../messaging/index.ts';
import { hotlineFor } from '../../property/index.ts';
import { findCampaign } from '../campaigns/read-campaign.ts';
import { compose, type ComposeParts } from './compose.ts';
import { isCut, writingFacts } from './facts.ts';

export type AuthorParts = ComposeParts & { db: Pool };

/** What campaigns' messages say while a carrier makes pages of them, and what a receipt does to the chain. */
export function fallBackAuthor(parts: AuthorParts): Author {
  return { wordsNow: (messageId) => wordsNow(parts, messageId), onReceipt };
}

const whilePausedMs = 60_000;

/** What a message says at this moment, if it still is to be sent. */
async function wordsNow(parts: AuthorParts, messageId: string): Promise<WordsNow> {
  const { db, clock } = parts;
  const message = await db
    .selectFrom('outboundMessage')
    .selectAll()
    .where('id', '=', messageId)
    .executeTakeFirst();
  if (message?.contactId == null) return { do: 'drop' };
  const contact = await db
    .selectFrom('campaignContact')
    .selectAll()
    .where('id', '=', message.contactId)
    .executeTakeFirstOrThrow();
  const campaign = await findCampaign(db, contact.campaignId);
  if (isCut(campaign) || ['stopped', 'excluded'].includes(contact.state)) return { do: 'drop' };
  const now = clock.now();
  if (campaign.state === 'paused') {
    return { do: 'wait', until: new Date(now.getTime() + whilePausedMs) };
  }
  const { refusal, loudFrom, until } = await writingFacts(db, campaign, contact, now);
  if (refusal !== undefined) return { do: 'drop' };
  if (campaign.purpose !== 'emergency' && (loudFrom === null || loudFrom > now)) {
    const isTooLate = loudFrom === null || (until !== null && loudFrom >= until);
    return isTooLate ? { do: 'drop' } : { do: 'wait', until: loudFrom };
  }
  const text = await db.transaction().execute(async (trx) => {
    const words = await compose(trx, parts, { campaign, contact }, message);
    // The row is the evidence of what was on the page.
    if (words !== undefined) {
      await trx.updateTable('outboundMessage').set(words).where('id', '=', messageId).execute();
    }
    return words;
  });
  if (text === undefined) return { do: 'drop' };
  const hotline = await hotlineFor(db, contact.estateId ?? undefined);
  const { language, timeZone } = contact;
  const from = (language === 'en' ? hotline?.estateNameEn : hotline?.estateName) ?? '';
  return { do: 'write', ...text, language, timeZone, from };
}

/** A message that did not arrive makes room for the person's next channel. */
async function onReceipt(
  trx: Db,
  { contactId }: OutboundMessageRow,
  to: 'delivered' | 'failed',
): Promise<void> {
  if (contactId === null) return;
  const contact = trx.updateTable('campaignContact').where('id', '=', contactId);
  if (to === 'failed') {
    await contact
      .set({ fallback: 'queued', fallbackAt: null })
      .where('fallback', 'in', ['sent', 'unknown'])
      .execute();
  } else {
    await contact.set({ fallback: 'sent' }).where('fallback', '=', 'unknown').execute();
  }
}
