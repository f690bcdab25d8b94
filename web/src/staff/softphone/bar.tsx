import {
  AudioMutedOutlined,
  AudioOutlined,
  CoffeeOutlined,
  CustomerServiceOutlined,
  DownOutlined,
  MergeCellsOutlined,
  PauseOutlined,
  PhoneFilled,
  PhoneOutlined,
  PlayCircleOutlined,
  PoweroffOutlined,
  SettingOutlined,
  ShareAltOutlined,
  TableOutlined,
  WarningOutlined,
} from '@ant-design/icons';
import { App, Button, Input, Popover } from 'antd';
import { useState, type ReactNode } from 'react';
import type { DeskView } from '../../../../src/contract/agents/agents.ts';
import { useBreakReasons } from '../../api/codes.ts';
import { Menu, type MenuItem } from '../../shared/parts/menu.tsx';
import { Key, Tag } from '../../shared/parts/pieces.tsx';
import { imposedBy } from '../shell/imposed.ts';
import { shownState } from '../shell/presence.tsx';
import { Elapsed } from '../../shared/parts/times.tsx';
import type { Act } from '../../shared/parts/use-act.ts';
import { useAct } from '../../shared/parts/use-act.ts';
import { useKeys } from '../../shared/browser/use-keys.ts';
import { useName, useText } from '../../shared/i18n/language.tsx';
import { phoneText } from '../../shared/i18n/times.ts';
import { deskActions } from '../scenes/desk/desk-actions.ts';
import { saveDraftNow } from '../scenes/desk/order/shared-draft.ts';
import { TransferDialog } from '../scenes/desk/transfer.tsx';
import { dialled } from './dialled.ts';
import { DevicePanel } from './sound/device-panel.tsx';
import { PhoneHealth } from './phone-health.tsx';
import { KeypadPanel } from './keypad.tsx';
import { SuperviseBar } from './supervise-bar.tsx';
import { useDial } from './use-dial.ts';
import { usePhone } from './use-phone.tsx';
import './softphone.css';

/** Presence on the left, the conversation in the middle, the telephone's health on the right. */
export function SoftphoneBar({ desk }: { desk: DeskView }) {
  const { act, isBusy } = useAct();
  const { state } = usePhone();
  // The middle counts the call: one clock for one call.
  const isCounted =
    desk.call !== null ||
    (state.call !== undefined && (desk.supervising !== null || desk.offer === null));
  return (
    <div className="bar" role="toolbar">
      <PresenceControl desk={desk} act={act} hasClock={!isCounted} />
      <Middle desk={desk} act={act} isBusy={isBusy} />
      <div className="bar-end">
        <PhoneHealth desk={desk} />
        <DeviceButton />
      </div>
    </div>
  );
}

function Middle({ desk, act, isBusy }: { desk: DeskView; act: Act; isBusy: boolean }) {
  const { state } = usePhone();
  if (desk.call !== null) return <CallControls desk={desk} act={act} isBusy={isBusy} />;
  if (desk.supervising !== null) return <SuperviseBar supervising={desk.supervising} act={act} />;
  if (state.call !== undefined && desk.offer === null) return <BareCall />;
  return <DialBox desk={desk} />;
}

/** The telephone is in use and the desk has no call: a supervisor listens, or the desk's news is late. */
function BareCall() {
  const t = useText();
  const { phone, state } = usePhone();
  const isRinging = state.call?.state === 'ringing';
  const answer = () => void phone.answer();
  useKeys({ F2: isRinging ? answer : undefined, F4: () => phone.hangUp() });
  return (
    <div className="bar-middle">
      <Tag tone="busy" icon={<PhoneFilled />}>
        {t(isRinging ? 'agent.offered' : 'agent.talking')}
      </Tag>
      {state.call !== undefined && <Elapsed since={state.call.sinceMs} />}
      {isRinging && (
        <Button type="primary" className="answer" icon={<PhoneFilled />} onClick={answer}>
          {t('offer.accept')} <Key>F2</Key>
        </Button>
      )}
      <Button danger icon={<PhoneFilled rotate={225} />} onClick={() => phone.hangUp()}>
        {t('phone.hangUp')} <Key>F4</Key>
      </Button>
    </div>
  );
}

