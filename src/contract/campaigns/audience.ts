/** Whom a campaign calls: the conditions, an uploaded list, and a look at what would come of it. */
import { Type, type Static } from 'typebox';
import { billKinds, callStandings, occupancyRoles } from '../codes.ts';
import { Uuid, Instant, LanguageCode, PhoneNumber, Fen, nullable, closed } from '../fields.ts';
import { MessageChannel, whose } from './kinds.ts';

const Counts = Type.Record(Type.String(), Type.Integer());

/** Who is called: every condition that is given must hold. Empty conditions do not narrow. */
export const Audience = closed({
  estateIds: Type.Optional(Type.Array(Uuid, { maxItems: 500 })),
  buildingIds: Type.Optional(Type.Array(Uuid, { maxItems: 2000 })),
  unitIds: Type.Optional(Type.Array(Uuid, { maxItems: 5000 })),
  roomIds: Type.Optional(Type.Array(Uuid, { maxItems: 10_000 })),
  personIds: Type.Optional(Type.Array(Uuid, { maxItems: 10_000 })),
  roles: Type.Optional(Type.Array(Type.Enum(occupancyRoles), { maxItems: 3 })),
  isVip: Type.Optional(Type.Boolean()),
  language: Type.Optional(LanguageCode),
  /** People with one of these, e.g. `lives_alone`. */
  flags: Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 20 })),
  /** Homes with unpaid bills. */
  debt: Type.Optional(
    closed({
      kinds: Type.Optional(Type.Array(Type.Enum(billKinds))),
      minFen: Type.Optional(Fen),
      /** Days since the due date, at least. */
      overdueDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 3650 })),
    }),
  ),
  /** Homes with a work order like this. */
  order: Type.Optional(
    closed({
      ids: Type.Optional(Type.Array(Uuid, { maxItems: 5000 })),
      kinds: Type.Optional(Type.Array(Type.String({ maxLength: 40 }))),
      states: Type.Optional(Type.Array(Type.String({ maxLength: 40 }))),
      changedWithinDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
    }),
  ),
  /** Only those who subscribed to the campaign's topic. */
  subscribersOnly: Type.Optional(Type.Boolean()),
  /** The people of another campaign, e.g. all-clear after an outage; `results` narrows it. */
  campaign: Type.Optional(
    closed({
      id: Uuid,
      states: Type.Optional(Type.Array(Type.String({ maxLength: 20 }))),
    }),
  ),
  /** An uploaded list instead of our own records. */
  listId: Type.Optional(Uuid),
});
export type Audience = Static<typeof Audience>;

/** `POST /campaign-lists` */
export const NewCampaignList = closed({
  name: Type.String({ minLength: 1, maxLength: 80 }),
  /** The table itself, or the file's bytes in base64: UTF-8, UTF-16 or GB18030. */
  text: Type.Optional(Type.String({ minLength: 1 })),
  file: Type.Optional(Type.String({ minLength: 1, contentEncoding: 'base64' })),
});

export const UploadedList = closed({
  id: Uuid,
  name: Type.String(),
  entries: Type.Integer(),
  /** Columns that a script may speak of. */
  slots: Type.Array(Type.String()),
  faults: Type.Array(
    closed({ line: Type.Integer(), code: Type.String(), reason: Type.Optional(Type.String()) }),
  ),
});
export type UploadedList = Static<typeof UploadedList>;

/** Before a campaign begins: called at once, later, written to first, or left out. */
export const CallStandingCode = Type.Enum(callStandings);

export const CampaignPreview = closed({
  /** Homes or people, each counted once. */
  contacts: Type.Integer(),
  /** Of them those who would be called, now or later. */
  called: Type.Integer(),
  /** Of those, whoever may be called at this moment. */
  callableNow: Type.Integer(),
  numbers: Type.Integer(),
  owedFen: Fen,
  /** Left out for now, by reason: no number, a minor, on the do-not-call list … */
  excluded: Counts,
  /** Calls that it will take, as results usually fall. */
  expectedCalls: Type.Integer(),
  expectedMinutes: Type.Integer(),
  /** When it would be done if it started now; the hours in which nobody is called included. */
  expectedEnd: nullable(Instant),
  /** Not called at first, since they chose to read it. */
  writtenFirst: Type.Integer(),
  /** What is written to those who are not reached, by channel and language. */
  texts: Type.Array(
    closed({
      channel: MessageChannel,
      language: LanguageCode,
      subject: nullable(Type.String()),
      body: Type.String(),
      /** Only to addresses that are verified to be the owner's. */
      isDebtNamed: Type.Boolean(),
      /** UTF-16 code units. */
      units: Type.Integer(),
      /** Texts that are paid for: 70 units in one, 67 in each of several; null for other channels. */
      parts: nullable(Type.Integer()),
    }),
  ),
  scriptFaults: Type.Array(
    closed({ code: Type.String(), language: LanguageCode, words: Type.String() }),
  ),
});
export type CampaignPreview = Static<typeof CampaignPreview>;

/** One line of the list of whom a campaign would call. */
export const CalledView = closed({
  /** From 1, in the order of the audience. */
  position: Type.Integer(),
  name: Type.String(),
  ...whose,
  /** Several, when one number serves several homes. */
  roomLabels: Type.Array(Type.String()),
  numbers: Type.Array(PhoneNumber),
  state: CallStandingCode,
  /** Why not now. */
  refusal: nullable(Type.String()),
  owedFen: nullable(Type.Integer()),
});
export type CalledView = Static<typeof CalledView>;
