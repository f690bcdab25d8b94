import { sql } from 'kysely';
import type { Audience } from '../../contract/campaigns/audience.ts';
import type { Language } from '../../core/language.ts';
import type { BillKind, Db, OccupancyRole, WorkOrderKind, WorkOrderState } from '../../db/index.ts';
import { dayIn } from '../../property/index.ts';
import {
  households,
  mergeBySharedNumber,
  type Household,
  type Resident,
} from '../dialer/households.ts';
import type { Campaign } from './campaigns.ts';

/** Somebody to call, before the row is written. */
export interface Candidate {
  householdKey: string;
  personId: string | null;
  roomId: string | null;
  estateId: string | null;
  coveredRoomIds: readonly string[];
  name: string;
  language: Language;
  timeZone: string;
  numbers: readonly { number: string; personId: string | null }[];
  vars: Record<string, unknown>;
}

const batchSize = 1000;

/** Everybody whom the campaign is for, in batches; each home or person once over all of them. */
export async function* candidates(
  db: Db,
  campaign: Campaign,
  now: Date,
): AsyncGenerator<Candidate[]> {
  const { audience } = campaign.settings;
  const source =
    audience.listId !== undefined
      ? listed(db, campaign, audience.listId)
      : audience.campaign !== undefined
        ? ofCampaign(db, audience.campaign)
        : residents(db, campaign, now);
  const { siteIds } = campaign;
  const seen = new Set<string>();
  for await (const batch of source) {
    yield batch.filter((one) => {
      // Homes of other estates are left out; numbers of a list that we do not know are nobody's.
      if (siteIds !== null && one.estateId !== null && !siteIds.includes(one.estateId)) {
        return false;
      }
      // A debt belongs to its home; a notice is heard once a telephone, whatever homes it serves.
      const key =
        campaign.purpose === 'collection' ? one.householdKey : (one.numbers[0]?.number ?? '');
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
  }
}

async function* residents(db: Db, campaign: Campaign, now: Date): AsyncGenerator<Candidate[]> {
  const { audience } = campaign.settings;
  let after: string | undefined;
  for (;;) {
    const rooms = await roomsOf(db, campaign, audience, now, after);
    const last = rooms.at(-1);
    if (last === undefined) return;
    after = last.roomId;
    yield await toCandidates(db, campaign, audience, rooms, now);
    if (rooms.length < batchSize) return;
  }
}

interface RoomFacts {
  roomId: string;
  estateId: string;
  label: string;
  estateName: string;
  estateNameEn: string;
  timeZone: string;
}

async function roomsOf(
  db: Db,
  campaign: Campaign,
  audience: Audience,
  now: Date,
  after: string | undefined,
): Promise<RoomFacts[]> {
  let query = db
    .selectFrom('room')
    .innerJoin('unit', 'unit.id', 'room.unitId')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .select([
      'room.id as roomId',
      'room.estateId',
      'room.label',
      'estate.name as estateName',
      'estate.nameEn as estateNameEn',
      'estate.timeZone',
    ])
    .orderBy('room.id')
    .limit(batchSize);
  if (after !== undefined) query = query.where('room.id', '>', after);
  if (campaign.siteIds !== null) {
    query = query.where('room.estateId', 'in', orNobody(campaign.siteIds));
  }
  const { estateIds, buildingIds, unitIds, roomIds, order, debt, personIds } = audience;
  if (estateIds !== undefined) query = query.where('room.estateId', 'in', orNobody(estateIds));
  if (buildingIds !== undefined) {
    query = query.where('unit.buildingId', 'in', orNobody(buildingIds));
  }
  if (unitIds !== undefined) query = query.where('unit.id', 'in', orNobody(unitIds));
  if (roomIds !== undefined) query = query.where('room.id', 'in', orNobody(roomIds));
  if (personIds !== undefined) {
    query = query.where((where) =>
      where.exists(
        where
          .selectFrom('occupancy')
          .select('occupancy.id')
          .whereRef('occupancy.roomId', '=', 'room.id')
          .where('occupancy.personId', 'in', orNobody(personIds)),
      ),
    );
  }
  if (debt !== undefined || campaign.purpose === 'collection') {
    query = query.where('room.id', 'in', owingRooms(db, debt ?? {}, now));
  }
  if (order !== undefined) {
    query = query.where((where) => {
      let orders = where
        .selectFrom('workOrder')
        .select('workOrder.id')
        .whereRef('workOrder.roomId', '=', 'room.id');
      const { ids, kinds, states, changedWithinDays: days } = order;
      if (ids !== undefined) orders = orders.where('workOrder.id', 'in', orNobody(ids));
      if (kinds !== undefined) {
        orders = orders.where('workOrder.kind', 'in', kinds as WorkOrderKind[]);
      }
      if (states !== undefined) {
        orders = orders.where('workOrder.state', 'in', states as WorkOrderState[]);
      }
      if (days !== undefined) {
        const since = new Date(now.getTime() - days * 86_400_000);
        orders = orders.where('workOrder.updatedAt', '>=', since);
      }
      return where.exists(orders);
    });
  }
  return query.execute();
}

function owingRooms(db: Db, debt: NonNullable<Audience['debt']>, now: Date) {
  const today = dayIn(now, sql.ref('estate.time_zone'));
  const overdueDays = debt.overdueDays ?? 0;
  let query = db
    .selectFrom('bill')
    .innerJoin('room as home', 'home.id', 'bill.roomId')
    .innerJoin('estate', 'estate.id', 'home.estateId')
    .select('bill.roomId')
    .whereRef('bill.paidFen', '<', 'bill.amountFen')
    .where('bill.dueOn', '<=', sql<string>`${today} - ${overdueDays}::int`)
    .groupBy('bill.roomId');
  if (debt.kinds !== undefined) query = query.where('bill.kind', 'in', debt.kinds as BillKind[]);
  if (debt.minFen !== undefined) {
    query = query.having(sql<number>`sum(amount_fen - paid_fen)`, '>=', debt.minFen);
  }
  return query;
}

async function toCandidates(
  db: Db,
  campaign: Campaign,
  audience: Audience,
  rooms: readonly RoomFacts[],
  now: Date,
): Promise<Candidate[]> {
  const people = await peopleOf(db, campaign, audience, rooms, now);
  const homes = people.homes;
  const isDebt = campaign.purpose === 'collection';
  const calls: (Household & { coveredRoomIds?: readonly string[] })[] = isDebt
    ? households(homes, 'debtor')
    : mergeBySharedNumber(households(homes, 'residents'));
  const byRoom = new Map(rooms.map((room) => [room.roomId, room]));
  return calls.flatMap((call) => {
    const room = byRoom.get(call.roomId);
    const person = people.facts.get(call.personId);
    if (room === undefined || person === undefined) return [];
    return [
      {
        householdKey: `room:${call.roomId}`,
        personId: call.personId,
        roomId: call.roomId,
        estateId: room.estateId,
        coveredRoomIds: call.coveredRoomIds ?? [call.roomId],
        name: person.name,
        language: person.language,
        timeZone: room.timeZone,
        numbers: call.numbers,
        vars: {
          room: room.label,
          estate: { 'zh-CN': room.estateName, en: room.estateNameEn },
        },
      },
    ];
  });
}

async function peopleOf(
  db: Db,
  campaign: Campaign,
  audience: Audience,
  rooms: readonly RoomFacts[],
  now: Date,
) {
  const today = dayIn(now, sql.ref('estate.time_zone'));
  let query = db
    .selectFrom('occupancy')
    .innerJoin('room', 'room.id', 'occupancy.roomId')
    .innerJoin('estate', 'estate.id', 'room.estateId')
    .innerJoin('person', 'person.id', 'occupancy.personId')
    .innerJoin('personPhone', 'personPhone.personId', 'person.id')
    .leftJoin('callingProfile', 'callingProfile.personId', 'person.id')
    .select([
      'occupancy.roomId',
      'occupancy.role',
      'person.id as personId',
      'person.name',
      'person.language',
      'personPhone.number',
      'personPhone.isPrimary',
      'callingProfile.isMinor',
    ])
    .where(
      'occupancy.roomId',
      'in',
      rooms.map((room) => room.roomId),
    )
    .where('occupancy.validFrom', '<=', today)
    .where((where) =>
      where.or([where('occupancy.validTo', 'is', null), where('occupancy.validTo', '>=', today)]),
    )
    .orderBy('person.id')
    .orderBy('personPhone.id');
  const { roles, isVip, language, flags, personIds, subscribersOnly } = audience;
  if (roles !== undefined) query = query.where('occupancy.role', 'in', roles as OccupancyRole[]);
  if (isVip !== undefined) query = query.where('person.isVip', '=', isVip);
  if (language !== undefined) query = query.where('person.language', '=', language);
  if (flags !== undefined) query = query.where(sql<boolean>`person.flags && ${flags}::text[]`);
  if (personIds !== undefined) query = query.where('person.id', 'in', orNobody(personIds));
  if (subscribersOnly === true) {
    query = query.where((where) =>
      where.exists(
        where
          .selectFrom('subscription')
          .select('subscription.topic')
          .whereRef('subscription.personId', '=', 'person.id')
          .where('subscription.topic', '=', campaign.topic)
          .where('subscription.isWanted', '=', true),
      ),
    );
  }
  const rows = await query.execute();
  const facts = new Map(rows.map((row) => [row.personId, row]));
  const homes = new Map<string, Resident & { numbers: { number: string; isPrimary: boolean }[] }>();
  for (const row of rows) {
    const key = `${row.roomId} ${row.personId}`;
    const known = homes.get(key) ?? {
      roomId: row.roomId,
      personId: row.personId,
      role: row.role,
      isMinor: row.isMinor ?? false,
      numbers: [],
    };
    // Who is both owner and tenant of a home has two rows of it.
    if (!known.numbers.some((one) => one.number === row.number)) {
      known.numbers.push({ number: row.number, isPrimary: row.isPrimary });
    }
    homes.set(key, known);
  }
  return { facts, homes: [...homes.values()] };
}

async function* listed(db: Db, campaign: Campaign, listId: string): AsyncGenerator<Candidate[]> {
  let after = 0;
  for (;;) {
    const rows = await db
      .selectFrom('campaignListEntry')
      .leftJoin('room', 'room.id', 'campaignListEntry.roomId')
      .leftJoin('estate', 'estate.id', 'room.estateId')
      .selectAll('campaignListEntry')
      .select(['estate.id as estateId', 'estate.timeZone'])
      .where('listId', '=', listId)
      .where('line', '>', after)
      .orderBy('line')
      .limit(batchSize)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.line;
    yield rows.map((row) => ({
      // A debt is the home's; of a notice, each who stands on the list hears.
      householdKey:
        row.roomId === null || campaign.purpose !== 'collection'
          ? `number:${row.number}`
          : `room:${row.roomId}`,
      personId: row.personId,
      roomId: row.roomId,
      estateId: row.estateId,
      coveredRoomIds: row.roomId === null ? [] : [row.roomId],
      name: row.name,
      language: row.language,
      timeZone: row.timeZone ?? campaign.settings.timeZone,
      numbers: [row.number, ...row.moreNumbers].map((number) => ({
        number,
        personId: row.personId,
      })),
      vars: { ...row.vars },
    }));
  }
}

/** The people of a former campaign, with the homes that were covered then. */
async function* ofCampaign(
  db: Db,
  { id, states }: NonNullable<Audience['campaign']>,
): AsyncGenerator<Candidate[]> {
  let after: string | undefined;
  for (;;) {
    let query = db
      .selectFrom('campaignContact')
      .selectAll()
      .where('campaignId', '=', id)
      .orderBy('id')
      .limit(batchSize);
    if (after !== undefined) query = query.where('id', '>', after);
    if (states !== undefined) {
      query = query.where('state', 'in', states as ('reached' | 'unreached')[]);
    }
    const rows = await query.execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    yield rows;
  }
}

/** `IN ()` is no SQL; an empty list means nobody, not everybody. */
function orNobody(ids: readonly string[]): readonly string[] {
  return ids.length === 0 ? ['00000000-0000-0000-0000-000000000000'] : ids;
}
