import { ShareAltOutlined, TeamOutlined } from '@ant-design/icons';
import { Input, Modal, type InputRef } from 'antd';
import { useMemo, useRef, useState, type RefObject } from 'react';
import type { AgentView, Party } from '../../../../../src/contract/agents/agents.ts';
import { useQueues } from '../../../api/codes.ts';
import { Either } from '../../../shared/parts/either.tsx';
import { Empty, Key, Loading, Tag } from '../../../shared/parts/pieces.tsx';
import { shownState } from '../../shell/presence.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { useLive } from '../../../shared/realtime/use-live.ts';
import { dialled } from '../../softphone/dialled.ts';
import { deskActions } from './desk-actions.ts';
import { saveDraftNow } from './order/shared-draft.ts';

interface Target {
  key: string;
  party: Party;
  title: string;
  agent: AgentView | undefined;
  waiting: number | undefined;
}

/** Whom to bring in: a colleague, a queue or a number; asked first, or sent straight on. */
export function TransferDialog({
  callId,
  isOpen,
  onClose,
}: {
  callId: string;
  isOpen: boolean;
  onClose: () => void;
}) {
  const t = useText();
  const input = useRef<InputRef>(null);
  return (
    <Modal
      open={isOpen}
      // The dialog gives the focus to its first button; whoever pressed F8 goes on typing.
      afterOpenChange={(opened) => opened && input.current?.focus()}
      onCancel={onClose}
      footer={null}
      title={t('transfer.title')}
      destroyOnHidden
      width={560}
    >
      <TransferForm callId={callId} onDone={onClose} input={input} />
    </Modal>
  );
}

