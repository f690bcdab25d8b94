import type { OccupancyRole } from '../contract/codes.ts';
import { newId } from '../core/ids.ts';
import type { Db, Pool } from '../db/index.ts';
import type { BillKind } from '../db/schema.ts';
import { demoName } from './demo-names.ts';
import { pinyinOf } from './people/names.ts';
import { hashPin } from './people/pins.ts';

interface DemoEstate {
  code: string;
  name: string;
  nameEn: string;
  city: string;
  address: string;
  did: string;
  flowId: string;
  buildings: number;
  units: number;
  floors: number;
  greeting: { 'zh-CN': string; en: string };
}

const estates: readonly DemoEstate[] = [
  {
    code: 'JX',
    name: '锦绣花园',
    nameEn: 'Jinxiu Garden',
    city: '杭州',
    address: '杭州市西湖区文三路 388 号',
    did: '4000',
    flowId: 'main-jinxiu',
    buildings: 8,
    units: 2,
    floors: 18,
    greeting: {
      'zh-CN': '您好，欢迎致电锦绣花园物业服务热线。',
      en: 'Welcome to the Jinxiu Garden service line.',
    },
  },
  {
    code: 'BJ',
    name: '滨江一号',
    nameEn: 'Riverside One',
    city: '杭州',
    address: '杭州市滨江区闻涛路 1 号',
    did: '4100',
    flowId: 'main-binjiang',
    buildings: 4,
    units: 2,
    floors: 26,
    greeting: {
      'zh-CN': '您好，这里是滨江一号管家中心。',
      en: 'Hello, this is the Riverside One concierge.',
    },
  },
];

/** By which other demo data finds them; real estates have codes of their own. */
export const demoEstateCodes: readonly string[] = estates.map(({ code }) => code);

const workday = [{ fromMinute: 8 * 60, toMinute: 20 * 60 }];
const restday = [{ fromMinute: 9 * 60, toMinute: 17 * 60 }];

/** Two estates with about a thousand rooms, their people, phones and bills. Does nothing twice. */
export async function seedDemo(db: Pool, today: Date): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const made = await trx
      .insertInto('meta')
      .values({ key: 'demo.property', value: today.toISOString() })
      .onConflict((conflict) => conflict.column('key').doNothing())
      .returning('key')
      .executeTakeFirst();
    if (made === undefined) return false;
    const world = new World(trx, today);
    for (const estate of estates) await world.build(estate);
    await world.settleKnownOwners();
    await world.flush();
    return true;
  });
}

type Table = 'building' | 'unit' | 'room' | 'person' | 'personPhone' | 'occupancy' | 'bill';

