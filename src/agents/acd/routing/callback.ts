import type { WaitingCaller } from './routing.types.ts';

/**
 * The entry of a caller who hangs up and will be called when their turn comes: wait, priority and
 * place stay as they are, and neither time nor length sends them elsewhere.
 */
export function keepingPlace(caller: WaitingCaller): WaitingCaller {
  return { ...caller, isVirtual: true, isAdmitted: true };
}
