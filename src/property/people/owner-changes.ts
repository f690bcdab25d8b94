import { mustChange } from '../../core/changes.ts';
import type { Clock } from '../../core/clock.ts';
import { newId } from '../../core/ids.ts';
import type { Language } from '../../core/language.ts';
import { emit, type Db } from '../../db/index.ts';
import type { OccupancyRole } from '../../db/schema.ts';
import { localDay, isDay } from '../estates/days.ts';
import { readOneNumber } from '../one-number.ts';
import { keptName, pinyinOf } from './names.ts';
import { hashPin } from './pins.ts';
import {
  HomeNotFoundError,
  HomePeriodError,
  NumberTakenError,
  PersonNotFoundError,
  PhoneNotFoundError,
  RoomUnknownError,
} from '../property.errors.ts';

export interface NewPhoneFacts {
  number: string;
  isPrimary?: boolean;
}

export interface NewHomeFacts {
  roomId: string;
  role: OccupancyRole;
  validFrom?: string;
  validTo?: string;
}

export interface NewOwnerFacts {
  name: string;
  language?: Language;
  isVip?: boolean;
  notes?: string;
  pin?: string;
  phones?: readonly NewPhoneFacts[];
  homes?: readonly NewHomeFacts[];
}

/** Makes a person with phones and homes; resolves with the id. `db` must be a transaction. */
export async function createOwner(db: Db, clock: Clock, facts: NewOwnerFacts): Promise<string> {
  const id = newId();
  const { language = 'zh-CN', isVip = false, notes = '', pin } = facts;
  const name = keptName(facts.name);
  const pinHash = pin === undefined ? null : await hashPin(pin);
  await db
    .insertInto('person')
    .values({ id, name, namePinyin: pinyinOf(name), language, isVip, notes, pinHash })
    .execute();
  for (const phone of facts.phones ?? []) await insertPhone(db, id, phone);
  for (const home of facts.homes ?? []) await insertHome(db, clock, id, home);
  await emit(db, 'owner.created', { personId: id }, clock.now());
  return id;
}

/** Ties a number to a person. The first one is the primary. `db` must be a transaction. */
export async function addPhone(
  db: Db,
  clock: Clock,
  personId: string,
  phone: NewPhoneFacts,
): Promise<{ id: string; number: string; extension: string | null; isPrimary: boolean }> {
  await lockPerson(db, personId);
  const added = await insertPhone(db, personId, phone);
  await emit(db, 'owner.changed', { personId }, clock.now());
  return added;
}

/** `db` must be a transaction. Another number becomes the primary when this one was. */
export async function removePhone(
  db: Db,
  clock: Clock,
  personId: string,
  phoneId: string,
): Promise<void> {
  await lockPerson(db, personId);
  const removed = await db
    .deleteFrom('personPhone')
    .where('id', '=', phoneId)
    .where('personId', '=', personId)
    .returning('isPrimary')
    .executeTakeFirst();
  if (removed === undefined) throw new PhoneNotFoundError();
  if (removed.isPrimary) {
    await db
      .updateTable('personPhone')
      .set({ isPrimary: true })
      .where('id', '=', (query) =>
        query
          .selectFrom('personPhone')
          .select('id')
          .where('personId', '=', personId)
          .orderBy('id')
          .limit(1),
      )
      .execute();
  }
  await emit(db, 'owner.changed', { personId }, clock.now());
}

/** `db` must be a transaction. Resolves with the id of the occupancy. */
export async function addHome(
  db: Db,
  clock: Clock,
  personId: string,
  home: NewHomeFacts,
): Promise<string> {
  await lockPerson(db, personId);
  const id = await insertHome(db, clock, personId, home);
  await emit(db, 'owner.changed', { personId }, clock.now());
  return id;
}

/** The last day on which the person lives there or owns it. `db` must be a transaction. */
export async function endHome(
  db: Db,
  clock: Clock,
  personId: string,
  { occupancyId, validTo }: { occupancyId: string; validTo: string },
): Promise<string | null> {
  await lockPerson(db, personId);
  const home = await db
    .selectFrom('occupancy')
    .select(['validFrom', 'validTo'])
    .where('id', '=', occupancyId)
    .where('personId', '=', personId)
    .executeTakeFirst();
  if (home === undefined) throw new HomeNotFoundError();
  if (!isDay(validTo) || validTo < home.validFrom) throw new HomePeriodError();
  mustChange(home, { validTo });
  await db.updateTable('occupancy').set({ validTo }).where('id', '=', occupancyId).execute();
  await emit(db, 'owner.changed', { personId }, clock.now());
  return home.validTo;
}

/** Changes of one person happen one after the other. Throws `owner.not_found`. */
export async function lockPerson(db: Db, personId: string): Promise<void> {
  const person = await db
    .selectFrom('person')
    .select('id')
    .where('id', '=', personId)
    .forUpdate()
    .executeTakeFirst();
  if (person === undefined) throw new PersonNotFoundError();
}

async function insertPhone(db: Db, personId: string, phone: NewPhoneFacts) {
  const { number, extension = null } = readOneNumber(phone.number);
  const others = await db
    .selectFrom('personPhone')
    .select('number')
    .where('personId', '=', personId)
    .execute();
  if (others.some((one) => one.number === number)) throw new NumberTakenError();
  const isPrimary = phone.isPrimary === true || others.length === 0;
  if (isPrimary) {
    await db
      .updateTable('personPhone')
      .set({ isPrimary: false })
      .where('personId', '=', personId)
      .execute();
  }
  const id = newId();
  await db
    .insertInto('personPhone')
    .values({ id, personId, number, extension, isPrimary })
    .execute();
  return { id, number, extension, isPrimary };
}

async function insertHome(
  db: Db,
  clock: Clock,
  personId: string,
  home: NewHomeFacts,
): Promise<string> {
  const room = await db
    .selectFrom('room')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .select('estate.timeZone')
    .where('room.id', '=', home.roomId)
    .executeTakeFirst();
  if (room === undefined) throw new RoomUnknownError();
  const validFrom = home.validFrom ?? localDay(clock.now(), room.timeZone);
  const validTo = home.validTo ?? null;
  const isPeriod =
    isDay(validFrom) && (validTo === null || (isDay(validTo) && validTo >= validFrom));
  if (!isPeriod) throw new HomePeriodError();
  const id = newId();
  const { roomId, role } = home;
  await db
    .insertInto('occupancy')
    .values({ id, personId, roomId, role, validFrom, validTo })
    .execute();
  return id;
}
