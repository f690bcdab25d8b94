import { Link } from '@tanstack/react-router';
import { Empty } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber, Unverified } from '../../parts/phone-number.tsx';
import { Elapsed } from '../../../shared/parts/times.tsx';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { useLive } from '../../../shared/realtime/use-live.ts';

/** Every call in the house, those in the menu too. */
export function LiveCalls() {
  const t = useText();
  const estateName = useEstateName();
  const calls = useLive((state) => state.calls);
  const agents = useLive((state) => state.agents);
  const all = [...calls.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  return (
    <section className="wall-card">
      <h2>
        {t('wall.calls')} <span className="figures quiet">{all.length}</span>
      </h2>
      {all.length === 0 && <Empty title={t('wall.noCalls')} />}
      <ul className="plain rows live-calls">
        {all.slice(0, 40).map((call) => (
          <li key={call.callId}>
            <Elapsed since={call.startedAt} className="strong" />
            <Link to="/calls/$id" params={{ id: call.callId }}>
              {call.callerName ?? <PhoneNumber number={call.callerNumber} />}{' '}
              {!call.isNumberVerified && <Unverified />}
            </Link>
            <span>{t(`direction.${call.direction}`)}</span>
            <span>
              {t(`callState.${call.state}`)} <Elapsed since={call.stateSince} />
            </span>
            <span className="quiet">{estateName(call.estateId)}</span>
            <span>{call.staffIds.map((id) => agents.get(id)?.displayName ?? '').join('、')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
