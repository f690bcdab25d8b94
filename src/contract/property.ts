/** What calls are about: sites, homes, people, bills. */
import { Type, type Static } from 'typebox';
import {
  addressChannels,
  billKinds,
  contactChannels,
  incomingAsks,
  occupancyRoles,
  roomStates,
  verifications,
} from './codes.ts';
import {
  Address,
  Fen,
  Instant,
  LanguageCode,
  nullable,
  PhoneNumber,
  Uuid,
  WrittenNumber,
  closed,
  oneOf,
} from './fields.ts';
import { pageOf, pageQuery, SearchText } from './pages.ts';
import { WorkOrderKindCode, WorkOrderStateCode } from './work-orders.ts';

/** `YYYY-MM-DD`. */
export const Day = Type.String({ format: 'date' });

export const EstateView = closed({
  id: Uuid,
  code: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  city: Type.String(),
  address: Type.String(),
  timeZone: Type.String(),
  createdAt: Instant,
});
export const EstatePage = pageOf(EstateView);

export const RoomView = closed({
  id: Uuid,
  estateId: Uuid,
  unitId: Uuid,
  number: Type.String(),
  floor: Type.Integer(),
  /** `3栋2单元1201` */
  label: Type.String(),
  areaCm2: Type.Integer(),
  layout: Type.String(),
  state: oneOf(roomStates),
});
export const RoomPage = pageOf(RoomView);
export const RoomQuery = closed({
  ...pageQuery,
  estateId: Type.Optional(Uuid),
  /** Part of the label: `3栋2单元` or `1201`. */
  q: Type.Optional(Type.String({ maxLength: 60 })),
});

export const BillView = closed({
  id: Uuid,
  roomId: Uuid,
  kind: oneOf(billKinds),
  /** `2026-10` */
  period: Type.String(),
  amountFen: Fen,
  paidFen: Fen,
  dueOn: Day,
  createdAt: Instant,
});
export type BillView = Static<typeof BillView>;
export const BillPage = pageOf(BillView);
export const BillQuery = closed({
  ...pageQuery,
  roomId: Type.Optional(Uuid),
  isUnpaid: Type.Optional(Type.Boolean()),
});

export const NewPayment = closed({
  /** At most what is still owed. */
  amountFen: Type.Integer({ minimum: 1 }),
  method: Type.Union([
    Type.Literal('cash'),
    Type.Literal('card'),
    Type.Literal('transfer'),
    Type.Literal('wechat'),
    Type.Literal('alipay'),
    Type.Literal('auto'),
    Type.Literal('other'),
  ]),
});
export const PaymentView = closed({
  id: Uuid,
  billId: Uuid,
  amountFen: Fen,
  method: Type.String(),
  paidAt: Instant,
});
export const PaymentResult = closed({ payment: PaymentView, bill: BillView });
export type PaymentResult = Static<typeof PaymentResult>;

export const OwnerView = closed({
  id: Uuid,
  name: Type.String(),
  language: LanguageCode,
  isVip: Type.Boolean(),
  notes: Type.String(),
  numbers: Type.Array(PhoneNumber),
});
export const OwnerPage = pageOf(OwnerView);
export const OwnerQuery = closed({
  ...pageQuery,
  /** Who has or had a home there. */
  estateId: Type.Optional(Uuid),
  /** Name, pinyin, telephone number, or home. */
  q: Type.Optional(SearchText),
});

