import type { AttemptRow, Db } from '../../db/index.ts';
import type { Ending } from './attempts.ts';
import { resultOfCause } from './results.ts';

/** An attempt that is not ended, and what the rows know of its call. */
export interface Unfinished {
  attempt: AttemptRow;
  call: { answeredAt: Date | null; endedAt: Date | null; hangupCause: string | null } | undefined;
}

export async function unfinished(db: Db): Promise<Unfinished[]> {
  const rows = await db
    .selectFrom('attempt')
    .leftJoin('call', 'call.id', 'attempt.callId')
    .selectAll('attempt')
    .select([
      'call.id as callRow',
      'call.answeredAt as callAnsweredAt',
      'call.endedAt as callEndedAt',
      'call.hangupCause as callCause',
    ])
    .where('attempt.state', '!=', 'ended')
    .execute();
  return rows.map(({ callRow, callAnsweredAt, callEndedAt, callCause, ...attempt }) => ({
    attempt,
    call:
      callRow === null
        ? undefined
        : { answeredAt: callAnsweredAt, endedAt: callEndedAt, hangupCause: callCause },
  }));
}

/**
 * What became of an attempt that nobody follows and whose call is not live here. Undefined: not known
 * yet. The call's row is written before the switch is asked, so without one nobody's telephone rang.
 */
export function endingOf(
  { attempt, call }: Unfinished,
  { isConnected }: { isConnected: boolean },
): Ending | undefined {
  const ending = { attemptId: attempt.id };
  if (call === undefined) {
    return { ...ending, result: 'cancelled', hangupCause: null, isRepeatable: true };
  }
  const wasAnswered = attempt.answeredAt !== null || call.answeredAt !== null;
  if (call.endedAt !== null) {
    const cause = call.hangupCause ?? '';
    if (wasAnswered) return { ...ending, result: 'unconfirmed', hangupCause: cause };
    const isLost = cause === 'LOST_WHILE_DISCONNECTED' || cause === '';
    return { ...ending, result: isLost ? 'lost' : resultOfCause(cause), hangupCause: cause };
  }
  // The switch is connected and its calls are adopted, but this one is not among them.
  if (!isConnected) return undefined;
  return { ...ending, result: wasAnswered ? 'unconfirmed' : 'lost', hangupCause: null };
}
