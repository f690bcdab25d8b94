import { mustChange } from '../../core/changes.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import {
  emit,
  type Db,
  type PersonAddress,
  type PersonPhone,
  type Verification,
} from '../../db/index.ts';
import { normaliseAddress, type AddressChannel } from './addresses.ts';
import { lockPerson } from './owner-changes.ts';
import {
  AddressNotFoundError,
  AddressTakenError,
  BadAddressError,
  PhoneNotFoundError,
} from '../property.errors.ts';

export interface NewAddressFacts {
  channel: AddressChannel;
  address: string;
  isPrimary?: boolean;
}

export interface AddressChange {
  /** Another address is no longer verified. */
  address?: string;
  isPrimary?: true;
  /** Null takes the verification back. */
  verifiedHow?: Verification | null;
}

export type OwnerAddress = Pick<
  PersonAddress,
  'id' | 'channel' | 'address' | 'isPrimary' | 'verifiedAt' | 'verifiedHow' | 'bouncedAt'
>;

const shown = [
  'id',
  'channel',
  'address',
  'isPrimary',
  'verifiedAt',
  'verifiedHow',
  'bouncedAt',
] as const;

export function addressesOf(db: Db, personId: string): Promise<OwnerAddress[]> {
  return db
    .selectFrom('personAddress')
    .select(shown)
    .where('personId', '=', personId)
    .orderBy('channel')
    .orderBy('isPrimary', 'desc')
    .orderBy('id')
    .execute();
}

/** The first of its channel is the primary one. `db` must be a transaction. */
export async function addAddress(
  db: Db,
  clock: Clock,
  personId: string,
  { channel, address, isPrimary }: NewAddressFacts,
): Promise<OwnerAddress> {
  await lockPerson(db, personId);
  const kept = checked(channel, address);
  const others = (await addressesOf(db, personId)).filter((one) => one.channel === channel);
  if (others.some((one) => one.address === kept)) throw new AddressTakenError();
  const isFirst = isPrimary === true || others.length === 0;
  if (isFirst) await clearPrimary(db, personId, channel);
  const made = await db
    .insertInto('personAddress')
    .values({ id: newId(), personId, channel, address: kept, isPrimary: isFirst })
    .returning(shown)
    .executeTakeFirstOrThrow();
  await emit(db, 'owner.changed', { personId }, clock.now());
  return made;
}

/** `db` must be a transaction. `by` is who verified it, `staff:<username>`. */
export async function changeAddress(
  db: Db,
  clock: Clock,
  personId: string,
  addressId: string,
  change: AddressChange,
  by: string,
): Promise<OwnerAddress> {
  await lockPerson(db, personId);
  const all = await addressesOf(db, personId);
  const before = all.find((one) => one.id === addressId);
  if (before === undefined) throw new AddressNotFoundError();
  const { channel } = before;
  const address = change.address === undefined ? before.address : checked(channel, change.address);
  if (
    all.some((one) => one.id !== addressId && one.channel === channel && one.address === address)
  ) {
    throw new AddressTakenError();
  }
  mustChange(before, { ...change, address });
  if (change.isPrimary === true) await clearPrimary(db, personId, channel);
  const isOther = address !== before.address;
  const made = await db
    .updateTable('personAddress')
    .set({
      address,
      ...(change.isPrimary === true ? { isPrimary: true } : {}),
      ...(isOther || change.verifiedHow != null ? { bouncedAt: null } : {}),
      ...(change.verifiedHow !== undefined || isOther
        ? verification(clock, change.verifiedHow ?? null, by)
        : {}),
    })
    .where('id', '=', addressId)
    .returning(shown)
    .executeTakeFirstOrThrow();
  await emit(db, 'owner.changed', { personId }, clock.now());
  return made;
}

/** `db` must be a transaction. Another one of its channel becomes the primary when this one was. */
export async function removeAddress(
  db: Db,
  clock: Clock,
  personId: string,
  addressId: string,
): Promise<void> {
  await lockPerson(db, personId);
  const all = await addressesOf(db, personId);
  const removed = all.find((one) => one.id === addressId);
  if (removed === undefined) throw new AddressNotFoundError();
  await db.deleteFrom('personAddress').where('id', '=', addressId).execute();
  const next = all.find((one) => one.channel === removed.channel && one.id !== addressId);
  if (removed.isPrimary && next !== undefined) {
    await db
      .updateTable('personAddress')
      .set({ isPrimary: true })
      .where('id', '=', next.id)
      .execute();
  }
  await emit(db, 'owner.changed', { personId }, clock.now());
}

export type VerifiedPhone = Pick<
  PersonPhone,
  'id' | 'number' | 'extension' | 'isPrimary' | 'verifiedHow'
> & { verifiedBefore: Verification | null };

/** Whether a number is known to be this person's own. `db` must be a transaction. */
export async function verifyPhone(
  db: Db,
  clock: Clock,
  personId: string,
  phoneId: string,
  verifiedHow: Verification | null,
  by: string,
): Promise<VerifiedPhone> {
  await lockPerson(db, personId);
  const before = await db
    .selectFrom('personPhone')
    .select('verifiedHow')
    .where('id', '=', phoneId)
    .where('personId', '=', personId)
    .executeTakeFirst();
  if (before !== undefined) mustChange(before, { verifiedHow });
  const phone = await db
    .updateTable('personPhone')
    .set(verification(clock, verifiedHow, by))
    .where('id', '=', phoneId)
    .where('personId', '=', personId)
    .returning(['id', 'number', 'extension', 'isPrimary', 'verifiedHow'])
    .executeTakeFirst();
  if (phone === undefined) throw new PhoneNotFoundError();
  await emit(db, 'owner.changed', { personId }, clock.now());
  return { ...phone, verifiedBefore: before?.verifiedHow ?? null };
}

function verification(clock: Clock, verifiedHow: Verification | null, by: string) {
  return verifiedHow === null
    ? { verifiedAt: null, verifiedHow: null, verifiedBy: null }
    : { verifiedAt: clock.now(), verifiedHow, verifiedBy: by };
}

function checked(channel: AddressChannel, text: string): string {
  const address = normaliseAddress(channel, text);
  if (address === undefined) throw new BadAddressError(channel);
  return address;
}

async function clearPrimary(db: Db, personId: string, channel: AddressChannel): Promise<void> {
  await db
    .updateTable('personAddress')
    .set({ isPrimary: false })
    .where('personId', '=', personId)
    .where('channel', '=', channel)
    .execute();
}
