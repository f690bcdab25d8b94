import { messageOf } from '../../../core/errors.ts';
import type { Channel } from '../channel.ts';
import { markHeld } from '../../legs/hold-state.ts';
import { setRemote } from '../../legs/leg-media.ts';

/** `uuid_hold`: tells the leg's phone, and all who watch. A phone that refuses is held all the same. */
export function hold(channel: Channel, isHeld: boolean): boolean {
  if (channel.session === undefined || !channel.isAnswered) return false;
  channel.isHeldByUs = isHeld;
  offerHold(channel, isHeld).catch((error: unknown) => {
    channel.log.info({ channel: channel.uuid, reason: messageOf(error) }, 'hold refused');
  });
  markHeld(channel, isHeld);
  return true;
}

async function offerHold(channel: Channel, isHeld: boolean): Promise<void> {
  const { session, negotiation } = channel;
  if (session === undefined || negotiation === undefined) return;
  const offer = await negotiation.offer({
    direction: isHeld ? 'sendonly' : 'sendrecv',
    ...(channel.codec === undefined ? {} : { codec: channel.codec }),
  });
  const answer = await session.reoffer(offer);
  setRemote(channel, await negotiation.accept(answer), answer);
}