export const OccupancyRoleCode = oneOf(occupancyRoles);
/** How staff know that a number or an address is the person's own; debts are named to no other. */
export const VerificationCode = Type.Enum(verifications);
export const OwnerPhone = closed({
  id: Uuid,
  number: PhoneNumber,
  /** Digits to press after the answer. */
  extension: nullable(Type.String()),
  isPrimary: Type.Boolean(),
  verifiedHow: nullable(VerificationCode),
});
export const OwnerAddress = closed({
  id: Uuid,
  channel: Type.Enum(addressChannels),
  address: Address,
  isPrimary: Type.Boolean(),
  verifiedHow: nullable(VerificationCode),
  /** A mail came back from there; it is not used until somebody changes or verifies it. */
  bouncedAt: nullable(Instant),
});
export type OwnerAddress = Static<typeof OwnerAddress>;
export const TopicCode = Type.String({ pattern: '^[a-z_]{1,40}$' });
const MinuteOfDay = Type.Integer({ minimum: 0, maximum: 1440 });
/** What a person wants to hear of, by which ways (the preferred one first), at which hours. */
export const OwnerChoice = closed({
  topic: TopicCode,
  isWanted: Type.Boolean(),
  channels: Type.Array(Type.Enum(contactChannels), {
    maxItems: 4,
    uniqueItems: true,
  }),
  /** Minutes from local midnight; an end before the start runs over midnight. */
  hours: nullable(closed({ fromMinute: MinuteOfDay, toMinute: MinuteOfDay })),
  evidence: Type.String(),
  changedAt: Instant,
});
export type OwnerChoice = Static<typeof OwnerChoice>;
export const OwnerHome = closed({
  occupancyId: Uuid,
  roomId: Uuid,
  label: Type.String(),
  estateId: Uuid,
  estateName: Type.String(),
  estateNameEn: Type.String(),
  role: OccupancyRoleCode,
  validFrom: Day,
  validTo: nullable(Day),
});
/** Everything about a person on one page. Bills and orders are those of the homes of today. */
export const OwnerDetail = closed({
  id: Uuid,
  name: Type.String(),
  language: LanguageCode,
  isVip: Type.Boolean(),
  hasPin: Type.Boolean(),
  notes: Type.String(),
  createdAt: Instant,
  phones: Type.Array(OwnerPhone),
  addresses: Type.Array(OwnerAddress),
  choices: Type.Array(OwnerChoice),
  homes: Type.Array(OwnerHome),
  /** Due by today, where the home is. */
  unpaidFen: Fen,
  /** Billed and not due yet. */
  notDueFen: Fen,
  /** Unpaid ones first, the latest period first; 50 at most. */
  bills: Type.Array(BillView),
  openOrders: Type.Array(
    closed({
      number: Type.String(),
      kind: WorkOrderKindCode,
      category: Type.String(),
      state: WorkOrderStateCode,
      severity: Type.String(),
      summary: Type.String(),
      roomId: nullable(Uuid),
      createdAt: Instant,
    }),
  ),
  /** The latest ten, from any of the person's numbers. */
  lastCalls: Type.Array(
    closed({
      id: Uuid,
      direction: Type.String(),
      state: Type.String(),
      did: Type.String(),
      callerNumber: Type.String(),
      startedAt: Instant,
      endedAt: nullable(Instant),
      outcome: nullable(Type.String()),
    }),
  ),
  /** Texts that the person sent to us, the latest ten. */
  lastTexts: Type.Array(
    closed({
      id: Uuid,
      text: Type.String(),
      /** `stop`: it asked for no more texts, which has been obeyed. */
      asks: Type.Enum(incomingAsks),
      receivedAt: Instant,
    }),
  ),
});
export type OwnerDetail = Static<typeof OwnerDetail>;

export const NewPhone = closed({ number: WrittenNumber, isPrimary: Type.Optional(Type.Boolean()) });
export const PhoneChange = closed({ verifiedHow: nullable(VerificationCode) });
export const NewAddress = closed({
  channel: Type.Enum(addressChannels),
  address: Address,
  isPrimary: Type.Optional(Type.Boolean()),
});
export const AddressChange = closed(
  {
    /** Another address is no longer verified. */
    address: Type.Optional(Address),
    isPrimary: Type.Optional(Type.Literal(true)),
    verifiedHow: Type.Optional(nullable(VerificationCode)),
  },
  { additionalProperties: false, minProperties: 1 },
);
export const NewChoice = closed({
  isWanted: Type.Boolean(),
  channels: OwnerChoice.properties.channels,
  hours: OwnerChoice.properties.hours,
});
export const NewHome = closed({
  roomId: Uuid,
  role: OccupancyRoleCode,
  /** Default: today, where the home is. */
  validFrom: Type.Optional(Day),
  validTo: Type.Optional(Day),
});
export const HomeEnd = closed({ validTo: Day });
export const NewOwner = closed({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  language: Type.Optional(LanguageCode),
  isVip: Type.Optional(Type.Boolean()),
  notes: Type.Optional(Type.String({ maxLength: 2000 })),
  /** Four to eight digits for bills by phone; never shown again. */
  pin: Type.Optional(Type.String({ pattern: '^\\d{4,8}$' })),
  phones: Type.Optional(Type.Array(NewPhone, { maxItems: 10 })),
  homes: Type.Optional(Type.Array(NewHome, { maxItems: 20 })),
});
export type NewOwner = Static<typeof NewOwner>;
