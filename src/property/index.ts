/** What a call is about: estates, rooms, people, phones, bills. */
export { seedDemo } from './demo.ts';
export { openingState, type OpeningState } from './hours.ts';
export { normaliseNumber } from './numbers.ts';
export * from './owners.ts';
export { hashPin, verifyPin, type PinResult } from './pins.ts';