function TransferForm({
  callId,
  onDone,
  input,
}: {
  callId: string;
  onDone: () => void;
  input: RefObject<InputRef | null>;
}) {
  const t = useText();
  const { act } = useAct();
  const [wish, setWish] = useState('');
  const [isConsult, setConsult] = useState(true);
  const [at, setAt] = useState(0);
  const { targets, isReady } = useTargets(wish);
  const chosen = targets[Math.min(at, targets.length - 1)];
  const fault = numberFault(wish);
  const send = (target: Target | undefined) => {
    if (target === undefined) return;
    const work = isConsult ? deskActions.consult : deskActions.transfer;
    // Their telephone may ring for a while: the desk shows it, and the way back.
    void act(async () => {
      await saveDraftNow(callId);
      await work(callId, target.party);
    });
    onDone();
  };
  return (
    <div className="stack">
      <Either
        label={t('transfer.title')}
        value={isConsult ? 'consult' : 'blind'}
        onChange={(value) => setConsult(value === 'consult')}
        options={[
          { value: 'consult', label: t('transfer.consult') },
          { value: 'blind', label: t('transfer.blind') },
        ]}
      />
      <p className="quiet small">{t(isConsult ? 'transfer.consultHelp' : 'transfer.blindHelp')}</p>
      <Input
        ref={input}
        value={wish}
        role="combobox"
        aria-expanded
        aria-controls="transfer-targets"
        {...(chosen === undefined ? {} : { 'aria-activedescendant': `transfer-${chosen.key}` })}
        aria-label={t('transfer.placeholder')}
        placeholder={t('transfer.placeholder')}
        onChange={(event) => {
          setWish(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt((n) => Math.min(n + 1, targets.length - 1));
          else if (event.key === 'ArrowUp') setAt((n) => Math.max(0, n - 1));
          else if (event.key === 'Enter') send(chosen);
          else return;
          event.preventDefault();
        }}
      />
      <ul
        id="transfer-targets"
        className="pick-list"
        role="listbox"
        aria-label={t('transfer.title')}
      >
        {targets.map((target) => (
          <li
            key={target.key}
            role="option"
            aria-selected={target === chosen}
            className={target === chosen ? 'chosen' : ''}
            id={`transfer-${target.key}`}
            onMouseEnter={() => setAt(targets.indexOf(target))}
            onClick={() => send(target)}
          >
            <TargetLine target={target} />
            <span className="pick-act">
              <ShareAltOutlined /> {t(isConsult ? 'transfer.ask' : 'transfer.send')}
            </span>
          </li>
        ))}
      </ul>
      {targets.length === 0 && isReady && (
        <Empty title={t('transfer.nobody')}>
          {fault === undefined ? t('transfer.nobodyHelp') : t(`dial.bad.${fault}`)}
        </Empty>
      )}
      {targets.length === 0 && !isReady && <Loading rows={3} />}
      <p className="hint">
        <Key>↑</Key> <Key>↓</Key> {t('keys.choose')} <Key>Enter</Key> {t('keys.confirm')}{' '}
        <Key>Esc</Key> {t('keys.close')}
      </p>
    </div>
  );
}

function TargetLine({ target }: { target: Target }) {
  const t = useText();
  if (target.agent !== undefined) {
    const shown = shownState(target.agent);
    return (
      <div className="row">
        <strong>{target.title}</strong>
        <Tag tone={shown.tone} icon={shown.icon}>
          {t(shown.text)}
        </Tag>
      </div>
    );
  }
  return (
    <div className="row">
      <TeamOutlined />
      <strong className="figures">{target.title}</strong>
      {target.waiting !== undefined && (
        <span className="quiet">{t('queue.waitingCount', { count: target.waiting })}</span>
      )}
    </div>
  );
}

/** What is wrong with something that was meant as a number; undefined for words. */
function numberFault(
  wish: string,
): Exclude<ReturnType<typeof dialled>, { number: string }>['fault'] | undefined {
  if (!/\d/.test(wish.normalize('NFKC'))) return undefined;
  const wanted = dialled(wish);
  return 'fault' in wanted ? wanted.fault : undefined;
}

function useTargets(wish: string): { targets: Target[]; isReady: boolean } {
  const t = useText();
  const name = useName();
  const agents = useLive((state) => state.agents);
  const figures = useLive((state) => state.queues);
  const me = useLive((state) => state.desk?.agent.staffId);
  const queues = useQueues();
  const isReady = useLive((state) => state.isReady) && queues.data !== undefined;
  const targets = useMemo(() => {
    const text = wish.normalize('NFKC').trim().toLowerCase();
    const wanted = dialled(wish);
    const digits = 'number' in wanted ? wanted.number : '';
    const colleagues = [...agents.values()]
      .filter((one) => one.staffId !== me && one.presence !== 'offline')
      .sort((a, b) => rank(a) - rank(b) || a.displayName.localeCompare(b.displayName, 'zh-CN'))
      .map<Target>((agent) => ({
        key: agent.staffId,
        party: { staffId: agent.staffId },
        title: agent.displayName,
        agent,
        waiting: undefined,
      }));
    const lines = (queues.data ?? [])
      .filter((one) => one.isActive)
      .map<Target>((queue) => ({
        key: queue.queueId,
        party: { queueId: queue.queueId },
        title: name(queue.name),
        agent: undefined,
        waiting: figures.get(queue.queueId)?.waiting ?? 0,
      }));
    const number: Target[] =
      digits.length < 3
        ? []
        : [
            {
              key: 'number',
              party: { number: digits },
              title: t('transfer.number', { number: digits }),
              agent: undefined,
              waiting: undefined,
            },
          ];
    const matching = [...colleagues, ...lines].filter(
      ({ title, agent }) =>
        title.toLowerCase().includes(text) || (agent?.username.includes(text) ?? false),
    );
    return [...matching, ...number].slice(0, 12);
  }, [agents, figures, me, queues.data, wish, name, t]);
  return { targets, isReady };
}

/** Those who can take it now come first. */
function rank(agent: AgentView): number {
  if (agent.engagement !== 'idle') return 1;
  return agent.presence === 'available' ? 0 : 2;
}
