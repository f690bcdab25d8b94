import { useQuery } from '@tanstack/react-query';
import { api, type Page } from '../../api/client.ts';
import type { Call } from '../../api/types.ts';
import { Loading } from '../../components/pieces.tsx';
import { useNow } from '../../components/use-now.ts';
import { useText } from '../../i18n/language.tsx';
import { byHour } from './figures.ts';

const zone = 'Asia/Shanghai';
const width = 480;
const height = 120;

/** Today's calls by the hour; read again as calls end, not by the clock. */
export function DayTrend() {
  const t = useText();
  const now = useNow(60_000);
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(now);
  const calls = useQuery({
    queryKey: ['calls', 'day', day],
    queryFn: () => readDay(day),
  });
  const hours = byHour(calls.data ?? [], day, zone);
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

/** Newest first, until the day is past; a busy day has some thousand calls. */
async function readDay(day: string): Promise<Call[]> {
  const calls: Call[] = [];
  const from = new Date(`${day}T00:00:00+08:00`).toISOString();
  let cursor: string | null = null;
  for (let pages = 0; pages < 20; pages += 1) {
    const page: Page<Call> = await api.get<Page<Call>>('/calls', { limit: 200, cursor });
    calls.push(...page.items);
    const oldest = page.items.at(-1);
    if (page.nextCursor === null || oldest === undefined || oldest.startedAt < from) break;
    cursor = page.nextCursor;
  }
  return calls;
}
