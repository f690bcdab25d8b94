import type { Leg } from '../leg/leg.types.ts';
import { linkOf } from '../call/link.ts';

/** Whom a supervisor speaks to: nobody, the leg that is listened to, both. */
export type Listening = 'listen' | 'whisper' | 'barge';

/** Keys of the switch's `eavesdrop`, as if the supervisor had pressed them. */
const keys: Readonly<Record<Listening, string>> = { listen: '0', whisper: '2', barge: '3' };

/** Of a supervisor's leg, see `ring`: whom they speak to from here on (`uuid_recv_dtmf`). */
export async function listen(leg: Leg, how: Listening): Promise<void> {
  await linkOf(leg).api(`uuid_recv_dtmf ${leg.id} ${keys[how]}`);
}
