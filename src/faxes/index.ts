/** Faxes that go out: the page, the tries, the results. */
export * from './faxes.errors.ts';
export { Faxes, type FaxParts } from './send.ts';
export { addFax, triesOf, type FaxRequest } from './store.ts';
