import type { ContactRow, Db, MessageChannel } from '../../db/index.ts';
import type { Campaign } from '../campaigns/campaigns.ts';
import { judge } from '../dialer/facts.ts';
import { nextAllowedTime, type RefusalCode } from '../rules/index.ts';
import { channelOrder, wishOf } from '../../messaging/index.ts';
import type { ChainInput } from './chain.ts';

/** What keeps us from writing as it keeps us from calling: it lies in the person or the debt. */
const standing: readonly RefusalCode[] = [
  'nothing_owed',
  'do_not_call',
  'minor',
  'sensitive',
  'disputed',
  'no_consent',
  'promise_pending',
];

export interface WritingFacts extends ChainInput {
  /** Why nothing is to be written any more. */
  refusal: RefusalCode | undefined;
  /** A call may follow when nothing could be written. */
  mayCall: boolean;
}

/** Everything that decides what is written to a contact, as the rows say it now. */
export async function writingFacts(
  db: Db,
  campaign: Campaign,
  contact: ContactRow,
  now: Date,
): Promise<WritingFacts> {
  const [judged] = await judge(db, campaign, [contact], now);
  const refusals = judged === undefined || judged.verdict.may ? [] : judged.verdict.refusals;
  const wish = await wishOf(db, contact.personId, campaign.topic);
  const { purpose, settings, endsAt } = campaign;
  const written = await db
    .selectFrom('outboundMessage')
    .select(['id', 'channel', 'state', 'nextAt', 'triedAt'])
    .where('contactId', '=', contact.id)
    .where('purpose', '=', 'fallback')
    .where('writingRound', '=', contact.writingRound)
    .execute();
  return {
    order: channelOrder(settings.fallback, purpose, wish, campaign.topic),
    addresses: await addressesFor(db, contact),
    ...{ written, purpose, now, until: endsAt },
    loudFrom: nextAllowedTime(now, contact.timeZone, purpose, wish?.hours ?? null),
    refusal: refusals.find(({ code }) => standing.includes(code))?.code,
    mayCall: wish === undefined || (wish.isWanted && wish.channels.includes('call')),
  };
}

/** Stopped by hand: nothing more goes out. One that came to its end may still write. */
export function isCut({ state, endsAt, endedAt }: Campaign): boolean {
  if (state === 'cancelled') return true;
  return state === 'stopped' && (endsAt === null || endedAt === null || endedAt < endsAt);
}

/** Numbers that take texts: mainland mobiles, and those of other countries. */
export function isTextable(number: string): boolean {
  return /^1[3-9]\d{9}$/.test(number) || /^(?!400|800)[2-9]\d{8,14}$/.test(number);
}

async function addressesFor(db: Db, contact: ContactRow): Promise<ChainInput['addresses']> {
  const { personId } = contact;
  // Of the person whose wishes are obeyed; somebody else in the home may have others.
  const sms = contact.numbers.find(
    (one) => isTextable(one.number) && (one.personId === personId || one.personId === null),
  )?.number;
  const rows =
    personId === null
      ? []
      : await db
          .selectFrom('personAddress')
          .select(['channel', 'address'])
          .where('personId', '=', personId)
          .where('bouncedAt', 'is', null)
          .orderBy('isPrimary', 'desc')
          .orderBy('id')
          .execute();
  const first = (channel: MessageChannel) => rows.find((one) => one.channel === channel)?.address;
  const [email, fax] = [first('email'), first('fax')];
  return {
    ...(sms === undefined ? {} : { sms }),
    ...(email === undefined ? {} : { email }),
    ...(fax === undefined ? {} : { fax }),
  };
}

export interface AddressFacts {
  isVerified: boolean;
  isOwner: boolean;
  isShared: boolean;
}

/** Whose address it is, and how sure we are; see `mayNameDebt`. */
export async function addressFacts(
  db: Db,
  contact: ContactRow,
  { channel, address }: { channel: MessageChannel; address: string },
  today: string,
): Promise<AddressFacts> {
  const { personId, roomId } = contact;
  if (personId === null || roomId === null) {
    return { isVerified: false, isOwner: false, isShared: true };
  }
  const users =
    channel === 'sms'
      ? await db
          .selectFrom('personPhone')
          .select(['personId', 'verifiedAt'])
          .where('number', '=', address)
          .execute()
      : await db
          .selectFrom('personAddress')
          .select(['personId', 'verifiedAt'])
          .where('channel', '=', channel)
          .where('address', '=', address)
          .execute();
  const owner = await db
    .selectFrom('occupancy')
    .select('id')
    .where('personId', '=', personId)
    .where('roomId', '=', roomId)
    .where('role', '=', 'owner')
    .where('validFrom', '<=', today)
    .where((where) => where.or([where('validTo', 'is', null), where('validTo', '>=', today)]))
    .executeTakeFirst();
  return {
    isVerified: users.some((one) => one.personId === personId && one.verifiedAt !== null),
    isOwner: owner !== undefined,
    isShared: users.some((one) => one.personId !== personId),
  };
}
