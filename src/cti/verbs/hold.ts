import type { Call } from '../call/call.types.ts';
import type { Leg } from '../leg/leg.types.ts';
import { linkOf } from '../call/link.ts';
import { switchVariable } from '../nodes/switch-names.ts';
import { move } from './move.ts';

/** A file of the folder of prompts, which repeats well. */
export type Tune = 'music.wav' | 'ringback.wav';

/**
 * What a leg hears as its only application, so that whatever moves it ends it. Queued behind a move it could
 * begin after the next one, and `uuid_break` does not end it: the leg would hear it for ever.
 */
const endless = (tune: Tune) => `endless_playback:\${${switchVariable.prompts}}/${tune},park:`;

/** Nobody hears anybody: the customer has music, whom they talked to silence (`uuid_transfer … -both park`). */
export async function hold(call: Call): Promise<void> {
  await move(call, `uuid_transfer ${call.legId} -both park inline`);
  await playMusic(call);
}

/** The customer hears music from here on (`uuid_transfer … endless_playback`). */
export async function playMusic(call: Call): Promise<void> {
  await move(call, `uuid_transfer ${call.legId} ${endless('music.wav')} inline`);
}

/** That leg hears a telephone ring from here on (`uuid_transfer … endless_playback`). */
export async function ringBack(leg: Leg): Promise<void> {
  await linkOf(leg).api(`uuid_transfer ${leg.id} ${endless('ringback.wav')} inline`);
}
