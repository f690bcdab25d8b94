import { sql } from 'kysely';
import type { QueueSettings } from '../contract/agents/queues.ts';
import type { Db } from '../db/index.ts';
import { demoEstateCodes } from '../property/index.ts';
import type { Graph, GraphEstate, GraphHome, GraphPerson, GraphStaff } from './graph.ts';

/** The demo's estates, people and accounts as they are now; undefined where the demo was never made, or is shut out. */
export async function readGraph(db: Db, switchNode: string): Promise<Graph | undefined> {
  const estates = await estatesOf(db);
  const staff = await db
    .selectFrom('staff')
    .select(['id', 'username', 'displayName', 'role'])
    .where('isDemo', '=', true)
    .where('isDisabled', '=', false)
    .orderBy('username')
    .execute();
  const ofRole = (role: string): GraphStaff[] =>
    staff
      .filter((one) => one.role === role)
      .map(({ id, username, displayName }) => ({ id, username, displayName }));
  const [supervisor, admin, agents] = [
    ofRole('supervisor')[0],
    ofRole('admin')[0],
    ofRole('agent'),
  ];
  const queues = await queuesOf(db);
  const homes = await homesOf(db, estates);
  if (supervisor === undefined || admin === undefined || queues === undefined) return undefined;
  if (agents.length < 2 || homes.length === 0) return undefined;
  const numbers = await db.selectFrom('workOrderCounter').selectAll().execute();
  const flows = await db.selectFrom('flow').select(['id', 'liveVersion']).execute();
  return {
    ...{ estates, homes, agents, supervisor, admin, queues, switchNode },
    trunk: await trunkOf(db),
    lastNumbers: Object.fromEntries(numbers.map(({ day, last }) => [day, last])),
    flowVersions: Object.fromEntries(flows.map(({ id, liveVersion }) => [id, liveVersion ?? 1])),
  };
}

async function estatesOf(db: Db): Promise<GraphEstate[]> {
  const rows = await db
    .selectFrom('estate')
    .innerJoin('hotline', 'hotline.estateId', 'estate.id')
    .select(['estate.id', 'estate.code', 'estate.name', 'estate.nameEn', 'estate.timeZone'])
    .select(['hotline.did', 'hotline.flowId'])
    .where('estate.code', 'in', demoEstateCodes)
    .orderBy('hotline.did')
    .execute();
  return rows.filter(({ id }, index) => rows.findIndex((row) => row.id === id) === index);
}

/** Homes that somebody with a telephone lives in or owns, in the order of their labels. */
async function homesOf(db: Db, estates: readonly GraphEstate[]): Promise<GraphHome[]> {
  if (estates.length === 0) return [];
  const { rows } = await sql<Omit<GraphHome, 'people'> & GraphPerson>`
    SELECT room.id AS "roomId", room.estate_id AS "estateId", room.label,
      building.number AS "building", room.area_cm2::float8 AS "areaCm2", person.id AS "personId", person.name, phone.number,
      occupancy.role, person.pin_hash IS NOT NULL AS "hasPin",
      EXISTS (SELECT 1 FROM bill WHERE bill.room_id = room.id AND bill.paid_fen < bill.amount_fen)
        AS "owes"
    FROM room
    JOIN unit ON unit.id = room.unit_id
    JOIN building ON building.id = unit.building_id
    JOIN occupancy ON occupancy.room_id = room.id AND occupancy.valid_to IS NULL
    JOIN person ON person.id = occupancy.person_id
    JOIN LATERAL (
      SELECT number FROM person_phone WHERE person_phone.person_id = person.id
      ORDER BY is_primary DESC, id LIMIT 1
    ) AS phone ON true
    WHERE room.estate_id = ANY(${estates.map(({ id }) => id)}::uuid[])
    ORDER BY array_position(${estates.map(({ id }) => id)}::uuid[], room.estate_id), room.label,
      occupancy.role, phone.number
  `.execute(db);
  const homes = new Map<string, GraphHome & { people: GraphPerson[] }>();
  for (const { roomId, estateId, label, building, areaCm2, owes, ...person } of rows) {
    const home = { roomId, estateId, label, building, areaCm2, owes };
    const known = homes.get(roomId) ?? { ...home, people: [] };
    known.people.push(person);
    homes.set(roomId, known);
  }
  return [...homes.values()];
}

async function queuesOf(db: Db): Promise<Graph['queues'] | undefined> {
  const rows = await db
    .selectFrom('queue')
    .select(['id', 'code', 'settings'])
    .where('code', 'in', ['general', 'emergency'])
    .execute();
  const of = (code: string): Graph['queues']['general'] | undefined => {
    const row = rows.find((one) => one.code === code);
    const settings: QueueSettings | undefined = row?.settings;
    return row && settings
      ? {
          id: row.id,
          serviceLevelSec: settings.serviceLevelSec,
          offerSec: settings.offerSec,
          wrapUpSec: settings.wrapUpSec ?? 60,
        }
      : undefined;
  };
  const [general, emergency] = [of('general'), of('emergency')];
  return general && emergency && { general, emergency };
}

async function trunkOf(db: Db): Promise<Graph['trunk']> {
  return db
    .selectFrom('trunk')
    .select(['id', 'callerId', 'callerIds'])
    .where('isEnabled', '=', true)
    .orderBy('priority')
    .limit(1)
    .executeTakeFirst();
}
