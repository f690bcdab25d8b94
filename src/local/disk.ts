import type { DiskState } from '../contract/codes.ts';

export interface DiskLimits {
  /** Free bytes below which supervisors are alarmed. */
  lowBytes: number;
  /** Free bytes below which recordings are expected to be cut. */
  fullBytes: number;
}

/** A state is left only with a twentieth more room than its limit, so that it does not flicker. */
const margin = 1.05;

/** What the free room means. @param before the state so far. */
export function diskState(freeBytes: number, limits: DiskLimits, before: DiskState): DiskState {
  const isBelow = (limit: number, isSo: boolean) => freeBytes < (isSo ? limit * margin : limit);
  if (isBelow(limits.fullBytes, before === 'full')) return 'full';
  return isBelow(limits.lowBytes, before !== 'ok') ? 'low' : 'ok';
}
