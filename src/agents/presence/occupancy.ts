import type { Seat } from './seat.ts';

/** How busy the agents of a queue are. */
export interface Occupancy {
  /** Available, with nothing to do and a telephone that is ready. */
  free: number;
  /** For each who talks or wraps up: since when, in milliseconds. */
  busyMs: number[];
}

/** Those on a break, offline, or without a telephone are left out: nobody may count on them. */
export function occupancy(seats: readonly Seat[], queueId: string, now: Date): Occupancy {
  const able = seats.filter(
    (seat) => seat.queueIds.includes(queueId) && seat.presence === 'available' && seat.isPhoneReady,
  );
  return {
    free: able.filter((seat) => seat.engagement === 'idle').length,
    busyMs: able
      .filter((seat) => seat.engagement !== 'idle')
      .map((seat) => Math.max(0, now.getTime() - seat.engagementSince.getTime())),
  };
}
