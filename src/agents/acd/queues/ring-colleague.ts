import { whenAborted } from '../../../core/concurrency/wait.ts';
import type { Endpoint, Leg } from '../../../cti/index.ts';
import { NobodyThereError } from '../../agents.errors.ts';
import type { Seat } from '../sessions/seat.ts';
import type { Seats } from '../sessions/seats.ts';
import type { Ringing, RingOptions } from './ringing.ts';

export type ColleagueOptions = Omit<RingOptions, 'onAnswered' | 'onMissed' | 'endpoint'>;

export interface ColleagueParts {
  seats: Seats;
  ringing: Ringing;
  endpointOf: (seat: Seat) => Endpoint;
  /** What that agent is offered has changed. */
  onChange: (staffId: string) => void;
}

/**
 * A colleague is wanted in a conversation: their screen shows it, their telephone rings. Rejects when
 * they decline or do not answer, and when the signal is aborted.
 */
export function ringColleague(
  { seats, ringing, endpointOf, onChange }: ColleagueParts,
  options: ColleagueOptions,
  signal: AbortSignal,
): Promise<Leg> {
  const { seat, call } = options;
  const { staffId } = seat;
  const free = (): void => {
    if (seats.get(staffId)?.callId === call.id) seats.engage(staffId, 'idle', null);
    onChange(staffId);
  };
  return new Promise((resolve, reject) => {
    const withdraw = (): void => {
      if (ringing.of(staffId)?.callId !== call.id) return;
      void ringing.withdraw(staffId);
      free();
      reject(new NobodyThereError('cancelled'));
    };
    signal.addEventListener('abort', withdraw, { once: true });
    ringing.start({
      ...options,
      endpoint: endpointOf(seat),
      onAnswered: (_ring, leg) => {
        signal.removeEventListener('abort', withdraw);
        // Whatever comes between this and the talk, nobody stays offered to a leg that is gone.
        whenAborted(leg.gone, () => {
          if (seats.get(staffId)?.engagement === 'offered') free();
        });
        resolve(leg);
      },
      onMissed: (_ring, result) => {
        signal.removeEventListener('abort', withdraw);
        if (result === 'unreachable') seats.phones.setReady(staffId, false);
        free();
        reject(new NobodyThereError(result));
      },
    });
    seats.engage(staffId, 'offered', call.id);
    onChange(staffId);
  });
}
