/** Recordings: their rows, files, checksums. */
export { recordingIn, recordingsPage } from './list.ts';
export { createRecordings, type Recordings } from './recordings.ts';
