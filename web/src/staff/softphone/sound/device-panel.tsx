import { AudioOutlined, SoundOutlined, BellOutlined } from '@ant-design/icons';
import { useEffect, useState } from 'react';
import { useText } from '../../../shared/i18n/language.tsx';
import { Button } from '../../../shared/parts/button.tsx';
import { Choose } from '../../../shared/parts/choose.tsx';
import { WarningIcon } from '../../../shared/parts/icons.tsx';
import {
  closeStream,
  listDevices,
  openMicrophone,
  storeChoice,
  storedChoice,
  type Choice,
  type Devices,
} from './devices.ts';
import { watchLevel } from './level.ts';
import { testTone } from './ringtone.ts';
import '../softphone.css';

/** Microphone with its level, speaker with a test tone, volumes; what is chosen counts at once. */
export function DevicePanel({ onChange }: { onChange?: () => void }) {
  const t = useText();
  const [choice, setChoice] = useState<Choice>(storedChoice);
  const [devices, setDevices] = useState<Devices>({ microphones: [], speakers: [] });
  const { level, isRefused } = useLevel(choice.microphone, setDevices);
  const change = (part: Partial<Choice>) => {
    const next = { ...choice, ...part };
    setChoice(next);
    storeChoice(next);
    onChange?.();
  };
  const options = (list: readonly MediaDeviceInfo[]) => [
    { value: '', label: t('devices.system') },
    ...list
      .filter((one) => one.deviceId !== 'default')
      .map((one) => ({ value: one.deviceId, label: one.label || one.deviceId.slice(0, 8) })),
  ];
  return (
    <div className="devices">
      {isRefused && (
        <p className="words tone-alarm" role="alert">
          <WarningIcon /> {t('devices.refused')}
        </p>
      )}
      <label htmlFor="microphone">
        <AudioOutlined /> {t('devices.microphone')}
      </label>
      <Choose
        id="microphone"
        value={choice.microphone}
        options={options(devices.microphones)}
        onChange={(microphone) => change({ microphone })}
      />
      <LevelMeter level={level} />
      <label htmlFor="speaker">
        <SoundOutlined /> {t('devices.speaker')}
      </label>
      <div className="row">
        <Choose
          id="speaker"
          className="grow"
          value={choice.speaker}
          options={options(devices.speakers)}
          onChange={(speaker) => change({ speaker })}
        />
        <Button onClick={() => testTone(choice.volume, choice.speaker)}>{t('devices.test')}</Button>
      </div>
      <Volume
        label={t('devices.volume')}
        value={choice.volume}
        onChange={(volume) => change({ volume })}
      />
      <div className="label">
        <BellOutlined /> {t('devices.ringing')}
      </div>
      <Volume
        label={t('devices.ringVolume')}
        value={choice.ringVolume}
        onChange={(ringVolume) => change({ ringVolume })}
      />
    </div>
  );
}

function Volume({
  label,
  value,
  onChange,
}: {
  label: string;
  value: number;
  onChange: (value: number) => void;
}) {
  const percent = Math.round(value * 100);
  return (
    <div className="row">
      <input
        type="range"
        className="grow"
        min={0}
        max={100}
        value={percent}
        onChange={(event) => onChange(Number(event.target.value) / 100)}
        aria-label={label}
      />
      <span className="figures volume">{percent}%</span>
    </div>
  );
}

function LevelMeter({ level }: { level: number }) {
  const t = useText();
  const bars = 20;
  return (
    <div
      className="meter"
      role="meter"
      aria-label={t('devices.level')}
      aria-valuenow={Math.round(level * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      {Array.from({ length: bars }, (_unused, at) => (
        <i key={at} className={at < level * bars ? 'lit' : ''} />
      ))}
    </div>
  );
}

function useLevel(microphone: string, onDevices: (devices: Devices) => void) {
  const [level, setLevel] = useState(0);
  const [isRefused, setRefused] = useState(false);
  useEffect(() => {
    let isOver = false;
    let stop: () => void = () => undefined;
    let stream: MediaStream | undefined;
    const open = async () => {
      try {
        const opened = await openMicrophone(microphone);
        if (isOver) {
          closeStream(opened);
          return;
        }
        stream = opened;
        setRefused(false);
        stop = watchLevel(opened, setLevel);
      } catch {
        setRefused(true);
      }
      // Labels are told only once the microphone has been allowed.
      if (!isOver) onDevices(await listDevices());
    };
    void open();
    return () => {
      isOver = true;
      stop();
      closeStream(stream);
    };
  }, [microphone, onDevices]);
  return { level, isRefused };
}
