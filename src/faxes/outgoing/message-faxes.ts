import type { Clock } from '../../core/clock.ts';
import { AppError, messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Pool } from '../../db/index.ts';
import { note, withdrawn, type Faxes, type NoteStep } from '../index.ts';
import { localDay } from '../../property/index.ts';
import { findCampaign } from '../../outbound/campaigns/campaigns.ts';
import { hotlineFor } from '../../outbound/calls/guide.ts';
import { compose, type ComposeParts } from '../../outbound/fall-back/compose.ts';
import { isCut, writingFacts } from '../../outbound/fall-back/facts.ts';
import type { SendOutcome } from '../../messaging/delivery/message.states.ts';
import { takeReceipt } from '../../messaging/receipts/receipts.ts';
import type { Carrier } from '../../messaging/carriers/carriers.ts';

/**
 * Hands a message over as a fax, which has tries and results of its own; how it ended comes later, as a
 * receipt. The same message again makes no second fax.
 */
export function faxCarrier(db: Pool, faxes: Faxes): Carrier {
  return async ({ id, address, language }) => {
    const about = await db
      .selectFrom('outboundMessage')
      .leftJoin('campaignContact', 'campaignContact.id', 'outboundMessage.contactId')
      .leftJoin('campaign', 'campaign.id', 'outboundMessage.campaignId')
      .select(['campaignContact.roomId', 'campaignContact.estateId', 'campaign.purpose'])
      .where('outboundMessage.id', '=', id)
      .executeTakeFirst();
    const hotline = await hotlineFor(db, about?.estateId ?? undefined);
    try {
      const providerId = await faxes.requestNote({
        ...{ messageId: id, number: address, language, roomId: about?.roomId ?? null },
        did: hotline?.did ?? 'anonymous',
        isUrgent: about?.purpose === 'emergency',
      });
      return { kind: 'sent', providerId };
    } catch (error) {
      return outcomeOf(error);
    }
  };
}

/** Without a modem, a trunk or a font no fax can ever go out; a switch that is away comes back. */
function outcomeOf(error: unknown): SendOutcome {
  const isFax = error instanceof AppError && error.code.startsWith('fax.');
  if (isFax) return { kind: 'not_configured' };
  return { kind: 'not_sent', reason: 'unreachable', detail: messageOf(error).slice(0, 400) };
}

export type NoteParts = ComposeParts & { db: Pool };

const whilePausedMs = 60_000;

/** What the fax of a message says at this moment, if it still is to be sent. */
export async function noteOf(parts: NoteParts, messageId: string): Promise<NoteStep> {
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
  return {
    do: 'draw',
    letter: note({
      ...{ language, title: text.subject ?? '', body: text.body, day: localDay(now, timeZone) },
      footer: (language === 'en' ? hotline?.estateNameEn : hotline?.estateName) ?? '',
    }),
  };
}

/** How the fax of a message ended; other faxes are no business of campaigns. */
export async function takeFaxEnd(
  parts: { db: Pool; clock: Clock; log: Log },
  { faxId, state, reason }: { faxId: string; state: 'sent' | 'failed'; reason: string | null },
): Promise<void> {
  const fax = await parts.db
    .selectFrom('faxSending')
    .select('messageId')
    .where('id', '=', faxId)
    .executeTakeFirst();
  if (fax?.messageId == null) return;
  await takeReceipt(parts, {
    id: fax.messageId,
    state: state === 'sent' ? 'delivered' : 'failed',
    ...(reason === null ? {} : { reason }),
    ...(reason === withdrawn ? { why: 'no_longer_true' as const } : {}),
  });
}
