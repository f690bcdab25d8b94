/** Settings of calls to numbers outside; see docs/settings.md. */
import { allowedKinds } from '../dialling/index.ts';
import type { DialPolicy, SpendAlarm } from '../dialling/index.ts';

export interface DiallingSettings {
  policy: DialPolicy;
  spendAlarm: SpendAlarm;
}

export const diallingVariables = {
  DIAL_ALLOW: allowedKinds.join(','),
  DIAL_MAX_PER_AGENT: '300',
  DIAL_MAX_PER_NUMBER: '30',
  DIAL_MAX_PER_DAY: '5000',
  DIAL_ALARM_CALLS: '300',
  DIAL_ALARM_MINUTES: '900',
} as const;

type Name = keyof typeof diallingVariables;

export interface DiallingReader {
  text(name: Name): string;
  integer(name: Name, min: number, max: number): number;
  fault(name: Name, text: string): void;
}

export function readDialling(read: DiallingReader): DiallingSettings {
  const allowed = read
    .text('DIAL_ALLOW')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  for (const one of allowed) {
    const isKnown = allowedKinds.some((kind) => kind === one) || /^\d{1,15}$/.test(one);
    if (!isKnown) {
      const kinds = allowedKinds.join(', ');
      read.fault('DIAL_ALLOW', `has "${one}"; use ${kinds}, and prefixes of digits such as 00852`);
    }
  }
  return {
    policy: {
      allowed,
      mostPerAgent: read.integer('DIAL_MAX_PER_AGENT', 0, 1_000_000),
      mostPerNumber: read.integer('DIAL_MAX_PER_NUMBER', 0, 1_000_000),
      mostPerDay: read.integer('DIAL_MAX_PER_DAY', 0, 10_000_000),
    },
    spendAlarm: {
      callsPerHour: read.integer('DIAL_ALARM_CALLS', 1, 10_000_000),
      minutesPerHour: read.integer('DIAL_ALARM_MINUTES', 1, 10_000_000),
    },
  };
}
