import { CustomerServiceOutlined, DesktopOutlined, MobileOutlined } from '@ant-design/icons';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import type { PhoneKind } from '../../../../../src/contract/agents/agents.ts';
import { Key } from '../../../shared/parts/pieces.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { useStaff } from '../../../shared/session/session.tsx';
import { DevicePanel } from '../../softphone/sound/device-panel.tsx';
import { plainDigits } from '../../../../../src/contract/numbers.ts';
import { orAlready } from '../../../api/already.ts';
import { askForNotices } from '../../../shared/browser/notice.ts';
import { store, stored } from '../../../shared/browser/storage.ts';
import { dialled } from '../../softphone/dialled.ts';
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
  const { message } = App.useApp();
  const [kind, setKind] = useState<PhoneKind>(() => {
    const last = stored(key);
    return last === 'sip' || last === 'outside' ? last : 'browser';
  });
  const [number, setNumber] = useState('');
  const go = () => {
    const wanted = dialled(number);
    if (kind === 'outside' && 'fault' in wanted) {
      void message.error(t(`dial.bad.${wanted.fault}`), 6);
      return;
    }
    store(key, kind);
    askForNotices();
    const own = kind === 'outside' && 'number' in wanted ? wanted.number : undefined;
    void act(async () => {
      await deskActions.takeSeat(kind, own);
      await orAlready(deskActions.setPresence('available'));
    });
  };
  const isIncomplete = kind === 'outside' && plainDigits(number).length < 3;
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
