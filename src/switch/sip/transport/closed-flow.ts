import type { Flow, SipAddress } from './transport.types.ts';

/** A way that is not there: whatever is sent on it ends in a time-out at once. */
export function closedFlow(address: SipAddress): Flow {
  return { address, isReliable: true, isOpen: false, send: () => undefined };
}
