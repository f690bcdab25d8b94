import type { Clock } from '../../core/clock.ts';
import type { ContactRow, Db, MessageChannel } from '../../db/index.ts';
import { hotlineFor, localDay } from '../../property/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import { authorText } from '../campaigns/author-text.ts';
import { filledFor } from '../lists/placeholders.ts';
import { debtsOf } from '../dialer/facts.ts';
import { addressFacts } from './facts.ts';
import { mayNameDebt, textOf, type NamedDebt, type Text } from '../../messaging/index.ts';

export interface ComposeParts {
  clock: Clock;
  /** Where an owner pays; the room's id is added. */
  paymentUrl: string;
  smsSign: string | undefined;
}

/**
 * What somebody reads, from the rows of this moment; undefined when nothing is owed any more. `db` is the
 * transaction that also writes the try down, so that no amount is older than the try.
 */
export async function compose(
  db: Db,
  { clock, paymentUrl, smsSign }: ComposeParts,
  { campaign, contact }: { campaign: Campaign; contact: ContactRow },
  to: { channel: MessageChannel; address: string },
): Promise<Text | undefined> {
  const now = clock.now();
  const { estateId, timeZone } = contact;
  const owedFen =
    campaign.purpose === 'collection' ? await owedBy(db, campaign, contact, now) : undefined;
  if (owedFen === 0) return undefined;
  const hotline = await hotlineFor(db, estateId ?? undefined);
  const isNamed =
    owedFen !== undefined &&
    mayNameDebt(await addressFacts(db, contact, to, localDay(now, timeZone)));
  const message = authorText(campaign.settings.script.texts['message'], contact.language);
  const language = message?.language ?? contact.language;
  const estate = language === 'en' ? hotline?.estateNameEn : hotline?.estateName;
  const facts = { language, estate, callback: hotline?.did };
  return textOf({
    ...{ channel: to.channel, purpose: campaign.purpose, ...facts },
    message: message === undefined ? undefined : filledFor(message.text, contact, facts),
    wasCalled: contact.attempts > 0,
    debt: isNamed ? await debtOf(db, contact, owedFen, paymentUrl) : null,
    sign: smsSign,
  });
}

async function owedBy(
  db: Db,
  campaign: Campaign,
  { roomId }: ContactRow,
  now: Date,
): Promise<number> {
  if (roomId === null) return 0;
  return (await debtsOf(db, campaign, [roomId], now)).get(roomId)?.owedFen ?? 0;
}

async function debtOf(
  db: Db,
  { name, roomId }: ContactRow,
  owedFen: number,
  paymentUrl: string,
): Promise<NamedDebt | null> {
  if (roomId === null) return null;
  const room = await db
    .selectFrom('room')
    .select('label')
    .where('id', '=', roomId)
    .executeTakeFirst();
  return room === undefined
    ? null
    : { name, room: room.label, owedFen, link: `${paymentUrl}${roomId}` };
}
