import { ExclamationCircleFilled } from '@ant-design/icons';
import { useQueues } from '../../../api/codes.ts';
import { Empty, Tag } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber, Unverified } from '../../parts/phone-number.tsx';
import { Elapsed } from '../../../shared/parts/times.tsx';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { useLive } from '../../../shared/realtime/use-live.ts';
import { Vip } from '../../parts/flag.tsx';

const shown = 12;

/** Who waits, in the order in which they will be served. */
export function WaitingList() {
  const t = useText();
  const name = useName();
  const queues = useQueues();
  const waiting = useLive((state) => state.waiting);
  const agents = useLive((state) => state.agents);
  const all = [...waiting.values()].flat().sort((a, b) => b.priority - a.priority);
  const nameOf = (id: string) => name(queues.data?.find((one) => one.queueId === id)?.name);
  return (
    <section className="wall-card">
      <h2>
        {t('wall.waitingNow')} <span className="figures quiet">{all.length}</span>
      </h2>
      {all.length === 0 && <Empty title={t('wall.nobodyWaits')} />}
      <ul className="plain rows">
        {all.slice(0, shown).map((one) => (
          <li key={one.callId}>
            <Elapsed since={one.enteredAt} className="strong" />
            <span className="grow">
              {one.callerName ?? <PhoneNumber number={one.callerNumber} />}{' '}
              {!one.isNumberVerified && <Unverified />}
              {one.isEmergency && (
                <Tag tone="alarm" icon={<ExclamationCircleFilled />}>
                  {t('call.emergency')}
                </Tag>
              )}
              {one.isVip && <Vip />}
            </span>
            <span className="quiet">
              {one.offeredTo.length > 0
                ? t('wall.ringsAt', {
                    name: agents.get(one.offeredTo[0] ?? '')?.displayName ?? '',
                  })
                : nameOf(one.queueId)}
            </span>
          </li>
        ))}
      </ul>
      {all.length > shown && (
        <p className="quiet">{t('wall.andMore', { count: all.length - shown })}</p>
      )}
    </section>
  );
}
