/** Faxes that go out: the page, the tries, the results. */
export * from './faxes.errors.ts';
export { note, type Letter } from './format/letter.ts';
export { Faxes, type FaxParts, type NoteStep } from './outgoing/send.ts';
export {
  addArticleFax,
  addFax,
  triesOf,
  withdrawn,
  type ArticleFax,
  type FaxRequest,
} from './outgoing/store.ts';
