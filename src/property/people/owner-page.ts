import { inScope, narrowedBy, type Db, type Readable, type Scope } from '../../db/index.ts';
import { choicesOf } from './choices.ts';
import { localDay } from '../estates/days.ts';
import { debtsOf } from '../bills/debts.ts';
import { addressesOf } from './owner-addresses.ts';
import { PersonNotFoundError } from '../property.errors.ts';

const maxBills = 50;
const maxOrders = 50;
const maxCalls = 10;
const maxTexts = 10;

/**
 * Everything about a person: phones, homes of all times, and of the homes of today the bills and open
 * orders, as far as they lie in the scope. Throws `owner.not_found`.
 */
export async function readOwner(scope: Scope, given: Readable, personId: string, now: Date) {
  const db = narrowedBy(scope, given);
  const person = await db
    .selectFrom('person')
    .select(['id', 'name', 'language', 'isVip', 'pinHash', 'notes', 'createdAt'])
    .where('id', '=', personId)
    .executeTakeFirst();
  if (person === undefined) throw new PersonNotFoundError();
  const phones = await db
    .selectFrom('personPhone')
    .select(['id', 'number', 'extension', 'isPrimary', 'verifiedHow'])
    .where('personId', '=', personId)
    .orderBy('isPrimary', 'desc')
    .orderBy('number')
    .execute();
  const all = await readHomes(db, personId);
  const homes = all.filter((one) => scope.sees(one.estateId));
  if (homes.length === 0 && all.length > 0) throw new PersonNotFoundError();
  const current = homes.filter(({ timeZone, validFrom, validTo }) => {
    const today = localDay(now, timeZone);
    return validFrom <= today && (validTo === null || validTo >= today);
  });
  const roomIds = [...new Set(current.map((one) => one.roomId))];
  const { pinHash, ...shown } = person;
  return {
    ...shown,
    hasPin: pinHash !== null,
    phones,
    addresses: await addressesOf(db, personId),
    choices: await choicesOf(db, personId),
    homes: homes.map(({ timeZone: _, ...home }) => home),
    ...(await readMoney(db, roomIds, now)),
    openOrders: await readOrders(scope, db, personId, roomIds),
    lastCalls: await readCalls(
      scope,
      db,
      personId,
      phones.map((one) => one.number),
    ),
    lastTexts: await readTexts(db, personId),
  };
}

/** Who has homes, and none in the scope, does not exist there. Throws `owner.not_found`. */
export async function mustBeWithin(scope: Scope, db: Db, personId: string): Promise<void> {
  if (scope.sites === null) return;
  const homes = await readHomes(db, personId);
  if (homes.length === 0 || homes.some((one) => scope.sees(one.estateId))) return;
  throw new PersonNotFoundError();
}

function readHomes(db: Db, personId: string) {
  return db
    .selectFrom('occupancy')
    .innerJoin('room', 'room.id', 'occupancy.roomId')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .where('occupancy.personId', '=', personId)
    .select([
      'occupancy.id as occupancyId',
      'occupancy.roomId',
      'room.label',
      'room.estateId',
      'estate.name as estateName',
      'estate.nameEn as estateNameEn',
      'estate.timeZone',
      'occupancy.role',
      'occupancy.validFrom',
      'occupancy.validTo',
    ])
    .orderBy('occupancy.validFrom', 'desc')
    .orderBy('room.label')
    .limit(100)
    .execute();
}

async function readMoney(db: Db, roomIds: readonly string[], now: Date) {
  if (roomIds.length === 0) return { unpaidFen: 0, notDueFen: 0, bills: [] };
  const bills = await db
    .selectFrom('bill')
    .selectAll()
    .where('roomId', 'in', roomIds)
    .orderBy((of) => of.eb('paidFen', '<', of.ref('amountFen')), 'desc')
    .orderBy('period', 'desc')
    .orderBy('kind')
    .limit(maxBills)
    .execute();
  const debts = [...(await debtsOf(db, roomIds, now)).values()];
  return {
    unpaidFen: debts.reduce((sum, { fen }) => sum + fen, 0),
    notDueFen: debts.reduce((sum, { laterFen }) => sum + laterFen, 0),
    bills,
  };
}

function readOrders(scope: Scope, db: Db, personId: string, roomIds: readonly string[]) {
  return inScope(db, scope, 'workOrder')
    .select(['number', 'kind', 'category', 'state', 'severity', 'summary', 'roomId', 'createdAt'])
    .where((where) =>
      where.or([
        where('personId', '=', personId),
        ...(roomIds.length === 0 ? [] : [where('roomId', 'in', roomIds)]),
      ]),
    )
    .where('state', 'not in', ['done', 'confirmed', 'closed', 'cancelled'])
    .orderBy('createdAt', 'desc')
    .limit(maxOrders)
    .execute();
}

function readCalls(scope: Scope, db: Db, personId: string, numbers: readonly string[]) {
  return inScope(db, scope, 'call')
    .select(['id', 'direction', 'state', 'did', 'callerNumber', 'startedAt', 'endedAt', 'outcome'])
    .select('estateId')
    .where((where) =>
      where.or([
        where('personId', '=', personId),
        ...(numbers.length === 0
          ? []
          : [
              where.and([
                where('callerNumber', 'in', numbers),
                where('isNumberVerified', '=', true),
              ]),
            ]),
      ]),
    )
    .orderBy('startedAt', 'desc')
    .limit(maxCalls)
    .execute();
}

/** Texts that the person sent to us; who answers what, `messaging/incoming` says. */
function readTexts(db: Db, personId: string) {
  return db
    .selectFrom('incomingMessage')
    .select(['id', 'text', 'asks', 'receivedAt'])
    .where('personId', '=', personId)
    .orderBy('receivedAt', 'desc')
    .limit(maxTexts)
    .execute();
}
