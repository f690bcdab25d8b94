import { assertNever } from '../../../core/errors.ts';
import {
  bridge,
  bridgeLegs,
  confer,
  park,
  parkLeg,
  playMusic,
  type Call,
  type Leg,
} from '../../../cti/index.ts';
import type { Repair } from './plan.ts';

/** Makes true what is missing of a conversation, in order. Throws what the verbs throw. */
export async function repair(
  call: Call,
  { agent, other }: { agent: Leg; other: Leg | undefined },
  repairs: readonly Repair[],
): Promise<void> {
  for (const one of repairs) {
    switch (one) {
      case 'connect':
        await bridge(call, agent);
        break;
      case 'connect parties':
        if (other !== undefined) await bridgeLegs(call, agent, other);
        break;
      case 'music':
        await park(call);
        await playMusic(call);
        break;
      case 'quiet':
        await parkLeg(agent);
        break;
      case 'gather':
        if (other !== undefined) await confer(call, [agent, other]);
        break;
      default:
        assertNever(one);
    }
  }
}
