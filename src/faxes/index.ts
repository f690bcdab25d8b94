/** Faxes that go out: the page, the tries, the results. */
export * from './faxes.errors.ts';
export { note, type Letter } from './letter.ts';
export { Faxes, type FaxParts, type NoteStep } from './send.ts';
export {
  addArticleFax,
  addFax,
  triesOf,
  withdrawn,
  type ArticleFax,
  type FaxRequest,
} from './store.ts';
