import type { Directory } from '../sip/index.ts';

/** For a telephone: nobody registers there. */
export const noDirectory: Directory = {
  find: () => Promise.resolve(undefined),
  refresh: () => Promise.resolve(undefined),
  known: () => undefined,
};
