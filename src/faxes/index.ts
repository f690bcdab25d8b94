/**
 * Faxes: the page, the tries and the results of those that go out, the filing of those that come in, and
 * the formats of both. It carries messages for messaging, and holds no words of theirs.
 */
export * from './faxes.errors.ts';
export { fileFax } from './incoming/file-fax.ts';
export { carryMessages } from './outgoing/message-faxes.ts';
export { Faxes, type FaxParts } from './outgoing/send.ts';
export {
  faxSendingIn,
  faxSendingsPage,
  isReceivedFaxIn,
  receivedFaxesPage,
  triesIn,
} from './lists.ts';
export { addArticleFax, addFax, type ArticleFax, type FaxRequest } from './outgoing/store.ts';