function PresenceControl({ desk, act, hasClock }: { desk: DeskView; act: Act; hasClock: boolean }) {
  const t = useText();
  const name = useName();
  const reasons = useBreakReasons();
  const { agent } = desk;
  const shown = shownState(agent);
  const isAvailable = agent.presence === 'available';
  const toggle = () =>
    void act(() =>
      isAvailable
        ? deskActions.setPresence('break', firstReason?.code)
        : deskActions.setPresence('available'),
    );
  const active = (reasons.data ?? []).filter((one) => one.isActive);
  const [firstReason] = active;
  useKeys({ F9: toggle });
  const reason = active.find((one) => one.code === agent.reason);
  const isEngaged = agent.engagement !== 'idle';
  const cause = imposedBy(agent);
  const why =
    cause === undefined || agent.presence !== 'break'
      ? undefined
      : cause === 'missed'
        ? t('imposed.missedShort')
        : t('imposed.breakShort', { name: agent.presenceBy ?? '' });
  const items: MenuItem[] = [
    {
      key: 'available',
      icon: <CustomerServiceOutlined />,
      label: t('presence.goAvailable'),
      isDisabled: isAvailable,
      onPick: () => void act(() => deskActions.setPresence('available')),
    },
    ...(active.length === 0 ? [undefined] : active).map((one, at) => ({
      key: `break-${one?.code ?? ''}`,
      icon: <CoffeeOutlined />,
      label: one === undefined ? t('agent.break') : name(one.name),
      isApart: at === 0,
      onPick: () => void act(() => deskActions.setPresence('break', one?.code)),
    })),
    {
      key: 'leave',
      icon: <PoweroffOutlined />,
      label: t('presence.leave'),
      isDisabled: isEngaged,
      isDanger: true,
      isApart: true,
      onPick: () => void act(() => deskActions.leaveSeat()),
    },
  ];
  return (
    <div className="bar-presence">
      <Menu
        items={items}
        trigger={
          <button type="button" className={`presence tone-${shown.tone}`}>
            {shown.icon}
            <strong>{reason === undefined || isEngaged ? t(shown.text) : name(reason.name)}</strong>
            {hasClock && <Elapsed since={shown.since} />}
            <DownOutlined className="small" />
          </button>
        }
      />
      <span className="hint">
        <Key>F9</Key> {t(isAvailable ? 'presence.toBreak' : 'presence.toAvailable')}
      </span>
      {why !== undefined && (
        <Tag tone="alarm" icon={<WarningOutlined />} role="alert">
          {why}
        </Tag>
      )}
      {isEngaged && agent.presence === 'break' && why === undefined && (
        <Tag tone="pause" icon={<CoffeeOutlined />}>
          {t('presence.breakAfter')}
        </Tag>
      )}
    </div>
  );
}

function DialBox({ desk }: { desk: DeskView }) {
  const t = useText();
  const dial = useDial();
  const [number, setNumber] = useState('');
  const isPossible = desk.offer === null && desk.agent.isPhoneReady;
  const { message } = App.useApp();
  const go = () => {
    if (number.trim() === '' || !isPossible) return;
    const wanted = dialled(number);
    if ('fault' in wanted) {
      void message.error(t(`dial.bad.${wanted.fault}`), 6);
      return;
    }
    const { extension } = wanted;
    if (extension !== undefined) void message.info(t('dial.extension', { extension }), 10);
    dial({ number: wanted.number });
    setNumber('');
  };
  return (
    <div className="bar-middle">
      <div className="row">
        <Input
          value={number}
          onChange={(event) => setNumber(event.target.value)}
          onPressEnter={go}
          placeholder={t('phone.dialPlaceholder')}
          aria-label={t('phone.dialPlaceholder')}
          inputMode="tel"
          allowClear
          className="dial-input"
        />
        <Button icon={<PhoneOutlined />} disabled={!isPossible || number === ''} onClick={go}>
          {t('phone.dial')}
        </Button>
      </div>
    </div>
  );
}

