import type { Call } from '../call/call.types.ts';
import type { Leg } from '../leg/leg.types.ts';
import { linkOf } from '../call/link.ts';
import { move } from './move.ts';

/** The customer is in nothing any more, whatever it was: a bridge, a conference, music (`uuid_transfer … park`). */
export async function park(call: Call): Promise<void> {
  await move(call, `uuid_transfer ${call.legId} park inline`);
}

/** That leg hears nothing any more (`uuid_transfer … park`). */
export async function parkLeg(leg: Leg): Promise<void> {
  await linkOf(leg).api(`uuid_transfer ${leg.id} park inline`);
}
