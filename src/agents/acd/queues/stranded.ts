import type { Seat } from '../sessions/seat.ts';
import { isStaffed } from '../sessions/strength.ts';
import type { WaitingCaller } from '../routing/index.ts';

/**
 * Callers for whom nobody will come any more: the last agent of their queue has left. They are led on as
 * one who comes now would be. Who is kept for a certain person who is at work waits for that person, and an
 * emergency for the duty phones. Pure.
 */
export function strandedCallers(
  callers: readonly WaitingCaller[],
  seats: readonly Seat[],
  { hasDutyPhones, now }: { hasDutyPhones: boolean; now: number },
): WaitingCaller[] {
  const known = new Map<string, boolean>();
  const isQueueStaffed = (queueId: string): boolean => {
    const answer = known.get(queueId) ?? isStaffed(seats, queueId);
    known.set(queueId, answer);
    return answer;
  };
  const isHere = (staffId: string): boolean =>
    seats.some((seat) => seat.staffId === staffId && seat.presence !== 'offline');
  return callers.filter((caller) => {
    if (caller.isVirtual || isQueueStaffed(caller.queueId)) return false;
    if (caller.isEmergency && hasDutyPhones) return false;
    return !caller.preferred.some(
      ({ kind, staffId, until }) => kind === 'return' && until > now && isHere(staffId),
    );
  });
}
