import type { Language } from '../core/language.ts';
import type { Db } from '../db/index.ts';
import type { BillKind, Hotline } from '../db/schema.ts';

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

/** A home that a phone number stands for: person × room, as valid today. */
export interface Home {
  personId: string;
  roomId: string;
  estateId: string;
  /** `3栋2单元1201`. */
  roomLabel: string;
  estateName: Record<Language, string>;
  isVip: boolean;
}

/** All homes of all people who use this number, those of the dialled estate first. */
export async function homesOf(
  db: Db,
  number: string,
  estateId: string,
  today: string,
): Promise<Home[]> {
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
    .execute();
  return rows
    .map(({ name, nameEn, ...row }) => ({ ...row, estateName: { 'zh-CN': name, en: nameEn } }))
    .sort((a, b) => Number(b.estateId === estateId) - Number(a.estateId === estateId));
}

export interface UnpaidBill {
  id: string;
  kind: BillKind;
  period: string;
  /** What is still owed, in fen. */
  amountFen: number;
  dueOn: string;
}

export async function unpaidBills(db: Db, roomId: string): Promise<UnpaidBill[]> {
  const rows = await db
    .selectFrom('bill')
    .where('roomId', '=', roomId)
    .whereRef('paidFen', '<', 'amountFen')
    .select(['id', 'kind', 'period', 'amountFen', 'paidFen', 'dueOn'])
    .orderBy('period')
    .orderBy('kind')
    .limit(50)
    .execute();
  return rows.map(({ paidFen, ...bill }) => ({ ...bill, amountFen: bill.amountFen - paidFen }));
}
