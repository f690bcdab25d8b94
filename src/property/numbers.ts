/** Numbers as they are kept; the web reads them by the same code, which is why it stands there. */
export {
  normaliseNumber,
  plainDigits,
  readNumber,
  type NumberFault,
  type NumberKind,
  type NumberReading,
  type ReadNumber,
} from '../contract/numbers.ts';
