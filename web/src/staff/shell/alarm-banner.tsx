import { AlertFilled, CheckOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { AlarmView } from '../../../../src/contract/agents/realtime.ts';
import { api } from '../../api/client.ts';
import { useQueues } from '../../api/codes.ts';
import { useName, useText } from '../../shared/i18n/language.tsx';
import type { Translate } from '../../shared/i18n/i18n.ts';
import { phoneText } from '../../shared/i18n/times.ts';
import { useLive } from '../../shared/realtime/use-live.ts';
import { Elapsed } from '../../shared/parts/times.tsx';
import { useAct } from '../../shared/parts/use-act.ts';

const urgentKinds: ReadonlySet<AlarmView['kind']> = new Set([
  ...(['emergency', 'nobody_reached', 'dial_spend', 'disk_low', 'pin_guessed'] as const),
]);

/** Emergencies stand above everything until a human has confirmed them; other alarms on the wall. */
export function AlarmBanner() {
  const alarms = useLive((state) => state.alarms);
  const urgent = [...alarms.values()].filter(
    (one) => urgentKinds.has(one.kind) && one.acknowledgedAt === null,
  );
  return urgent.map((alarm) => <AlarmLine key={alarm.alarmId} alarm={alarm} />);
}

export function AlarmLine({ alarm }: { alarm: AlarmView }) {
  const t = useText();
  const name = useName();
  const queues = useQueues();
  const { act, isBusy } = useAct();
  const queue = queues.data?.find((one) => one.queueId === alarm.queueId);
  return (
    <div className="alarm" role="alert">
      <AlertFilled />
      <strong>{t(`alarm.${alarm.kind}`)}</strong>
      <span>{alarmText(t, alarm)}</span>
      {queue !== undefined && <span>{name(queue.name)}</span>}
      <Elapsed since={alarm.raisedAt} />
      {alarm.acknowledgedAt === null ? (
        <Button
          size="small"
          icon={<CheckOutlined />}
          loading={isBusy}
          onClick={() =>
            void act(() => api.post('/alarms/:id/acknowledge', { params: { id: alarm.alarmId } }))
          }
        >
          {t('alarm.acknowledge')}
        </Button>
      ) : (
        <span className="quiet">
          {t('alarm.acknowledgedBy', { name: alarm.acknowledgedBy ?? '' })}
        </span>
      )}
    </div>
  );
}

/** The facts that came with it, as far as they are short words or numbers. */
function alarmText(t: Translate, { details }: AlarmView): string {
  return Object.entries(details)
    .flatMap(([key, value]) => {
      if (typeof value !== 'string' && typeof value !== 'number') return [];
      if (key === 'callerNumber') return [t('alarm.caller', { number: phoneText(String(value)) })];
      if (key === 'estateName' || key === 'room' || key === 'callerName') return [String(value)];
      if (key === 'waitSec') return [t('alarm.wait', { seconds: value })];
      if (key === 'serviceLevel') return [t('alarm.level', { percent: value })];
      if (key === 'freeMb') return [t('alarm.free', { megabytes: value })];
      if (key === 'locks') return [t('alarm.locks', { count: value })];
      if (key === 'node') return [String(value)];
      if (key === 'count') {
        return [value === 0 ? t('alarm.noDutyPhone') : t('alarm.tried', { count: value })];
      }
      if (key === 'calls') {
        return [t('alarm.spend', { calls: value, minutes: Number(details['minutes'] ?? 0) })];
      }
      return [];
    })
    .join(' · ');
}
