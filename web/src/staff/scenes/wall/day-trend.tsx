import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '../../../api/client.ts';
import { Loading } from '../../../shared/parts/pieces.tsx';
import { useNow } from '../../../shared/browser/use-now.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { paced } from '../../../shared/realtime/freshness.ts';
import { useLive } from '../../../shared/realtime/use-live.ts';
import { byHour, comingsAndGoings } from './figures.ts';

const zone = 'Asia/Shanghai';
const width = 480;
const height = 120;
/** The queues' figures come at once; their rows, which the report counts, are written right behind. */
const writtenMs = 1000;
const askEveryMs = 5000;

/** Today's callers of the queues by the hour: the sum of the tiles, from the report. */
export function DayTrend() {
  const t = useText();
  const now = useNow(60_000);
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(now);
  const calls = useQuery({
    queryKey: ['by-hour', day],
    queryFn: () =>
      api.get('/reports/queues', {
        query: {
          by: 'hour',
          from: new Date(`${day}T00:00:00+08:00`).toISOString(),
        },
      }),
    // Callers of queues that this screen is not told of.
    refetchInterval: 60_000,
  });
  useFreshTrend();
  const hours = byHour(calls.data?.items ?? []);
  const most = Math.max(4, ...hours.map((one) => one.inbound));
  const barWidth = width / 24;
  return (
    <section className="wall-card">
      <h2>
        {t('wall.today')}{' '}
        {calls.data !== undefined && (
          <span className="figures quiet">{hours.reduce((sum, one) => sum + one.inbound, 0)}</span>
        )}
      </h2>
      {calls.data === undefined && <Loading rows={3} />}
      <svg
        className={calls.data === undefined ? 'trend bones' : 'trend'}
        viewBox={`0 0 ${width} ${height + 18}`}
        role="img"
        aria-label={t('wall.trend')}
      >
        <text x={0} y={10} className="trend-label">
          {most}
        </text>
        <line x1={0} x2={width} y1={height} y2={height} className="trend-base" />
        {hours.map(({ hour, inbound, abandoned }) => (
          <g key={hour} transform={`translate(${hour * barWidth} 0)`}>
            <title>{t('wall.hour', { hour, calls: inbound, lost: abandoned })}</title>
            <rect
              x={2}
              width={barWidth - 4}
              y={height - (inbound / most) * (height - 14)}
              height={(inbound / most) * (height - 14)}
              className="trend-bar"
            />
            <rect
              x={2}
              width={barWidth - 4}
              y={height - (abandoned / most) * (height - 14)}
              height={(abandoned / most) * (height - 14)}
              className="trend-lost"
            />
            {hour % 3 === 0 && (
              <text x={2} y={height + 14} className="trend-label">
                {String(hour).padStart(2, '0')}
              </text>
            )}
          </g>
        ))}
      </svg>
      <p className="quiet small">
        <i className="swatch" /> {t('wall.legendCalls')} <i className="swatch lost" />{' '}
        {t('wall.legendLost')}
      </p>
    </section>
  );
}

/** Asks again when callers have come or gone, at most every few seconds. */
function useFreshTrend(): void {
  const cache = useQueryClient();
  const moved = useLive(({ queues }) => comingsAndGoings(queues.values()));
  const [ask] = useState(() =>
    paced(askEveryMs, () =>
      setTimeout(() => void cache.invalidateQueries({ queryKey: ['by-hour'] }), writtenMs),
    ),
  );
  useEffect(() => ask(), [moved, ask]);
  useEffect(() => () => ask.stop(), [ask]);
}
