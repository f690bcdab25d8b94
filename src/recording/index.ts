/** Recordings: their rows, files, checksums. */
export { createRecordings, type Recordings } from './recordings.ts';
