import { EllipsisOutlined } from '@ant-design/icons';
import type { AgentView } from '../../../../../src/contract/agents/agents.ts';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { useBreakReasons } from '../../../api/codes.ts';
import { Menu, type MenuItem } from '../../../shared/parts/menu.tsx';
import { Empty } from '../../../shared/parts/pieces.tsx';
import { shownState } from '../../shell/presence.tsx';
import { Elapsed } from '../../../shared/parts/times.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { useLive } from '../../../shared/realtime/use-live.ts';
import { Supervise } from './supervise.tsx';

const order = { talking: 0, offered: 0, wrap_up: 1, idle: 2 } as const;
const presenceOrder = { available: 0, break: 1, offline: 2 } as const;

/** Every agent: what they do, how long, with whom; and what a supervisor can do about it. */
export function AgentGrid() {
  const t = useText();
  const agents = useLive((state) => state.agents);
  const here = [...agents.values()].filter((one) => one.presence !== 'offline');
  const away = agents.size - here.length;
  here.sort(
    (a, b) =>
      order[a.engagement] - order[b.engagement] ||
      presenceOrder[a.presence] - presenceOrder[b.presence] ||
      a.displayName.localeCompare(b.displayName, 'zh-CN'),
  );
  return (
    <section className="wall-card wall-agents">
      <h2>
        {t('wall.agents')} <span className="figures quiet">{here.length}</span>{' '}
        {away > 0 && <small className="quiet">{t('wall.away', { count: away })}</small>}
      </h2>
      {here.length === 0 && <Empty title={t('wall.nobodyHere')}>{t('wall.nobodyHereHelp')}</Empty>}
      <div className="agents">
        {here.map((agent) => (
          <AgentCard key={agent.staffId} agent={agent} />
        ))}
      </div>
    </section>
  );
}

function AgentCard({ agent }: { agent: AgentView }) {
  const t = useText();
  const name = useName();
  const reasons = useBreakReasons();
  const call = useLive((state) =>
    agent.callId === null ? undefined : state.calls.get(agent.callId),
  );
  const shown = shownState(agent);
  const reason = reasons.data?.find((one) => one.code === agent.reason);
  const isOnBreak = agent.presence === 'break' && agent.engagement === 'idle';
  return (
    <article className={`agent edge-${shown.tone}`}>
      <header>
        <strong>{agent.displayName}</strong>
        <AgentMenu agent={agent} />
      </header>
      <div className={`agent-state text-${shown.tone}`}>
        {shown.icon}{' '}
        <span>{isOnBreak && reason !== undefined ? name(reason.name) : t(shown.text)}</span>{' '}
        <Elapsed since={shown.since} />
      </div>
      <footer className="quiet">
        {call !== undefined ? (
          <span className="clip">{call.callerName ?? call.callerNumber}</span>
        ) : (
          <span>{t('wall.handled', { count: agent.handledToday })}</span>
        )}
        {agent.engagement === 'talking' && agent.callId !== null && (
          <Supervise callId={agent.callId} agentName={agent.displayName} />
        )}
      </footer>
    </article>
  );
}

function AgentMenu({ agent }: { agent: AgentView }) {
  const t = useText();
  const name = useName();
  const { act } = useAct();
  const reasons = useBreakReasons();
  const force = (presence: 'available' | 'break', reason?: string) =>
    void act(
      () =>
        api.put('/agents/:id/presence', {
          params: { id: agent.staffId },
          body: reason === undefined ? { presence } : { presence, reason },
        }),
      t('supervise.done'),
    );
  const active = (reasons.data ?? []).filter((one) => one.isActive);
  const items: MenuItem[] = [
    {
      key: 'available',
      label: t('supervise.makeAvailable'),
      isDisabled: agent.presence === 'available',
      onPick: () => force('available'),
    },
    ...active.map((one, at) => ({
      key: `break-${one.code}`,
      label: t('supervise.makeBreak', { reason: name(one.name) }),
      isApart: at === 0,
      onPick: () => force('break', one.code),
    })),
    {
      key: 'out',
      isDanger: true,
      isApart: true,
      label: t('supervise.logOut'),
      onPick: () =>
        void act(
          () =>
            orAlready(
              api.delete('/agents/:id/session', { params: { id: agent.staffId } }),
              'agent.not_seated',
            ),
          t('supervise.done'),
        ),
    },
  ];
  return (
    <Menu
      items={items}
      trigger={
        <button type="button" className="icon-button" aria-label={t('supervise.menu')}>
          <EllipsisOutlined />
        </button>
      }
    />
  );
}
