/** What a call is about: estates, rooms, people, phones, bills. */
export { demoEstateCodes, seedDemo } from './demo.ts';
export {
  changeHotline,
  firstHotline,
  hotlineFor,
  hotlinesIn,
  type HotlineChange,
} from './estates/hotlines.ts';
export { buildingsIn, estatesIn, roomsPage } from './estates/site-lists.ts';
export { openingState, type OpeningState } from './estates/hours.ts';
export { knownNumber, normaliseNumber, readNumber, type NumberReading } from './numbers.ts';
export { keptName, searchName, spellings } from './people/names.ts';
export { roomLabelOf } from './estates/room-labels.ts';
export { readOneNumber } from './one-number.ts';
export * from './people/owners.ts';
export { PinChecks } from './people/pin-checks.ts';
export type { PinLimits } from './people/pin-guard.ts';
export { hashPin, verifyPin, type PinResult } from './people/pins.ts';
export { dayIn, isDay, localDay } from './estates/days.ts';
export {
  debtRows,
  debtsOf,
  laterBills,
  noDebt,
  unpaidBills,
  type Debt,
  type UnpaidBill,
} from './bills/debts.ts';
export {
  isSameLocalDay,
  isTimeZone,
  nextAllowedTime,
  nextLocalDay,
  refusedTime,
  type TimeRefusal,
} from './estates/calling-time.ts';
export { isListKnown, isPublicHoliday, isWorkday, missingLists } from './estates/holidays.ts';
export {
  addHome,
  addPhone,
  createOwner,
  endHome,
  removePhone,
  type NewHomeFacts,
  type NewOwnerFacts,
  type NewPhoneFacts,
} from './people/owner-changes.ts';
export { normaliseAddress, type AddressChannel } from './people/addresses.ts';
export {
  addAddress,
  addressesOf,
  changeAddress,
  removeAddress,
  verifyPhone,
  type AddressChange,
  type NewAddressFacts,
  type OwnerAddress,
} from './people/owner-addresses.ts';
export {
  choicesOf,
  choose,
  forgetChoice,
  type Choice,
  type ChoiceChannel,
} from './people/choices.ts';
export { mustBeWithin, readOwner } from './people/owner-page.ts';
export { billsPage } from './bills/bill-list.ts';
export { payBill, type Paid } from './bills/payments.ts';
export { PersonNotFoundError, RoomUnknownError } from './property.errors.ts';
