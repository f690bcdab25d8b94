import { CustomerServiceOutlined, DesktopOutlined, MobileOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { PhoneKind } from '../../../../src/api/contract/agents.ts';
import { Key } from '../../components/pieces.tsx';
import { useAct } from '../../components/use-act.ts';
import { useText } from '../../i18n/language.tsx';
import { useStaff } from '../../session/session.tsx';
import { DevicePanel } from '../../softphone/device-panel.tsx';
import { deskActions } from './desk-actions.ts';

const kinds = [
  { kind: 'browser', icon: <CustomerServiceOutlined /> },
  { kind: 'sip', icon: <DesktopOutlined /> },
  { kind: 'outside', icon: <MobileOutlined /> },
] as const;

const key = 'lingting.seat';

/** The first thing of a working day: which telephone, does it hear me, go. */
export function TakeSeat() {
  const t = useText();
  const staff = useStaff();
  const { act, isBusy } = useAct();
  const [kind, setKind] = useState<PhoneKind>(() => {
    const stored = localStorage.getItem(key);
    return stored === 'sip' || stored === 'outside' ? stored : 'browser';
  });
  const [number, setNumber] = useState('');
  const go = () => {
    localStorage.setItem(key, kind);
    if ('Notification' in window && Notification.permission === 'default') {
      void Notification.requestPermission();
    }
    void act(async () => {
      await deskActions.takeSeat(kind, kind === 'outside' ? number : undefined);
      await deskActions.setPresence('available');
    });
  };
  const isIncomplete = kind === 'outside' && number.replaceAll(/\D/g, '').length < 3;
  return (
    <section className="card seat">
      <h1>{t('seat.title', { name: staff.displayName })}</h1>
      <p className="quiet">{t('seat.help')}</p>
      <div className="seat-kinds" role="radiogroup" aria-label={t('seat.phone')}>
        {kinds.map((one) => (
          <button
            key={one.kind}
            type="button"
            role="radio"
            aria-checked={kind === one.kind}
            className={`seat-kind${kind === one.kind ? ' chosen' : ''}`}
            onClick={() => setKind(one.kind)}
          >
            <span className="seat-icon">{one.icon}</span>
            <strong>{t(`phoneKind.${one.kind}`)}</strong>
            <span className="quiet small">{t(`phoneKindHelp.${one.kind}`)}</span>
          </button>
        ))}
      </div>
      {kind === 'browser' && <DevicePanel />}
      {kind === 'sip' && <p>{t('seat.sipHelp', { username: staff.username })}</p>}
      {kind === 'outside' && (
        <div>
          <label htmlFor="outside">{t('seat.number')}</label>
          <Input
            id="outside"
            inputMode="tel"
            value={number}
            onChange={(event) => setNumber(event.target.value)}
            placeholder="13700001234"
            onPressEnter={go}
          />
        </div>
      )}
      <Button
        type="primary"
        size="large"
        block
        onClick={go}
        loading={isBusy}
        disabled={isIncomplete}
        autoFocus
      >
        {t('seat.go')} <Key>Enter</Key>
      </Button>
    </section>
  );
}
