import {
  CheckCircleOutlined,
  ClockCircleOutlined,
  CloseCircleOutlined,
  QuestionCircleOutlined,
  SendOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { Tag, type Tone } from '../../../shared/parts/pieces.tsx';
import { textOf, type Translate } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';

const looks: Readonly<Record<string, readonly [Tone, ReactNode]>> = {
  queued: ['off', <ClockCircleOutlined key="" />],
  sending: ['busy', <SendOutlined key="" />],
  sent: ['ok', <SendOutlined key="" />],
  delivered: ['ok', <CheckCircleOutlined key="" />],
  failed: ['alarm', <CloseCircleOutlined key="" />],
  unknown: ['pause', <QuestionCircleOutlined key="" />],
};

export interface MessageFacts {
  channel: string;
  state: string;
  reason: string | null;
}

/** The same as plain text. */
export function messageStateText(t: Translate, { channel, state, reason }: MessageFacts): string {
  const words = `${textOf(t, 'channel', channel)} ${textOf(t, 'messageState', state)}`;
  return reason === null ? words : `${words} ${textOf(t, 'messageReason', reason)}`;
}

/** `短信 已发出`, and why not where it was not. */
export function MessageTag({ message: { channel, state, reason } }: { message: MessageFacts }) {
  const t = useText();
  const [tone, icon] = looks[state] ?? (['off', <ClockCircleOutlined key="" />] as const);
  return (
    <span className="message-tag">
      <Tag tone={tone} icon={icon}>
        {textOf(t, 'channel', channel)} {textOf(t, 'messageState', state)}
      </Tag>
      {reason !== null && <span className="quiet">{textOf(t, 'messageReason', reason)}</span>}
    </span>
  );
}
