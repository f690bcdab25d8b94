import { AlarmLine } from '../../shell/alarm-banner.tsx';
import { Loading } from '../../../shared/parts/pieces.tsx';
import { useNow } from '../../../shared/browser/use-now.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { clockText } from '../../../shared/i18n/times.ts';
import { useLive } from '../../../shared/realtime/use-live.ts';
import { AgentGrid } from './agent-grid.tsx';
import { DayTrend } from './day-trend.tsx';
import { QueueTiles } from './queue-tiles.tsx';
import { WaitingList } from './waiting-list.tsx';
import { LiveCalls } from './live-calls.tsx';
import './wall.css';

/** The room's state, readable from five metres; everything is pushed. */
export function WallPage() {
  const t = useText();
  const isReady = useLive((state) => state.isReady);
  const alarms = useLive((state) => state.alarms);
  const others = [...alarms.values()].filter(
    (one) => one.kind !== 'emergency' || one.acknowledgedAt !== null,
  );
  return (
    <main className="wall">
      <header className="wall-head">
        <h1>{t('wall.title')}</h1>
        <WallClock />
      </header>
      {!isReady ? (
        <Loading rows={8} />
      ) : (
        <>
          {others.map((alarm) => (
            <AlarmLine key={alarm.alarmId} alarm={alarm} />
          ))}
          <QueueTiles />
          <div className="wall-columns">
            <div className="wall-side">
              <WaitingList />
              <DayTrend />
            </div>
            <AgentGrid />
          </div>
          <LiveCalls />
        </>
      )}
    </main>
  );
}

function WallClock() {
  const now = useNow();
  return <span className="wall-clock figures">{clockText(new Date(now))}</span>;
}
