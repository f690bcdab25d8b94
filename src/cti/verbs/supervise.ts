import type { ListeningMode } from '../../contract/codes.ts';
import type { Leg } from '../leg/leg.types.ts';
import { linkOf } from '../call/link.ts';

/** Keys of the switch's `eavesdrop`, as if the supervisor had pressed them. */
const keys: Readonly<Record<ListeningMode, string>> = { listen: '0', whisper: '2', barge: '3' };

/** Of a supervisor's leg, see `ring`: whom they speak to from here on (`uuid_recv_dtmf`). */
export async function listen(leg: Leg, how: ListeningMode): Promise<void> {
  await linkOf(leg).api(`uuid_recv_dtmf ${leg.id} ${keys[how]}`);
}
