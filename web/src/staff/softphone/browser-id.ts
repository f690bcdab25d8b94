import { randomId } from '../../shared/browser/random-id.ts';
import { store, stored } from '../../shared/browser/storage.ts';

const key = 'lingting.browser';
let known: string | undefined;

/** Names this browser, the same for all its pages and after they are loaded anew. */
export function browserId(): string {
  known ??= stored(key) ?? randomId();
  store(key, known);
  return known;
}
