/**
 * Faxes: the page, the tries and the results of those that go out, the filing of those that come in, and
 * the formats of both. It holds no words of campaigns: whoever wants a page says what is on it.
 */
export * from './faxes.errors.ts';
export { note, type Letter } from './format/letter.ts';
export { fileFax } from './incoming/file-fax.ts';
export { Faxes, type FaxParts, type NoteStep } from './outgoing/send.ts';
export {
  addArticleFax,
  addFax,
  triesOf,
  withdrawn,
  type ArticleFax,
  type FaxRequest,
} from './outgoing/store.ts';
