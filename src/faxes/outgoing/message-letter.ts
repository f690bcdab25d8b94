import type { Clock } from '../../core/clock.ts';
import type { Messaging } from '../../messaging/index.ts';
import { localDay } from '../../property/index.ts';
import { note, type Letter } from '../format/letter.ts';

export type NoteStep =
  | { do: 'draw'; letter: Letter }
  /** It would disturb now. */
  | { do: 'wait'; until: Date }
  | { do: 'drop' };

/** What the fax of a message says at this moment, if it still is to be sent. */
export async function noteOf(
  { clock, messaging }: { clock: Clock; messaging: Pick<Messaging, 'wordsNow'> },
  messageId: string,
): Promise<NoteStep> {
  const words = await messaging.wordsNow(messageId);
  if (words.do !== 'write') return words;
  const { language, subject, body, timeZone, from } = words;
  const day = localDay(clock.now(), timeZone);
  return {
    do: 'draw',
    letter: note({ language, title: subject ?? '', body, day, footer: from }),
  };
}
