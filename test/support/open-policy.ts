import type { Clock } from '../../src/core/clock.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Pool } from '../../src/db/index.ts';
import { allowedKinds, Dialling, type DialPolicy } from '../../src/dialling/index.ts';

/** The policy of calls outside as the settings have it by default, for those who dial without a whole service. */
export function openPolicy(
  parts: { db: Pool; clock: Clock },
  change: Partial<DialPolicy> = {},
): Dialling {
  return new Dialling({
    ...{ ...parts, log: silentLog() },
    policy: {
      ...{ allowed: allowedKinds, mostPerAgent: 300, mostPerNumber: 30, mostPerDay: 5000 },
      ...change,
    },
    spendAlarm: { callsPerHour: 300, minutesPerHour: 900 },
  });
}
