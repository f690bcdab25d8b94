import { newId } from '../../core/ids.ts';
import type { Leg } from '../leg/leg.types.ts';
import { linkOf } from '../call/link.ts';

/** Plays a file to a further leg, behind what it hears now (`playback`). Resolves when it is queued. */
export async function playToLeg(leg: Leg, path: string): Promise<void> {
  const message = { uuid: leg.id, application: 'playback', argument: path, eventUuid: newId() };
  await linkOf(leg).run([message]);
}
