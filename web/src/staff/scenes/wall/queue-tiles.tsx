import { ClockCircleOutlined, TeamOutlined } from '@ant-design/icons';
import type { QueueFigures, QueueView } from '../../../../../src/contract/agents/queues.ts';
import { useQueues } from '../../../api/codes.ts';
import { Empty, Loading } from '../../../shared/parts/pieces.tsx';
import { Elapsed } from '../../../shared/parts/times.tsx';
import { useNow } from '../../../shared/browser/use-now.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { duration } from '../../../shared/i18n/times.ts';
import { useLive } from '../../../shared/realtime/use-live.ts';
import { levelOf, toneOfWait } from './figures.ts';

export function QueueTiles() {
  const t = useText();
  const queues = useQueues();
  const figures = useLive((state) => state.queues);
  if (queues.data === undefined) return <Loading rows={3} />;
  const shown = queues.data.filter((one) => one.isActive);
  if (shown.length === 0) return <Empty title={t('wall.noQueues')} />;
  return (
    <div className="tiles">
      {shown.map((queue) => (
        <Tile key={queue.queueId} queue={queue} figures={figures.get(queue.queueId)} />
      ))}
    </div>
  );
}

function Tile({ queue, figures }: { queue: QueueView; figures: QueueFigures | undefined }) {
  const t = useText();
  const name = useName();
  const now = useNow(1000);
  const waiting = figures?.waiting ?? 0;
  const since = figures?.longestWaitSince ?? null;
  // As it is shown: past the limit is what reads as past it.
  const waitSec = since === null ? 0 : Math.floor((now - Date.parse(since)) / 1000);
  const tone = waiting === 0 ? 'off' : toneOfWait(waitSec, queue.serviceLevelSec);
  const level = levelOf(figures?.serviceLevel ?? null, queue.serviceLevelTarget);
  return (
    <section className={`tile edge-${tone}`}>
      <h2>{name(queue.name)}</h2>
      <div className="tile-main">
        <div className="tile-number">
          <span className={`huge figures text-${tone}`}>{waiting}</span>
          <span className="quiet">{t('queue.waiting')}</span>
        </div>
        <div className="tile-number">
          <span className={`huge figures text-${tone}`}>
            {since === null ? '0:00' : <Elapsed since={since} />}
          </span>
          <span className="quiet">
            <ClockCircleOutlined /> {t('wall.longest')}
          </span>
        </div>
        <div className="tile-number">
          <span className={`huge figures text-${level.tone}`}>
            {level.text}
            {level.text !== '—' && <small>%</small>}
          </span>
          <span className="quiet">
            {t('wall.serviceLevel', {
              target: queue.serviceLevelTarget,
              seconds: queue.serviceLevelSec,
            })}
          </span>
        </div>
      </div>
      <dl className="tile-foot">
        <div>
          <dt>
            <TeamOutlined /> {t('wall.free')}
          </dt>
          <dd className="figures">{figures?.agentsAvailable ?? 0}</dd>
        </div>
        <div>
          <dt>{t('wall.talking')}</dt>
          <dd className="figures">{figures?.agentsTalking ?? 0}</dd>
        </div>
        <div>
          <dt>{t('wall.onBreak')}</dt>
          <dd className="figures">{figures?.agentsOnBreak ?? 0}</dd>
        </div>
        <div>
          <dt>{t('wall.answered')}</dt>
          <dd className="figures">
            {figures?.answeredToday ?? 0}/{figures?.offeredToday ?? 0}
          </dd>
        </div>
        <div>
          <dt>{t('wall.abandoned')}</dt>
          <dd className="figures">{figures?.abandonedToday ?? 0}</dd>
        </div>
        <div>
          <dt>{t('wall.averageWait')}</dt>
          <dd className="figures">
            {figures?.averageWaitSec == null ? '—' : duration(figures.averageWaitSec * 1000)}
          </dd>
        </div>
      </dl>
    </section>
  );
}
