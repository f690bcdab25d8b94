import type { Call } from '../call/call.types.ts';
import type { Leg } from '../leg/leg.types.ts';
import { move } from './move.ts';

/** Customer and legs hear each other, in a conference of that call's own (`uuid_transfer … conference`). */
export async function confer(call: Call, legs: readonly Leg[]): Promise<void> {
  for (const id of [call.legId, ...legs.map((leg) => leg.id)]) {
    await move(call, `uuid_transfer ${id} conference:lt-${call.id}@default inline`);
  }
}
