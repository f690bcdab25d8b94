import type { Language } from '../../core/language.ts';
import { sql } from 'kysely';
import type { Db } from '../../db/index.ts';
import type { Hotline } from '../../db/schema.ts';
import { dayIn } from '../estates/days.ts';

export interface HotlineWithEstate extends Hotline {
  estateName: string;
  estateNameEn: string;
  timeZone: string;
  /** Of the queue for callers who want a person; null for the one for everybody. */
  queueCode: string | null;
}

export function findHotline(db: Db, did: string): Promise<HotlineWithEstate | undefined> {
  return db
    .selectFrom('hotline')
    .innerJoin('estate', 'estate.id', 'hotline.estateId')
    .leftJoin('queue', 'queue.id', 'hotline.queueId')
    .selectAll('hotline')
    .select(['estate.name as estateName', 'estate.nameEn as estateNameEn', 'estate.timeZone'])
    .select('queue.code as queueCode')
    .where('hotline.did', '=', did)
    .executeTakeFirst();
}

/** A home that a phone number stands for, as valid today. */
export interface Home {
  personId: string;
  /** All who have this number and live there or own it, among them the one above. */
  personIds: string[];
  roomId: string;
  estateId: string;
  /** `3栋2单元1201`. */
  roomLabel: string;
  estateName: Record<Language, string>;
  isVip: boolean;
}

/**
 * All homes of all people who use this number, those of the dialled estate first. Joint owners of one home
 * have one home, and so has who is both its owner and its tenant.
 */
export async function homesOf(
  db: Db,
  number: string,
  estateId: string,
  now: Date,
): Promise<Home[]> {
  const today = dayIn(now, sql.ref('estate.time_zone'));
  const rows = await db
    .selectFrom('personPhone')
    .innerJoin('person', 'person.id', 'personPhone.personId')
    .innerJoin('occupancy', 'occupancy.personId', 'person.id')
    .innerJoin('room', 'room.id', 'occupancy.roomId')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .where('personPhone.number', '=', number)
    .where('occupancy.validFrom', '<=', today)
    .where((where) =>
      where.or([where('occupancy.validTo', 'is', null), where('occupancy.validTo', '>=', today)]),
    )
    .select([
      'person.id as personId',
      'person.isVip',
      'room.id as roomId',
      'room.estateId',
      'room.label as roomLabel',
      'estate.name',
      'estate.nameEn',
    ])
    .orderBy('room.label')
    .orderBy('room.id')
    .orderBy(sql`person.pin_hash IS NULL`)
    .orderBy('person.id')
    .execute();
  const homes = new Map<string, Home>();
  for (const { name, nameEn, ...row } of rows) {
    const known = homes.get(row.roomId);
    const estateName = { 'zh-CN': name, en: nameEn };
    if (known === undefined) {
      homes.set(row.roomId, { ...row, personIds: [row.personId], estateName });
    } else {
      known.isVip ||= row.isVip;
      if (!known.personIds.includes(row.personId)) known.personIds.push(row.personId);
    }
  }
  return [...homes.values()].sort(
    (a, b) => Number(b.estateId === estateId) - Number(a.estateId === estateId),
  );
}

/** Whoever alone uses that number; undefined when nobody does, or several. */
export async function onlyPersonOf(db: Db, number: string): Promise<string | undefined> {
  return (await onlyPeopleOf(db, [number])).get(number);
}

/** As `onlyPersonOf`, for many numbers in one question; a number that tells nobody is not in it. */
export async function onlyPeopleOf(
  db: Db,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(numbers)].filter((number) => number !== '');
  if (wanted.length === 0) return new Map();
  const rows = await db
    .selectFrom('personPhone')
    .select(['number', 'personId'])
    .distinct()
    .where('number', 'in', wanted)
    .execute();
  const people = new Map<string, string>();
  const shared = new Set<string>();
  for (const { number, personId } of rows) {
    if (people.has(number)) shared.add(number);
    people.set(number, personId);
  }
  for (const number of shared) people.delete(number);
  return people;
}
