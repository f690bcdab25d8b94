import { until } from '../../core/concurrency/wait.ts';
import { customerVariables } from '../call/after-bridge.ts';
import type { Call } from '../call/call.types.ts';
import type { Leg } from '../leg/leg.types.ts';
import { commandsOf } from '../call/link.ts';
import { assignments } from '../call/variables.ts';
import { move } from './move.ts';

/** A bridge that has not come up by then will not. */
const bridgeMs = 5000;

/**
 * Customer and leg talk; whoever either of them talked to is parked (`uuid_bridge`). Resolves when they do, or the leg
 * has gone. Throws `call.gone` for a customer who has left, and after five seconds without a bridge.
 */
export async function bridge(call: Call, leg: Leg): Promise<void> {
  // They count for one bridge.
  await commandsOf(call).api('uuid_setvar_multi', [assignments(customerVariables)]);
  await move(call, `uuid_bridge ${call.legId} ${leg.id}`);
  await until(
    'the bridge',
    () => call.bridgedTo === leg.id || call.gone.aborted || leg.gone.aborted,
    { timeoutMs: bridgeMs },
  );
  call.gone.throwIfAborted();
}

/** Two legs of that call other than the customer's talk (`uuid_bridge`). A bridge that does not come up is logged. */
export async function bridgeLegs(call: Call, one: Leg, other: Leg): Promise<void> {
  await move(call, `uuid_bridge ${one.id} ${other.id}`);
  // FreeSWITCH answers before the bridge is up, and loses another move that comes before it.
  await until(
    'the bridge',
    () => one.bridgedTo === other.id || one.gone.aborted || other.gone.aborted,
    { timeoutMs: bridgeMs },
  ).catch(() => call.log.warn('bridge not established'));
}
