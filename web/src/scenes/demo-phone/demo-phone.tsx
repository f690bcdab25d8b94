import { AudioMutedOutlined, AudioOutlined, PhoneFilled } from '@ant-design/icons';
import { Alert, AutoComplete, Button, Popover, Select } from 'antd';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { PhoneAccount } from '../../../../src/api/contract/agents.ts';
import { api, Problem } from '../../api/client.ts';
import { LanguageSwitch } from '../../components/language-switch.tsx';
import { Elapsed } from '../../components/times.tsx';
import { useText } from '../../i18n/language.tsx';
import { phoneText } from '../../i18n/times.ts';
import { DevicePanel } from '../../softphone/device-panel.tsx';
import { KeypadPanel } from '../../softphone/keypad.tsx';
import { QualityTag } from '../../softphone/phone-health.tsx';
import { cannotSpeak } from '../../softphone/microphone.ts';
import { Softphone } from '../../softphone/phone.ts';
import { phoneOff } from '../../softphone/phone.types.ts';
import { demoCallers, demoHotlines } from './demo-people.ts';

/** In demo mode: an owner's telephone in the browser. Choose who calls, dial, press keys, talk. */
export function DemoPhonePage() {
  const t = useText();
  const [caller, setCaller] = useState(demoCallers[0].number);
  const [hotline, setHotline] = useState<string>(demoHotlines[0].number);
  const { phone, state, dial, failure } = useDemoPhone(caller);
  const { call } = state;
  const [isTalkingMuted, setMuted] = useState(false);
  useEffect(() => {
    if (call === undefined) setMuted(false);
  }, [call]);
  return (
    <main className="demo">
      <div className="demo-bar">
        <strong>{t('demo.title')}</strong>
        <LanguageSwitch />
      </div>
      <section className="handset">
        <div className="handset-who">
          <label htmlFor="caller">{t('demo.caller')}</label>
          <AutoComplete
            id="caller"
            value={caller}
            disabled={call !== undefined}
            onChange={(value: string) => setCaller(value.replaceAll(/\D/g, ''))}
            options={demoCallers.map((one) => ({
              value: one.number,
              label: (
                <span>
                  <strong>{t(one.name)}</strong>{' '}
                  <span className="figures">{phoneText(one.number)}</span>
                  <br />
                  <small className="quiet">{t(one.note)}</small>
                </span>
              ),
            }))}
          />
          <small className="quiet">{noteOf(t, caller)}</small>
          <label htmlFor="hotline">{t('demo.hotline')}</label>
          <Select
            id="hotline"
            value={hotline}
            disabled={call !== undefined}
            onChange={setHotline}
            options={demoHotlines.map((one) => ({
              value: one.number,
              label: `${one.number} ${t(one.name)}`,
            }))}
          />
        </div>
        <div className="handset-screen" aria-live="polite">
          {call === undefined ? (
            <>
              <div className="handset-number figures">{hotline}</div>
              <div className="quiet">
                {state.status === 'connecting'
                  ? t('phone.connecting')
                  : state.lastCause === undefined
                    ? t('demo.ready')
                    : t('demo.ended')}
              </div>
            </>
          ) : (
            <>
              <div className="handset-number figures">{call.number}</div>
              <div>
                {call.state === 'talking' ? <Elapsed since={call.sinceMs} /> : t('demo.dialling')}
              </div>
              {call.quality !== undefined && <QualityTag quality={call.quality} />}
            </>
          )}
        </div>
        {(failure !== undefined ||
          state.failure !== undefined ||
          cannotSpeak(state.microphone)) && (
          <Alert
            type="error"
            showIcon
            title={t(
              cannotSpeak(state.microphone)
                ? 'phone.noMicrophone'
                : (failure ?? 'demo.unavailable'),
            )}
          />
        )}
        <KeypadPanel
          isLarge
          disabled={call?.state !== 'talking'}
          onKey={(key) => phone.current?.sendKey(key)}
        />
        <div className="handset-keys">
          {call === undefined ? (
            <Button
              type="primary"
              size="large"
              shape="round"
              className="answer"
              icon={<PhoneFilled />}
              onClick={() => dial(hotline)}
              disabled={caller === ''}
              loading={state.status === 'connecting'}
            >
              {t('demo.call')}
            </Button>
          ) : (
            <>
              <Button
                size="large"
                shape="circle"
                icon={isTalkingMuted ? <AudioMutedOutlined /> : <AudioOutlined />}
                aria-label={t(isTalkingMuted ? 'phone.unmute' : 'phone.mute')}
                aria-pressed={isTalkingMuted}
                onClick={() => {
                  phone.current?.mute(!isTalkingMuted);
                  setMuted(!isTalkingMuted);
                }}
              />
              <Button
                danger
                type="primary"
                size="large"
                shape="round"
                icon={<PhoneFilled rotate={225} />}
                onClick={() => phone.current?.hangUp()}
              >
                {t('phone.hangUp')}
              </Button>
            </>
          )}
        </div>
        <Popover
          trigger="click"
          destroyOnHidden
          title={t('devices.title')}
          content={<DevicePanel onChange={() => void phone.current?.applyDevices()} />}
        >
          <Button type="link" size="small">
            {t('devices.title')}
          </Button>
        </Popover>
      </section>
      <p className="quiet small demo-help">{t('demo.help')}</p>
    </main>
  );
}

function noteOf(t: ReturnType<typeof useText>, number: string): string {
  const known = demoCallers.find((one) => one.number === number);
  return known === undefined ? t('demo.stranger') : t(known.note);
}

/** The account is made when one dials: its caller number is the one chosen then. */
function useDemoPhone(caller: string) {
  const phone = useRef<Softphone | undefined>(undefined);
  const wanted = useRef(caller);
  wanted.current = caller;
  const [failure, setFailure] = useState<'demo.unavailable' | 'problem.network'>();
  phone.current ??= new Softphone({
    isRinging: true,
    account: () =>
      api.post<PhoneAccount>('/demo/phone', { number: wanted.current }).catch((error: unknown) => {
        const isOff = error instanceof Problem && error.status !== 0;
        setFailure(isOff ? 'demo.unavailable' : 'problem.network');
        throw error;
      }),
  });
  const one = phone.current;
  const state = useSyncExternalStore(one.subscribe, one.getState, () => phoneOff);
  const toDial = useRef<{ number: string; caller: string } | undefined>(undefined);
  const registered = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (state.status === 'failed') {
      toDial.current = undefined;
      setFailure((known) => known ?? 'demo.unavailable');
      one.stop();
    }
    if (state.status !== 'ready' || toDial.current === undefined) return;
    const { number } = toDial.current;
    toDial.current = undefined;
    void one.dial(number);
  }, [state.status, one]);
  useEffect(() => () => one.stop(), [one]);
  const dial = (number: string) => {
    setFailure(undefined);
    if (state.status === 'ready' && registered.current === caller) {
      void one.dial(number);
      return;
    }
    registered.current = caller;
    toDial.current = { number, caller };
    one.stop();
    one.start();
  };
  return { phone, state, dial, failure };
}