class World {
  readonly #db: Db;
  readonly #today: Date;
  readonly #rows: Record<Table, Record<string, unknown>[]> = {
    building: [],
    unit: [],
    room: [],
    person: [],
    personPhone: [],
    occupancy: [],
    bill: [],
  };
  readonly #roomIds = new Map<string, string>();
  #people = 0;

  constructor(db: Db, today: Date) {
    this.#db = db;
    this.#today = today;
  }

  async build(estate: DemoEstate): Promise<void> {
    const { did, flowId, greeting, buildings, units, floors, ...facts } = estate;
    const estateId = newId();
    await this.#db
      .insertInto('estate')
      .values({ id: estateId, ...facts })
      .execute();
    await this.#db
      .insertInto('hotline')
      .values({
        did,
        estateId,
        flowId,
        language: 'zh-CN',
        greeting: JSON.stringify(greeting),
        hours: JSON.stringify({ workday, restday }),
      })
      .execute();
    for (let building = 1; building <= buildings; building += 1) {
      const buildingId = this.#add('building', { estateId, number: String(building), floors });
      for (let unit = 1; unit <= units; unit += 1) {
        const unitId = this.#add('unit', { buildingId, number: String(unit) });
        for (let floor = 1; floor <= floors; floor += 1) {
          this.#floor({
            estateId,
            unitId,
            floor,
            prefix: `${building}栋${unit}单元`,
            code: estate.code,
          });
        }
      }
    }
  }

  #floor(at: {
    estateId: string;
    unitId: string;
    floor: number;
    prefix: string;
    code: string;
  }): void {
    for (const door of ['01', '02']) {
      const number = `${at.floor}${door}`;
      const label = at.prefix + number;
      const serial = this.#roomIds.size;
      const isKnown =
        (at.code === 'JX' && label === '3栋2单元1201') ||
        (at.code === 'JX' && label === '5栋1单元802') ||
        (at.code === 'BJ' && label === '1栋1单元1601');
      const isVacant = !isKnown && serial % 9 === 4;
      const roomId = this.#add('room', {
        estateId: at.estateId,
        unitId: at.unitId,
        number,
        floor: at.floor,
        label,
        areaCm2: (door === '01' ? 1_185_000 : 896_000) + (serial % 5) * 10_000,
        layout: door === '01' ? '三室两厅两卫' : '两室两厅一卫',
        state: isVacant ? 'vacant' : serial % 31 === 7 && !isKnown ? 'decorating' : 'occupied',
      });
      this.#roomIds.set(`${at.code} ${label}`, roomId);
      if (!isVacant && !isKnown) this.#household(roomId, serial);
    }
  }

  #household(roomId: string, serial: number): void {
    this.#resident(roomId, 'owner');
    if (serial % 4 === 1) this.#resident(roomId, 'family');
    if (serial % 7 === 3) this.#resident(roomId, 'tenant');
    const isLate = serial % 6 === 2;
    this.#bill(roomId, 'property', 1, 18_600 + (serial % 40) * 310, !isLate);
    this.#bill(roomId, 'water', 1, 3200 + (serial % 50) * 95, serial % 5 !== 0);
  }

  #resident(roomId: string, role: OccupancyRole): void {
    this.#people += 1;
    const person = this.person(demoName(this.#people));
    this.phone(person, `137${String(10_000_000 + this.#people * 7919).slice(-8)}`);
    this.#add('occupancy', { personId: person, roomId, role, validFrom: '2021-05-01' });
  }

  person(name: string, extra: Record<string, unknown> = {}): string {
    return this.#add('person', {
      name,
      namePinyin: pinyinOf(name),
      isVip: false,
      pinHash: null,
      ...extra,
    });
  }

  phone(personId: string, number: string): void {
    this.#add('personPhone', { personId, number, isPrimary: true });
  }

  #bill(
    roomId: string,
    kind: BillKind,
    monthsAgo: number,
    amountFen: number,
    isPaid: boolean,
  ): void {
    const first = new Date(
      Date.UTC(this.#today.getUTCFullYear(), this.#today.getUTCMonth() - monthsAgo, 1),
    );
    const period = first.toISOString().slice(0, 7);
    this.#add('bill', {
      roomId,
      kind,
      period,
      amountFen,
      paidFen: isPaid ? amountFen : 0,
      // Before the month ends, so that last month's bill is due on every day of this one.
      dueOn: `${period}-25`,
    });
  }

  /** The two owners whom the manual and the tests call by name. */
  async settleKnownOwners(): Promise<void> {
    const wang = this.person('王建国', { pinHash: await hashPin('2468') });
    this.phone(wang, '13800000001');
    const home = this.#home('JX 3栋2单元1201', wang);
    this.#bill(home, 'property', 1, 28_650, false);
    this.#bill(home, 'water', 1, 8650, false);
    const li = this.person('李秀英', { pinHash: await hashPin('1357'), isVip: true });
    this.phone(li, '13900000002');
    this.#bill(this.#home('JX 5栋1单元802', li), 'property', 1, 23_180, false);
    this.#home('BJ 1栋1单元1601', li);
  }

  #home(key: string, personId: string): string {
    const roomId = this.#roomIds.get(key);
    if (roomId === undefined) throw new Error(`the demo has no room ${key}`);
    this.#add('occupancy', { personId, roomId, role: 'owner', validFrom: '2019-09-01' });
    return roomId;
  }

  #add(table: Table, row: Record<string, unknown>): string {
    const id = newId();
    this.#rows[table].push({ id, ...row });
    return id;
  }

  async flush(): Promise<void> {
    for (const [table, rows] of Object.entries(this.#rows) as [Table, never[]][]) {
      for (let from = 0; from < rows.length; from += 500) {
        await this.#db
          .insertInto(table)
          .values(rows.slice(from, from + 500))
          .execute();
      }
    }
  }
}
