import { Type } from 'typebox';

export const nothing = Type.Object({}, { additionalProperties: false });

/** Housekeeping is light, and the next night comes by itself. */
export const nightly = { payload: nothing, attempts: 5, backoffMs: 30_000, limitMs: 10 * 60_000 };
