import { assertNever } from '../../core/errors.ts';
import type { Call, Leg } from '../../cti/index.ts';
import type { Repair } from '../standing.ts';
import type { Lines } from './lines.ts';

/** Makes true what is missing of a conversation, in order. Throws what `Lines` throws. */
export async function repair(
  lines: Lines,
  call: Call,
  { agent, other }: { agent: Leg; other: Leg | undefined },
  repairs: readonly Repair[],
): Promise<void> {
  for (const one of repairs) {
    switch (one) {
      case 'connect':
        await lines.connect(call, agent);
        break;
      case 'connect parties':
        if (other !== undefined) await lines.connectLegs(call, agent, other);
        break;
      case 'music':
        await lines.park(call);
        await lines.music(call);
        break;
      case 'quiet':
        await lines.quiet(agent);
        break;
      case 'gather':
        if (other !== undefined) await lines.gather(call, [agent, other]);
        break;
      default:
        assertNever(one);
    }
  }
}
