import { newId } from '../../src/core/ids.ts';
import type { Pool } from '../../src/db/index.ts';

export interface NewHome {
  building: string;
  room: string;
  /** Of the owner, in the order in which they are called. */
  numbers: readonly string[];
  owedFen?: number;
}

/** Homes of their own for a test, in new buildings of the demo's first estate; ids in the same order. */
export async function addHomes(db: Pool, homes: readonly NewHome[]): Promise<string[]> {
  const estate = await db
    .selectFrom('estate')
    .select('id')
    .where('code', '=', 'JX')
    .executeTakeFirstOrThrow();
  const units = new Map<string, string>();
  const ids: string[] = [];
  for (const { building, room, numbers, owedFen } of homes) {
    let unitId = units.get(building);
    if (unitId === undefined) {
      const buildingId = newId();
      unitId = newId();
      await db
        .insertInto('building')
        .values({ id: buildingId, estateId: estate.id, number: building, floors: 9 })
        .execute();
      await db.insertInto('unit').values({ id: unitId, buildingId, number: '1' }).execute();
      units.set(building, unitId);
    }
    const [roomId, personId] = [newId(), newId()];
    await db
      .insertInto('room')
      .values({
        ...{ id: roomId, estateId: estate.id, unitId, number: room, floor: 1 },
        label: `${building}栋1单元${room}`,
        areaCm2: 900_000,
        layout: '两室',
        state: 'occupied',
      })
      .execute();
    await db
      .insertInto('person')
      .values({ id: personId, name: `业主${room}`, namePinyin: 'yezhu', isVip: false })
      .execute();
    for (const [at, number] of numbers.entries()) {
      await db
        .insertInto('personPhone')
        .values({ id: newId(), personId, number, isPrimary: at === 0 })
        .execute();
    }
    await db
      .insertInto('occupancy')
      .values({ id: newId(), personId, roomId, role: 'owner', validFrom: '2021-01-01' })
      .execute();
    if (owedFen !== undefined) {
      await db
        .insertInto('bill')
        .values({
          ...{ id: newId(), roomId, kind: 'property', period: '2020-01' },
          amountFen: owedFen,
          paidFen: 0,
          dueOn: '2020-01-10',
        })
        .execute();
    }
    ids.push(roomId);
  }
  return ids;
}
