import {
  CheckCircleOutlined,
  CheckSquareOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  FireOutlined,
  InboxOutlined,
  SendOutlined,
  SmileOutlined,
  ToolOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { Tag, type Tone } from '../../shared/parts/pieces.tsx';
import { textOf } from '../../shared/i18n/i18n.ts';
import { useText } from '../../shared/i18n/language.tsx';

const looks: Readonly<Record<string, readonly [Tone, ReactNode]>> = {
  new: ['alarm', <InboxOutlined key="" />],
  accepted: ['busy', <CheckCircleOutlined key="" />],
  dispatched: ['busy', <SendOutlined key="" />],
  in_progress: ['pause', <ToolOutlined key="" />],
  done: ['ok', <CheckSquareOutlined key="" />],
  confirmed: ['ok', <SmileOutlined key="" />],
  closed: ['off', <CheckCircleOutlined key="" />],
  cancelled: ['off', <CloseCircleOutlined key="" />],
};

export function StateTag({ state }: { state: string }) {
  const t = useText();
  const [tone, icon] = looks[state] ?? (['off', <ClockCircleOutlined key="" />] as const);
  return (
    <Tag tone={tone} icon={icon}>
      {textOf(t, 'orderState', state)}
    </Tag>
  );
}

export function SeverityTag({ severity }: { severity: string }) {
  const t = useText();
  if (severity !== 'serious') return null;
  return (
    <Tag tone="alarm" icon={<FireOutlined />}>
      {t('severity.serious')}
    </Tag>
  );
}
