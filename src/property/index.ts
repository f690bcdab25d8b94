/** What a call is about: estates, rooms, people, phones, bills. */
export { demoEstateCodes, seedDemo } from './demo.ts';
export { openingState, type OpeningState } from './hours.ts';
export { normaliseNumber, readNumber, type NumberReading } from './numbers.ts';
export { keptName, searchName, spellings } from './names.ts';
export { roomLabelOf } from './room-labels.ts';
export { readOneNumber } from './one-number.ts';
export * from './owners.ts';
export { PinChecks } from './pin-checks.ts';
export type { PinLimits } from './pin-guard.ts';
export { hashPin, verifyPin, type PinResult } from './pins.ts';
export { dayIn, isDay, localDay } from './days.ts';
export {
  debtRows,
  debtsOf,
  laterBills,
  noDebt,
  unpaidBills,
  type Debt,
  type UnpaidBill,
} from './debts.ts';
export { isListKnown, isPublicHoliday, isWorkday, missingLists } from './holidays.ts';
export {
  addHome,
  addPhone,
  createOwner,
  endHome,
  removePhone,
  type NewHomeFacts,
  type NewOwnerFacts,
  type NewPhoneFacts,
} from './owner-changes.ts';
export { normaliseAddress, type AddressChannel } from './addresses.ts';
export {
  addAddress,
  addressesOf,
  changeAddress,
  removeAddress,
  verifyPhone,
  type AddressChange,
  type NewAddressFacts,
  type OwnerAddress,
} from './owner-addresses.ts';
export { choicesOf, choose, forgetChoice, type Choice, type ChoiceChannel } from './choices.ts';
export { mustBeWithin, readOwner } from './owner-page.ts';
export { payBill, type Paid } from './payments.ts';
export { PersonNotFoundError, RoomUnknownError } from './property.errors.ts';
