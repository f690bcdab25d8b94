import { AudioOutlined, EyeOutlined, PauseOutlined, PhoneOutlined } from '@ant-design/icons';
import type { DeskCall } from '../../../../../src/contract/agents/agents.ts';
import { Tag, type Tone } from '../../../shared/parts/pieces.tsx';
import { useText } from '../../../shared/i18n/language.tsx';
import { phoneText } from '../../../shared/i18n/times.ts';

const tones: Readonly<Record<string, Tone>> = {
  talking: 'ok',
  held: 'pause',
  waiting: 'pause',
  ended: 'off',
  dialling: 'busy',
  ringing: 'busy',
  listening: 'after',
};

/** Who is in the conversation, and what is done with it (recorded, listened to). */
export function LegStrip({ call }: { call: DeskCall }) {
  const t = useText();
  const isDialled = call.direction === 'outbound';
  const legs = call.legs.filter((leg) => leg.state !== 'ended');
  return (
    <div className="legs">
      {legs.map((leg) => (
        <Tag
          key={leg.legId}
          tone={tones[leg.state] ?? 'off'}
          icon={leg.state === 'held' ? <PauseOutlined /> : <PhoneOutlined />}
        >
          {t(isDialled && leg.role === 'caller' ? 'leg.callerDialled' : `leg.${leg.role}`)}{' '}
          {phoneText(leg.label)} · {t(`legState.${leg.state}`)}
        </Tag>
      ))}
      <span className="grow" />
      {call.isSupervised && (
        <Tag tone="after" icon={<EyeOutlined />}>
          {t('call.supervised')}
        </Tag>
      )}
      {call.isRecording && (
        <Tag tone="alarm" icon={<AudioOutlined />}>
          {t('call.recording')}
        </Tag>
      )}
    </div>
  );
}