function CallControls({ desk, act, isBusy }: { desk: DeskView; act: Act; isBusy: boolean }) {
  const t = useText();
  const { phone, state } = usePhone();
  const [isTransferring, setTransferring] = useState(false);
  const { call } = desk;
  const callId = call?.callId ?? '';
  const conversation = call?.conversation ?? 'talking';
  const isHeld = conversation === 'held';
  const isConsulting = conversation === 'consulting';
  // A colleague who was asked has the customer only after the hand-over.
  const isMine = call?.isMine ?? false;
  const canSteer = isMine && conversation !== 'dialling';
  const hasMedia = state.call?.state === 'talking';
  const isMuted = state.call?.isMuted ?? false;
  const hold = () =>
    void act(() => (isHeld ? deskActions.resume(callId) : deskActions.hold(callId)));
  const hangUp = () =>
    void act(() =>
      deskActions.hangUp(callId).catch((error: unknown) => {
        // The service cannot be reached: at least this end of the line is put down.
        phone.hangUp();
        throw error;
      }),
    );
  const mute = () => phone.mute(!isMuted);
  useKeys({
    F4: call === null ? undefined : hangUp,
    F6: canSteer && !isConsulting ? hold : undefined,
    F7: hasMedia ? mute : undefined,
    F8: canSteer && !isConsulting ? () => setTransferring(true) : undefined,
  });
  if (call === null) return null;
  const other = call.legs.find((leg) => leg.role === 'caller' || leg.role === 'outside');
  return (
    <div className="bar-middle">
      <div className="bar-call">
        <Tag tone={isHeld ? 'pause' : 'busy'} icon={isHeld ? <PauseOutlined /> : <PhoneFilled />}>
          {!isMine && isConsulting
            ? t('consult.asked', { name: call.askedBy ?? '' })
            : t(`conversation.${conversation}`)}
        </Tag>
        <span className="figures strong">{phoneText(other?.label ?? call.pop.callerNumber)}</span>
        <Elapsed since={call.answeredAt ?? call.startedAt} className="strong" />
      </div>
      <div className="row wrap">
        {!isMine ? null : isConsulting ? (
          <ConsultControls callId={callId} act={act} />
        ) : (
          <>
            <Control
              icon={isHeld ? <PlayCircleOutlined /> : <PauseOutlined />}
              label={t(isHeld ? 'phone.resume' : 'phone.hold')}
              hint="F6"
              isOn={isHeld}
              disabled={!canSteer || isBusy}
              onClick={hold}
            />
            <Control
              icon={isMuted ? <AudioMutedOutlined /> : <AudioOutlined />}
              label={t(isMuted ? 'phone.unmute' : 'phone.mute')}
              hint="F7"
              isOn={isMuted}
              disabled={!hasMedia}
              onClick={mute}
            />
            <Control
              icon={<ShareAltOutlined />}
              label={t('phone.transfer')}
              hint="F8"
              disabled={!canSteer || isBusy}
              onClick={() => setTransferring(true)}
            />
          </>
        )}
        <Popover
          trigger="click"
          content={<KeypadPanel onKey={(key) => phone.sendKey(key)} />}
          placement="bottom"
        >
          <Button icon={<TableOutlined />} disabled={!hasMedia} title={t('phone.keypad')} />
        </Popover>
        <Button danger type="primary" icon={<PhoneFilled rotate={225} />} onClick={hangUp}>
          {t('phone.hangUp')} <Key>F4</Key>
        </Button>
      </div>
      <TransferDialog
        callId={callId}
        isOpen={isTransferring}
        onClose={() => setTransferring(false)}
      />
    </div>
  );
}

function ConsultControls({ callId, act }: { callId: string; act: Act }) {
  const t = useText();
  const complete = () =>
    void act(async () => {
      await saveDraftNow(callId);
      await deskActions.completeConsult(callId);
    });
  const conference = () => void act(() => deskActions.conference(callId));
  const cancel = () => void act(() => deskActions.cancelConsult(callId));
  useKeys({ F8: complete, F6: cancel, 'Alt+3': conference });
  return (
    <>
      <Control
        icon={<ShareAltOutlined />}
        label={t('consult.complete')}
        hint="F8"
        onClick={complete}
      />
      <Control
        icon={<MergeCellsOutlined />}
        label={t('consult.conference')}
        hint="Alt+3"
        onClick={conference}
      />
      <Control icon={<PlayCircleOutlined />} label={t('consult.back')} hint="F6" onClick={cancel} />
    </>
  );
}

function Control({
  icon,
  label,
  hint,
  isOn = false,
  disabled = false,
  onClick,
}: {
  icon: ReactNode;
  label: string;
  hint?: string;
  isOn?: boolean;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <Button
      icon={icon}
      disabled={disabled}
      onClick={onClick}
      aria-pressed={isOn}
      {...(isOn ? { className: 'is-on' } : {})}
    >
      {label} {hint !== undefined && <Key>{hint}</Key>}
    </Button>
  );
}

function DeviceButton() {
  const t = useText();
  const { phone } = usePhone();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      trigger="click"
      open={isOpen}
      onOpenChange={setOpen}
      placement="bottomRight"
      title={t('devices.title')}
      content={isOpen && <DevicePanel onChange={() => void phone.applyDevices()} />}
    >
      <Button type="text" icon={<SettingOutlined />} aria-label={t('devices.title')} />
    </Popover>
  );
}
