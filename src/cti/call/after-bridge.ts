import { waitingPlace } from '../nodes/switch-names.ts';

/**
 * What becomes of a leg whose partner leaves, when it is told to the switch beforehand: a service that is
 * dead at that moment can tell it nothing any more.
 */

/** See `freeswitch-conf/dialplan/lingting.xml`. */
const waiting = `${waitingPlace.extension}:XML:${waitingPlace.context}`;

/** FreeSWITCH hangs up a leg after some 70 transfers, and each hold is two of them. */
const transfers = { max_session_transfers: '10000' } as const;

/**
 * For the legs beside the customer's. One that hangs up while it holds by re-INVITE would take its
 * partner along on FreeSWITCH, whatever that partner's own variables say, without the last of these.
 */
export const partyVariables = {
  park_after_bridge: 'true',
  hangup_after_bridge: 'false',
  hold_hangup_xfer_exten: waiting,
  ...transfers,
} as const;

/** For the customer's; it counts for one bridge and is told again before each. `park_after_bridge` would win over it. */
export const customerVariables = {
  park_after_bridge: 'false',
  hangup_after_bridge: 'false',
  transfer_after_bridge: waiting,
  ...transfers,
} as const;
