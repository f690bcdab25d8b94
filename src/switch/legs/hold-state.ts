import type { Channel } from '../channel/channel.ts';

/** A leg is held or back; its partner hears `hold_music`, else a quiet tune, in the meantime. */
export function markHeld(channel: Channel, isHeld: boolean): void {
  if (isHeld === (channel.callState === 'HELD')) return;
  const { other } = channel;
  if (isHeld) {
    channel.times.held = Date.now();
    channel.setCallState('HELD');
    channel.publish('CHANNEL_HOLD');
    const music = channel.variables.get('hold_music') ?? 'local_stream://moh';
    if (music !== 'silence') other?.music.start(music);
    return;
  }
  channel.setCallState('UNHELD');
  other?.music.stop();
  channel.publish('CHANNEL_UNHOLD');
  channel.setCallState('ACTIVE');
}
