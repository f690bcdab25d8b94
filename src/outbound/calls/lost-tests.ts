import type { TestResult } from '../../contract/campaigns/results.ts';
import type { Db } from '../../db/index.ts';
import { resultOfCause } from '../dialer/results.ts';

/** A test call whose end is not written, and what the rows know of its call. */
export interface OpenTest {
  callId: string;
  campaignId: string;
  answeredAt: Date | null;
  /** Null before the call's own row is written, which is before any telephone rings. */
  callRow: string | null;
  callAnsweredAt: Date | null;
  callEndedAt: Date | null;
  hangupCause: string | null;
}

export function openTests(db: Db): Promise<OpenTest[]> {
  return db
    .selectFrom('campaignTest as test')
    .leftJoin('call', 'call.id', 'test.callId')
    .select(['test.callId', 'test.campaignId', 'test.answeredAt', 'call.id as callRow'])
    .select(['call.answeredAt as callAnsweredAt', 'call.endedAt as callEndedAt'])
    .select('call.hangupCause')
    .where('test.endedAt', 'is', null)
    .execute();
}

/**
 * What became of a test call that nobody leads and that is not live here: its service died, and its telephone must
 * not be shown as ringing for ever. Undefined while the switch is away and may still have it. Pure.
 */
export function endOfLostTest(test: OpenTest, isConnected: boolean): TestResult | undefined {
  if (test.callRow === null) return 'cancelled';
  const wasAnswered = test.answeredAt !== null || test.callAnsweredAt !== null;
  if (test.callEndedAt === null && !isConnected) return undefined;
  const cause = test.hangupCause ?? '';
  const isLost = test.callEndedAt === null || ['', 'LOST_WHILE_DISCONNECTED'].includes(cause);
  if (wasAnswered || isLost) return 'failed';
  const result = resultOfCause(cause);
  return isUnanswered(result) ? result : 'failed';
}

const unanswered: readonly TestResult[] = [
  ...(['busy', 'no_answer', 'off', 'invalid', 'rejected', 'no_line', 'cancelled'] as const),
];

export function isUnanswered(result: string): result is TestResult {
  return unanswered.some((one) => one === result);
}
