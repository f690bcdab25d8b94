/** Settings that slow guesses and floods down; see docs/settings.md. */
import type { PinLimits } from '../property/index.ts';

export interface GuardSettings {
  pin: PinLimits;
  screens: { framesAtOnce: number; framesPerSecond: number; perPerson: number };
}

export const guardVariables = {
  PIN_TRIES: '3',
  PIN_TRIES_PER_DAY: '6',
  PIN_LOCK_MINUTES: '30,240,1440',
  SOCKET_FRAMES_AT_ONCE: '30',
  SOCKET_FRAMES_PER_SEC: '3',
  SOCKETS_PER_PERSON: '12',
} as const;

type Name = keyof typeof guardVariables;

export interface GuardReader {
  text(name: Name): string;
  integer(name: Name, min: number, max: number): number;
  fault(name: Name, text: string): void;
}

const minute = 60_000;
/** A week: locks are forgotten after it. */
const longestMinutes = 7 * 24 * 60;

export function readGuards(read: GuardReader): GuardSettings {
  const tries = read.integer('PIN_TRIES', 1, 20);
  return {
    pin: {
      maxFailures: tries,
      triesADay: read.integer('PIN_TRIES_PER_DAY', tries, 100),
      lockMs: lockTimes(read),
    },
    screens: {
      framesAtOnce: read.integer('SOCKET_FRAMES_AT_ONCE', 5, 10_000),
      framesPerSecond: read.integer('SOCKET_FRAMES_PER_SEC', 1, 1000),
      perPerson: read.integer('SOCKETS_PER_PERSON', 1, 1000),
    },
  };
}

function lockTimes(read: GuardReader): number[] {
  const minutes = read.text('PIN_LOCK_MINUTES').split(',').map(Number);
  const isRising = minutes.every(
    (one, at) =>
      Number.isInteger(one) && one >= Math.max(1, minutes[at - 1] ?? 1) && one <= longestMinutes,
  );
  if (!isRising) {
    read.fault(
      'PIN_LOCK_MINUTES',
      `must be minutes from 1 to ${longestMinutes}, each no shorter than the one before, such as 30,240,1440`,
    );
  }
  return minutes.map((one) => one * minute);
}
