import type { Clock } from '../../../core/clock.ts';
import type { Dialling } from '../../../dialling/index.ts';
import type { Alarms } from './alarms.ts';

const spendAlarmEveryMs = 3600_000;

/** Looks at what calls outside cost. One alarm an hour: the figures stay high for so long after the last call. */
export function watchSpend(dialling: Dialling, alarms: Alarms, clock: Clock): void {
  let toldAt = -Infinity;
  dialling.onSpend = ({ calls, minutes }) => {
    const now = clock.now().getTime();
    if (now - toldAt < spendAlarmEveryMs) return;
    toldAt = now;
    const details = { calls, minutes };
    void alarms.raise({ kind: 'dial_spend', callId: null, estateId: null, details });
  };
  dialling.start();
}
