import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../core/errors.ts';
import { whenAborted, pause } from '../../../core/concurrency/wait.ts';
import {
  hangUpLeg,
  LegFailedError,
  playToLeg,
  ring,
  type Call,
  type Leg,
} from '../../../cti/index.ts';
import type { Language } from '../../../core/language.ts';
import type { Log } from '../../../core/log.ts';
import type { Tts } from '../../../tts/index.ts';
import type { DialOutside } from '../sessions/endpoints.ts';
import { dutyQuestion } from '../queues/announcements/announcements.ts';
import type { Acd } from '../queues/acd.ts';
import { ignore } from '../../../core/ignore.ts';

export interface DutyPhone {
  place: number;
  number: string;
  name: string;
  ringSec: number;
}

/** What came of one duty phone; everything but `taken` leads to the next one. */
export type DutyResult =
  | 'taken'
  /** No answer, busy, refused, no way there: the text says which. */
  | { missed: string };

/** A switch that tells nothing of a telephone must not hold the ladder. */
const graceMs = 5000;
/** Whoever is on duty waits no longer for a voice than this. */
const voiceMs = 3000;
const keyMs = 6000;
const rounds = 3;

export interface DutyPhoneParts {
  acd: Pick<Acd, 'handTo'>;
  outside: DialOutside;
  tts: Pick<Tts, 'render'>;
  log: Log;
}

/**
 * Rings one duty phone for its time, and no longer than the emergency lasts. Its holder says with a key that they
 * take the call; when the question cannot be heard, whoever has answered gets the caller at once. However it ends,
 * no telephone rings or hangs on that has not taken the call.
 */
export async function askDutyPhone(
  parts: DutyPhoneParts,
  call: Call,
  { language }: { language: Language },
  phone: DutyPhone,
  signal: AbortSignal,
): Promise<DutyResult> {
  let leg: Leg | undefined;
  let isTaken = false;
  try {
    const wish = { purpose: 'duty', callId: call.id, staffId: null } as const;
    const endpoint = await parts.outside({ ...wish, number: phone.number });
    if (signal.aborted) return { missed: 'over' };
    leg = ring(call, {
      role: 'outside',
      endpoint,
      shownNumber: call.did,
      ringSec: phone.ringSec,
      isWanted: () => !signal.aborted,
    });
    const answer = await inTime(leg, phone.ringSec * 1000 + graceMs, signal);
    if (answer !== 'answered') return { missed: answer };
    const isConfirmed = await question(parts, leg, language, signal);
    if (signal.aborted) return { missed: 'over' };
    if (leg.gone.aborted) return { missed: leg.hangupCause ?? 'hung_up' };
    if (!isConfirmed) return { missed: 'not_confirmed' };
    isTaken = parts.acd.handTo(call.id, { staffId: null, label: phone.name, leg });
    return isTaken ? 'taken' : { missed: 'too_late' };
  } catch (error) {
    return { missed: error instanceof LegFailedError ? error.hangupCause : messageOf(error) };
  } finally {
    if (leg !== undefined && !isTaken) await hangUpLeg(leg);
  }
}

/** `answered`, or why not. */
async function inTime(
  leg: Leg,
  limitMs: number,
  signal: AbortSignal,
): Promise<'answered' | 'no_news' | 'over'> {
  const timer = new AbortController();
  const late = delay(limitMs, 'no_news' as const, { signal: timer.signal, ref: false });
  const over = new Promise<'over'>((resolve) => whenAborted(signal, () => resolve('over')));
  const answered = leg.answered.then(() => 'answered' as const);
  // Whichever of them comes too late is nobody's surprise.
  void ignore(late, 'answered in time');
  void ignore(answered, 'given up before the answer');
  try {
    return await Promise.race([answered, late, over]);
  } finally {
    timer.abort();
  }
}

/** A person presses 1; an answering machine does not. True also when nothing could be asked. */
async function question(
  parts: DutyPhoneParts,
  leg: Leg,
  language: Language,
  signal: AbortSignal,
): Promise<boolean> {
  let isPressed = false;
  let wake: () => void = () => undefined;
  const stop = leg.onKey((key) => {
    isPressed ||= key === '1';
    if (isPressed) wake();
  });
  try {
    const paths = await rendered(parts, language);
    for (let round = 0; round < rounds && !isPressed; round += 1) {
      for (const path of paths) await playToLeg(leg, path);
      const waiting = new AbortController();
      wake = () => waiting.abort();
      whenAborted(leg.gone, wake);
      whenAborted(signal, wake);
      if (!isPressed) {
        await pause(keyMs, waiting.signal);
      }
      if (leg.gone.aborted || signal.aborted) return false;
    }
    return isPressed;
  } catch (error) {
    parts.log.error(
      { callId: leg.callId, legId: leg.id, reason: messageOf(error) },
      'duty phone prompt failed; whoever answered gets the caller',
    );
    return true;
  } finally {
    stop();
  }
}

async function rendered(
  { tts }: Pick<DutyPhoneParts, 'tts'>,
  language: Language,
): Promise<string[]> {
  const timer = new AbortController();
  const late = delay(voiceMs, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new Error(`the voice took longer than ${voiceMs} ms`);
  });
  void ignore(late, 'the voice was in time');
  try {
    const all = Promise.all(dutyQuestion(language).map((one) => tts.render(one)));
    return await Promise.race([all, late]);
  } finally {
    timer.abort();
  }
}
