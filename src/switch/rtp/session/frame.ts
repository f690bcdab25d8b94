/** Samples of 20 ms at 8 kHz: one tick, and one packet of ours. */
export const frameSamples = 160;
/** Of G.711. */
export const bytesPerMs = 8;
/** Shared and never written to. */
export const quiet = new Int16Array(frameSamples);
