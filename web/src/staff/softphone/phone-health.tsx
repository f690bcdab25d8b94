import {
  ApiOutlined,
  AudioMutedOutlined,
  CheckCircleOutlined,
  DesktopOutlined,
  LoadingOutlined,
  MobileOutlined,
  SignalFilled,
  SoundOutlined,
  WarningOutlined,
} from '@ant-design/icons';
import type { DeskView } from '../../../../src/contract/agents/agents.ts';
import { Button } from '../../shared/parts/button.tsx';
import { Tag, type Tone } from '../../shared/parts/pieces.tsx';
import { useText } from '../../shared/i18n/language.tsx';
import type { MessageKey, Translate } from '../../shared/i18n/i18n.ts';
import type { PhoneState } from './phone.types.ts';
import type { Quality } from './sound/quality.ts';
import { cannotSpeak } from './sound/microphone.ts';
import { usePhone } from './use-phone.tsx';

/** Whether the telephone works, and how good the conversation sounds. */
export function PhoneHealth({ desk }: { desk: DeskView }) {
  const t = useText();
  const { state, takeHere } = usePhone();
  const { phone, isPhoneReady } = desk.agent;
  if (phone !== 'browser') {
    return (
      <Tag
        tone={isPhoneReady ? 'ok' : 'alarm'}
        icon={phone === 'sip' ? <DesktopOutlined /> : <MobileOutlined />}
      >
        {t(isPhoneReady ? `phoneKind.${phone}` : 'phone.notReady')}
      </Tag>
    );
  }
  if (state.status === 'elsewhere') {
    return (
      <Button icon={<ApiOutlined />} title={t('phone.elsewhereHelp')} onClick={takeHere}>
        {t('phone.takeHere')}
      </Button>
    );
  }
  if (cannotSpeak(state.microphone)) {
    return (
      <Tag tone="alarm" icon={<AudioMutedOutlined />} role="alert">
        {t(microphoneText(state))}
      </Tag>
    );
  }
  if (state.sound !== 'ok' && state.call?.state !== 'talking') {
    return (
      <Tag tone="alarm" icon={<SoundOutlined />} role="alert">
        {t(`sound.${state.sound}`)}
      </Tag>
    );
  }
  const quality = state.call?.quality;
  if (quality !== undefined) return <QualityTag quality={quality} />;
  const [tone, text] = health(state);
  const icon =
    tone === 'ok' ? (
      <CheckCircleOutlined />
    ) : tone === 'pause' ? (
      <LoadingOutlined />
    ) : (
      <WarningOutlined />
    );
  return (
    <Tag tone={tone} icon={icon}>
      {t(text)}
    </Tag>
  );
}

function health(state: PhoneState): [Tone, MessageKey] {
  if (state.status === 'ready') return ['ok', 'phone.ready'];
  if (state.status === 'connecting') return ['pause', 'phone.connecting'];
  if (state.status === 'failed') return ['alarm', 'phone.refused'];
  return ['off', 'phone.off'];
}

/** In a talk it says what it means for the other side. */
function microphoneText({ microphone, call }: PhoneState): MessageKey {
  if (microphone === 'refused') return 'microphone.refused';
  if (microphone === 'insecure') return 'microphone.insecure';
  return call?.state === 'talking' ? 'microphone.gone' : 'microphone.missing';
}

const tones = { good: 'ok', fair: 'pause', poor: 'alarm' } as const;

export function QualityTag({ quality }: { quality: Quality }) {
  const t = useText();
  return (
    <Tag tone={tones[quality.grade]} icon={<SignalFilled />} title={detail(t, quality)}>
      {t(quality.isSilent ? 'quality.silent' : `quality.${quality.grade}`)}
    </Tag>
  );
}

function detail(t: Translate, { lossPercent, jitterMs, roundTripMs }: Quality): string {
  return t('quality.detail', {
    loss: lossPercent,
    jitter: jitterMs,
    trip: roundTripMs ?? '—',
  });
}
