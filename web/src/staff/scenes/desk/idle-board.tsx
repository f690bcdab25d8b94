import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { DeskView } from '../../../../../src/contract/agents/agents.ts';
import { api } from '../../../api/client.ts';
import { useQueues } from '../../../api/codes.ts';
import { Empty, Key, QueryView, Tag } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber, Unverified } from '../../parts/phone-number.tsx';
import { Ago, Elapsed } from '../../../shared/parts/times.tsx';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { useIsNarrow } from '../../../shared/browser/use-is-narrow.ts';
import { useLive } from '../../../shared/realtime/use-live.ts';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useDial } from '../../softphone/use-dial.ts';
import { CampaignWork } from './campaign/campaign-work.tsx';

/** Between calls: how things stand, what came last, and which keys there are. */
export function IdleBoard({ desk }: { desk: DeskView }) {
  const t = useText();
  const { agent } = desk;
  const isWaiting = agent.presence === 'available';
  const isNarrow = useIsNarrow();
  return (
    <div className="idle">
      <section className="card idle-state">
        <h2>{t(isWaiting ? 'idle.waiting' : 'idle.break')}</h2>
        <p className="quiet">
          {isNarrow
            ? t(isWaiting ? 'idle.waitingHelpTouch' : 'idle.breakHelpTouch')
            : t(isWaiting ? 'idle.waitingHelp' : 'idle.breakHelp')}
        </p>
        <dl className="figures-row">
          <div>
            <dt>{t('idle.handled')}</dt>
            <dd className="figures">{agent.handledToday}</dd>
          </div>
          <MyQueues desk={desk} />
        </dl>
        <ul className="key-list">
          {(
            [
              ['F2', 'keys.accept'],
              ['F4', 'keys.hangUp'],
              ['F6', 'keys.hold'],
              ['F7', 'keys.mute'],
              ['F8', 'keys.transfer'],
              ['F9', 'keys.break'],
              ['Ctrl+K', 'keys.search'],
              ['Ctrl+Enter', 'keys.submit'],
            ] as const
          ).map(([key, text]) => (
            <li key={key}>
              <Key>{key}</Key> {t(text)}
            </li>
          ))}
        </ul>
      </section>
      <div className="idle-side">
        <CampaignWork />
        <RecentCalls />
      </div>
    </div>
  );
}

function MyQueues({ desk }: { desk: DeskView }) {
  const t = useText();
  const name = useName();
  const queues = useQueues();
  const figures = useLive((state) => state.queues);
  return (queues.data ?? [])
    .filter((queue) => desk.agent.queueIds.includes(queue.queueId))
    .map((queue) => {
      const now = figures.get(queue.queueId);
      return (
        <div key={queue.queueId}>
          <dt>{name(queue.name)}</dt>
          <dd>
            <span className="figures">{now?.waiting ?? 0}</span>{' '}
            <small className="quiet">{t('queue.waiting')}</small>
            {now?.longestWaitSince != null && (
              <small>
                {' '}
                <Elapsed since={now.longestWaitSince} />
              </small>
            )}
          </dd>
        </div>
      );
    });
}

function RecentCalls() {
  const t = useText();
  const dial = useDial();
  const calls = useQuery({
    queryKey: ['my-calls'],
    queryFn: () => api.get('/calls', { query: { limit: 8, mine: true } }),
  });
  return (
    <section className="card">
      <header className="card-head">
        <h2>{t('idle.recent')}</h2>
        <Link to="/calls">{t('idle.all')}</Link>
      </header>
      <QueryView query={calls}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('calls.none')}>{t('calls.noneHelp')}</Empty>
          ) : (
            <ul className="plain rows">
              {items.map((call) => (
                <li key={call.id}>
                  <Link to="/calls/$id" params={{ id: call.id }}>
                    <Ago at={call.startedAt} />
                  </Link>
                  <PhoneNumber
                    number={call.callerNumber}
                    onDial={call.isNumberVerified ? (number) => dial({ number }) : undefined}
                  />
                  {!call.isNumberVerified && <Unverified />}
                  {call.missed !== null && (
                    <Tag tone="alarm">{t(`calls.missed.${call.missed}`)}</Tag>
                  )}
                  <span className="quiet clip">
                    {call.missed !== null
                      ? call.agents.map(({ displayName }) => displayName).join(' → ')
                      : call.outcome === null
                        ? t(call.endedAt === null ? 'call.live' : `direction.${call.direction}`)
                        : textOf(t, 'outcome', call.outcome)}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </QueryView>
    </section>
  );
}
