import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  EditOutlined,
  PauseCircleOutlined,
  PhoneOutlined,
  StopOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { Tag, type Tone } from '../../../shared/parts/pieces.tsx';
import { textOf } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';

const looks: Readonly<Record<string, readonly [Tone, ReactNode]>> = {
  draft: ['off', <EditOutlined key="" />],
  submitted: ['pause', <ClockCircleOutlined key="" />],
  approved: ['accent', <CheckCircleOutlined key="" />],
  running: ['busy', <PhoneOutlined key="" />],
  paused: ['pause', <PauseCircleOutlined key="" />],
  finished: ['ok', <CheckCircleOutlined key="" />],
  stopped: ['off', <StopOutlined key="" />],
  cancelled: ['off', <CloseCircleOutlined key="" />],
  waiting: ['off', <ClockCircleOutlined key="" />],
  dialling: ['busy', <PhoneOutlined key="" />],
  reached: ['ok', <CheckCircleOutlined key="" />],
  unreached: ['alarm', <CloseCircleOutlined key="" />],
  excluded: ['off', <StopOutlined key="" />],
};

export function CampaignTag({ state }: { state: string }) {
  return <LookTag state={state} prefix="campaignState" />;
}

export function ContactTag({ state }: { state: string }) {
  return <LookTag state={state} prefix="contactState" />;
}

function LookTag({ state, prefix }: { state: string; prefix: string }) {
  const t = useText();
  const [tone, icon] = looks[state] ?? (['off', <ClockCircleOutlined key="" />] as const);
  return (
    <Tag tone={tone} icon={icon}>
      {textOf(t, prefix, state)}
    </Tag>
  );
}
