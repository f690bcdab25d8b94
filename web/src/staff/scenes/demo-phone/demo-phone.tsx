import { AudioMutedOutlined, AudioOutlined, PhoneFilled } from '@ant-design/icons';
import { Alert, AutoComplete, Button, Popover, Select, Switch } from 'antd';
import { useEffect, useState } from 'react';
import { useOutsideCalls } from '../../../api/outside-calls.ts';
import { LanguageSwitch } from '../../../shared/parts/language-switch.tsx';
import { Elapsed } from '../../../shared/parts/times.tsx';
import { useText } from '../../../shared/i18n/language.tsx';
import { phoneText } from '../../../shared/i18n/times.ts';
import { Frame } from '../../shell/frame.tsx';
import { DevicePanel } from '../../softphone/sound/device-panel.tsx';
import { KeypadPanel } from '../../softphone/keypad.tsx';
import { QualityTag } from '../../softphone/phone-health.tsx';
import { cannotSpeak } from '../../softphone/sound/microphone.ts';
import type { PhoneCall } from '../../softphone/phone.types.ts';
import { demoCallers, demoHotlines } from './demo-people.ts';
import { useAnsweringByItself } from './answering-by-itself.ts';
import { useDemoPhone, type Answers } from './use-demo-phone.ts';
import './demo-phone.css';

/** In demo mode: an owner's telephone in the browser. Choose whose it is, dial or be called, press keys, talk. */
export function DemoPhonePage() {
  return (
    <Frame>
      <Handset />
    </Frame>
  );
}

function Handset() {
  const t = useText();
  const [caller, setCaller] = useState(demoCallers[0].number);
  const [hotline, setHotline] = useState<string>(demoHotlines[0].number);
  const isCalled = useOutsideCalls() === 'test_telephones';
  const [answers, setAnswers] = useState<Answers>('every');
  const [isAuto, setAuto] = useState(false);
  const { phone, state, dial, failure } = useDemoPhone(caller, isCalled ? answers : 'nothing');
  useAnsweringByItself(phone, state.call, isAuto);
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
              label: one.number,
            }))}
            optionRender={({ value }) => <KnownCaller number={String(value)} />}
          />
          <small className="quiet">{noteOf(t, caller)}</small>
          {isCalled && (
            <>
              <label htmlFor="answers">{t('demo.answers')}</label>
              <Select
                id="answers"
                value={answers}
                disabled={call !== undefined}
                onChange={setAnswers}
                options={(['every', 'own', 'nothing'] as const).map((value) => ({
                  value,
                  label: t(`demo.answers.${value}`),
                }))}
              />
              <label className="handset-auto">
                <Switch size="small" checked={isAuto} onChange={setAuto} />
                <span>{t('demo.auto')}</span>
              </label>
            </>
          )}
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
                  : state.lastCause !== undefined
                    ? t('demo.ended')
                    : isCalled && answers !== 'nothing' && state.status === 'ready'
                      ? t('demo.waiting')
                      : t('demo.ready')}
              </div>
            </>
          ) : (
            <>
              <div className="handset-number figures">{call.number}</div>
              {call.dialled !== undefined && (
                <div>{t('demo.calls', { number: phoneText(calledOf(call.dialled, caller)) })}</div>
              )}
              <div>
                {call.state === 'talking' ? <Elapsed since={call.sinceMs} /> : t(stepOf(call))}
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
          ) : call.state === 'ringing' ? (
            <>
              <Button
                type="primary"
                size="large"
                shape="round"
                className="answer"
                icon={<PhoneFilled />}
                onClick={() => void phone.current?.answer()}
              >
                {t('demo.answer')}
              </Button>
              <Button
                danger
                size="large"
                shape="round"
                icon={<PhoneFilled rotate={225} />}
                onClick={() => phone.current?.hangUp()}
              >
                {t('demo.decline')}
              </Button>
            </>
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
      <p className="quiet small demo-help">
        {t('demo.help')}
        {isCalled && `\n${t('demo.calledHelp')}`}
      </p>
    </main>
  );
}

function KnownCaller({ number }: { number: string }) {
  const t = useText();
  const known = demoCallers.find((one) => one.number === number);
  if (known === undefined) return null;
  return (
    <span>
      <strong>{t(known.name)}</strong> <span className="figures">{phoneText(number)}</span>
      <br />
      <small className="quiet">{t(known.note)}</small>
    </span>
  );
}

function noteOf(t: ReturnType<typeof useText>, number: string): string {
  const known = demoCallers.find((one) => one.number === number);
  return known === undefined ? t('demo.stranger') : t(known.note);
}

function stepOf({ state }: PhoneCall): 'demo.ringing' | 'phone.connecting' | 'demo.dialling' {
  if (state === 'ringing') return 'demo.ringing';
  return state === 'connecting' ? 'phone.connecting' : 'demo.dialling';
}

/** A telephone that rings under the name of its account is rung as whose it is. */
function calledOf(dialled: string, own: string): string {
  return /^\d+$/.test(dialled) ? dialled : own;
}
