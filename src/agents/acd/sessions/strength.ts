import type { Seat } from './seat.ts';

/** Whether anybody is at work for that queue, on a break or not. */
export function isStaffed(seats: readonly Seat[], queueId: string): boolean {
  return seats.some((seat) => seat.presence !== 'offline' && seat.queueIds.includes(queueId));
}

/** Who can take calls of a queue now. */
export interface QueueStrength {
  /** Ready, and nothing rings for them. */
  free: number;
  /** For each of the others at work: how long they are offered, talking or wrapping up. */
  busyMs: number[];
  /** Of those, whose telephone rings. */
  offered: number;
}

export function queueStrength(seats: readonly Seat[], queueId: string, now: Date): QueueStrength {
  const members = seats.filter(
    (seat) => seat.presence === 'available' && seat.queueIds.includes(queueId),
  );
  const busy = members.filter((seat) => seat.engagement !== 'idle');
  return {
    free: members.filter((seat) => seat.engagement === 'idle' && seat.isPhoneReady).length,
    busyMs: busy.map((seat) => Math.max(0, now.getTime() - seat.engagementSince.getTime())),
    offered: busy.filter((seat) => seat.engagement === 'offered').length,
  };
}
