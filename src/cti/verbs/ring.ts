import type { Call } from '../call/call.types.ts';
import type { Endpoint } from '../call/dial.types.ts';
import type { Leg, LegRole } from '../leg/leg.types.ts';
import { linkOf } from '../call/link.ts';
import type { LegRecord } from '../call/recovery.ts';

/** A telephone that rings for a call. */
export interface PartyToRing {
  role: LegRole;
  endpoint: Endpoint;
  /** The number that they are shown; what is none is shown as `anonymous`. */
  shownNumber?: string | undefined;
  /** How long it rings, in seconds. */
  ringSec: number;
  /** Kept on the leg, for whoever takes the call up. */
  data?: Readonly<Partial<LegRecord>>;
  /** Of a supervisor: the leg that they listen to. The others are parked when they answer. */
  listensTo?: Leg;
  /** Their telephone takes the call by itself, since they have asked for it. */
  isAutoAnswered?: boolean;
  /** What has to be done before it rings, while the leg's row is written. */
  before?: Promise<unknown>;
  /** Asked in the last instant; false ends the leg as `ORIGINATOR_CANCEL`. */
  isWanted?: () => boolean;
  /** Told when the command has been written to the switch. */
  onSent?: (() => void) | undefined;
}

/**
 * Rings a further telephone on the switch of that call (`originate … &park()`, for a supervisor `&eavesdrop(…)`). The
 * leg is there at once and `answered` tells how it went; its row is written before the switch is asked. Throws
 * `dial.unsafe`, and what the rules of numbers outside throw.
 */
export function ring(call: Call, party: PartyToRing): Leg {
  const { shownNumber, listensTo, data = {}, ...rest } = party;
  return linkOf(call).dial({
    ...rest,
    data,
    callId: call.id,
    callerId: callerIdFor(party.role, shownNumber),
    eavesdropOn: listensTo?.id,
  });
}

/** Trunks take digits alone as a caller id; our own telephones show `+`, too. */
function callerIdFor(role: LegRole, number = ''): string {
  const shown = role === 'outside' ? /^[0-9]{1,20}$/ : /^[0-9+]{1,20}$/;
  return shown.test(number) ? number : 'anonymous';
}
