import { ignore } from '../../core/ignore.ts';
import type { Call } from '../call/call.types.ts';
import type { Leg } from '../leg/leg.types.ts';
import { commandsOf, linkOf } from '../call/link.ts';

/**
 * Ends the customer's leg with a cause of Q.850 in the switch's words (`uuid_kill`). Never throws: a switch that is
 * away is asked again by whoever finds the call there.
 */
export async function hangup(call: Call, cause = 'NORMAL_CLEARING'): Promise<void> {
  if (call.gone.aborted) return;
  await ignore(commandsOf(call).api('uuid_kill', [cause]), 'the leg may have ended already');
}

/** Ends a further leg (`uuid_kill`). Never throws: one that outlives its call is let go when the switch is back. */
export async function hangUpLeg(leg: Leg): Promise<void> {
  if (leg.gone.aborted) return;
  const killed = linkOf(leg).api(`uuid_kill ${leg.id} NORMAL_CLEARING`);
  await ignore(killed, 'the leg may have ended already');
}
