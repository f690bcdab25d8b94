import type { ColumnType, Generated, Selectable } from 'kysely';
import type {
  AddressChannel,
  BillKind,
  OccupancyRole,
  RoomState,
  Verification,
} from '../../contract/codes.ts';
import type { Language } from '../../core/language.ts';
import type { CreatedAt, Json, OptionalTime, Time } from './columns.ts';

/** Estates and their homes, people, bills and payments. */
export interface PropertyTables {
  estate: EstateTable;
  hotline: HotlineTable;
  building: BuildingTable;
  unit: UnitTable;
  room: RoomTable;
  person: PersonTable;
  personPhone: PersonPhoneTable;
  personAddress: PersonAddressTable;
  occupancy: OccupancyTable;
  bill: BillTable;
  payment: PaymentTable;
  pinGuard: PinGuardTable;
}

/** One housing estate (小区): the site that a hotline, its people and its orders belong to. */
interface EstateTable {
  id: string;
  code: string;
  name: string;
  nameEn: string;
  city: string;
  address: string;
  /** IANA zone, e.g. `Asia/Shanghai`. */
  timeZone: Generated<string>;
  createdAt: CreatedAt;
}

/** Opening hours of a hotline. Minutes count from local midnight; weekday 1 is Monday. */
export interface OpeningHours {
  /** Ranges on working days, make-up working days included. */
  workday: { fromMinute: number; toMinute: number }[];
  /** Ranges on weekends and public holidays. */
  restday: { fromMinute: number; toMinute: number }[];
}

/** A dialled number (DID) and what answers it. */
interface HotlineTable {
  did: string;
  estateId: string;
  flowId: string;
  language: Language;
  /** Spoken first, per language. */
  greeting: Json<Record<Language, string>>;
  hours: Json<OpeningHours>;
  /** Where callers who want a person wait; null for the queue `general`. */
  queueId: Generated<string | null>;
  createdAt: CreatedAt;
}

interface BuildingTable {
  id: string;
  estateId: string;
  /** `3` of 3栋. */
  number: string;
  floors: number;
}

interface UnitTable {
  id: string;
  buildingId: string;
  /** `2` of 2单元. */
  number: string;
}

interface RoomTable {
  id: string;
  estateId: string;
  unitId: string;
  /** `1201`. */
  number: string;
  floor: number;
  /** As shown: `3栋2单元1201`. Unique within the estate. */
  label: string;
  areaCm2: ColumnType<number, number, number>;
  layout: string;
  state: RoomState;
}

interface PersonTable {
  id: string;
  name: string;
  /** Pinyin without tones and its initials, for search: `wangjianguo wjg`. */
  namePinyin: string;
  language: Generated<Language>;
  isVip: Generated<boolean>;
  /** Argon2id of the phone PIN; null when the person has none. */
  pinHash: string | null;
  notes: Generated<string>;
  /** Risk and care: `lives_alone`, `dispute`, `do_not_call` … */
  flags: ColumnType<string[], string[] | undefined, string[]>;
  /** The agent who looks after an important owner. */
  accountStaffId: ColumnType<string | null, string | null | undefined, string | null>;
  createdAt: CreatedAt;
}

interface PersonPhoneTable {
  id: string;
  personId: string;
  /** As src/contract/numbers.ts keeps it: mobiles without 86, landlines with 0, abroad with 00. */
  number: string;
  /** What to press behind it. */
  extension: Generated<string | null>;
  isPrimary: boolean;
  verifiedAt: OptionalTime;
  verifiedHow: Generated<Verification | null>;
  verifiedBy: Generated<string | null>;
}

interface PersonAddressTable {
  id: string;
  personId: string;
  channel: AddressChannel;
  /** A mail address, or a fax number in digits. */
  address: string;
  isPrimary: boolean;
  verifiedAt: OptionalTime;
  verifiedHow: Generated<Verification | null>;
  verifiedBy: Generated<string | null>;
  createdAt: CreatedAt;
  /** A mail came back from there for good; nobody writes there until it is changed or verified. */
  bouncedAt: OptionalTime;
}

/** Who lives in or owns which room, from when to when. */
interface OccupancyTable {
  id: string;
  personId: string;
  roomId: string;
  role: OccupancyRole;
  validFrom: ColumnType<string, string, string>;
  validTo: ColumnType<string | null, string | null | undefined, string | null>;
}

interface BillTable {
  id: string;
  roomId: string;
  kind: BillKind;
  /** `2026-10`. */
  period: string;
  amountFen: number;
  paidFen: Generated<number>;
  dueOn: ColumnType<string, string, string>;
  createdAt: CreatedAt;
}

interface PaymentTable {
  id: string;
  billId: string;
  amountFen: number;
  method: string;
  paidAt: Time;
}

/** Failed PIN attempts, counted per person and per caller number. Key: `person:<id>` or `number:<digits>`. */
interface PinGuardTable {
  key: string;
  failures: number;
  lockedUntil: OptionalTime;
  updatedAt: Time;
  /** In the last week. */
  locks: Generated<number>;
  lastLockAt: OptionalTime;
  dayBeganAt: OptionalTime;
  triesOfDay: Generated<number>;
}

export type Estate = Selectable<EstateTable>;
export type Hotline = Selectable<HotlineTable>;
export type Room = Selectable<RoomTable>;
export type Person = Selectable<PersonTable>;
export type PersonPhone = Selectable<PersonPhoneTable>;
export type PersonAddress = Selectable<PersonAddressTable>;
export type Occupancy = Selectable<OccupancyTable>;
export type Bill = Selectable<BillTable>;
