import type { AudioSource, Tap } from '../../rtp/index.ts';
import { openAudio } from './audio.ts';
import type { Channel } from '../channel.ts';
import type { Board } from '../board.types.ts';

/**
 * `uuid_displace`: the far end hears a file beside (`isMixed`) or instead of its partner, whatever the
 * leg does. False when there is no such file or it is being played already.
 */
export async function displace(
  board: Board,
  channel: Channel,
  path: string,
  { limitSec, isMixed }: { limitSec: number; isMixed: boolean },
): Promise<boolean> {
  const { media } = channel;
  const source = await openAudio(board.media, path);
  if (media === undefined || source === undefined || channel.displaced.has(path)) return false;
  const about = [
    ['Media-Bug-Function', 'displace'],
    ['Media-Bug-Target', path],
  ] as const;
  let left = limitSec > 0 ? limitSec * 50 : Infinity;
  const stop = () => {
    if (!channel.displaced.delete(path)) return;
    media.taps.remove(tap);
    channel.publish('MEDIA_BUG_STOP', about);
  };
  const tap = fileTap(
    source,
    isMixed,
    () => {
      left -= 1;
      return left >= 0;
    },
    stop,
  );
  channel.displaced.set(path, stop);
  media.taps.add(tap);
  channel.publish('MEDIA_BUG_START', about);
  return true;
}

/** `uuid_displace … stop`: false when that file is not played. */
export function stopDisplacing(channel: Channel, path: string): boolean {
  const stop = channel.displaced.get(path);
  stop?.();
  return stop !== undefined;
}

function fileTap(
  source: AudioSource,
  isMixed: boolean,
  mayGoOn: () => boolean,
  onEnd: () => void,
): Tap {
  return {
    isAlone: !isMixed,
    onFrame: () => undefined,
    toOthers: () => undefined,
    toFarEnd() {
      const frame = mayGoOn() ? source.next() : undefined;
      if (frame === undefined) setImmediate(onEnd);
      return frame;
    },
  };
}

/** `uuid_audio … mute 1`: `read` is what the far end says, `write` what it hears; undefined is both on. */
export function muteAudio(channel: Channel, direction: 'read' | 'write' | undefined): void {
  channel.media?.mute(direction);
}
