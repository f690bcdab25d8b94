import { messageOf } from '../../../../core/errors.ts';
import { collect, play, type Call } from '../../../../cti/index.ts';
import type { Clock } from '../../../../core/clock.ts';
import type { Log } from '../../../../core/log.ts';
import type { Utterance } from '../../../../tts/index.ts';
import { callbackAnnouncement, waitAnnouncement, welcomeToQueue } from './announcements.ts';
import type { Acd } from '../acd.ts';
import type { ServeRequest } from '../serve.types.ts';
import type { QueueVoice } from './voice.ts';
import type { WaitEnd } from '../waiting.types.ts';

export type Waited =
  | WaitEnd
  | { kind: 'message' }
  /** Their place is being kept; resolves when it is written. */
  | { kind: 'callback'; kept: Promise<void> };

export interface HearParts {
  acd: Pick<Acd, 'queue' | 'forecast'>;
  voice: QueueVoice;
  clock: Clock;
}

export interface Hearing {
  request: ServeRequest;
  queueId: string;
  /** Said before the music. */
  apology: readonly Utterance[];
  /** They may choose to be called back. */
  mayChoose: boolean;
}

/** Music, now and then the position, and the keys that are offered with it. */
export async function hear(
  { acd, voice, clock }: HearParts,
  call: Call,
  { request, queueId, apology, mayChoose }: Hearing,
  over: AbortSignal,
): Promise<'message' | 'callback' | undefined> {
  const { language } = request;
  const everySec = acd.queue(queueId)?.announceEverySec ?? null;
  const isOurs = request.dialled !== undefined;
  const welcome = request.dialled?.opening ?? welcomeToQueue(language);
  let opening = await voice.render([...apology, ...welcome]);
  let announcedAt = clock.now().getTime();
  for (let turn = 0; !over.aborted; turn += 1) {
    const now = clock.now().getTime();
    if (everySec !== null && !isOurs && now - announcedAt >= everySec * 1000) {
      announcedAt = now;
      const facts = { ...acd.forecast(call.id), canCallBack: mayChoose, language };
      opening = await voice.render(waitAnnouncement(facts));
    }
    if (over.aborted) return undefined;
    const key = await collect(call, `${request.step}-wait-${now}`, {
      paths: [...opening, voice.music],
      min: 1,
      max: 1,
      terminator: '',
      timeoutMs: 200,
      betweenKeysMs: 200,
    });
    opening = [];
    if (over.aborted as boolean) return undefined;
    if (key === '1' && mayChoose) return 'callback';
    if (key === '7' && !request.isEmergency && !isOurs) return 'message';
  }
  return undefined;
}

/** Said when it is written down, and not before. */
export async function announceCallback(
  { voice, log }: { voice: QueueVoice; log: Log },
  call: Call,
  request: ServeRequest,
  kept: Promise<void>,
): Promise<Waited> {
  try {
    await kept;
  } catch (error) {
    log.error({ callId: call.id, reason: messageOf(error) }, 'queue position not written');
    return { kind: 'message' };
  }
  const paths = await voice.render(callbackAnnouncement(request.language));
  await play(call, `${request.step}-callback`, paths);
  return { kind: 'callback', kept };
}
