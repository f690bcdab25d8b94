/** Small pieces that many pages share. */
import { WarningOutlined } from '@ant-design/icons';
import { Button, Skeleton, Tooltip } from 'antd';
import type { ReactNode } from 'react';
import { Problem } from '../../api/client.ts';
import { useText } from '../i18n/language.tsx';
import { money, phoneText } from '../i18n/times.ts';
import { problemText } from './problem-text.ts';

/** A key that works here. */
export function Key({ children }: { children: string }) {
  return <kbd aria-hidden="true">{children}</kbd>;
}

export function Money({ fen, isOwed = false }: { fen: number; isOwed?: boolean }) {
  return <span className={`figures${isOwed ? ' owed' : ''}`}>{money(fen)}</span>;
}

export type Tone = 'ok' | 'busy' | 'pause' | 'after' | 'off' | 'alarm' | 'vip' | 'accent';

/** A state by colour, icon and word. */
export function Tag({
  tone,
  icon,
  children,
  title,
  role,
}: {
  tone: Tone;
  icon?: ReactNode;
  children: ReactNode;
  title?: string;
  /** `alert`: read out as soon as it appears. */
  role?: 'alert';
}) {
  return (
    <span className={`tag tone-${tone}`} title={title} role={role}>
      {icon}
      <span>{children}</span>
    </span>
  );
}

/** A number that can be rung, where there is a telephone to ring it with. */
export function PhoneNumber({
  number,
  onDial,
}: {
  number: string;
  onDial?: ((number: string) => void) | undefined;
}) {
  const t = useText();
  const isMasked = number.includes('*');
  if (onDial === undefined || isMasked || number === '') {
    return <span className="figures nowrap">{number === '' ? '—' : phoneText(number)}</span>;
  }
  return (
    <Tooltip title={t('phone.dialThis')}>
      <button type="button" className="link figures nowrap" onClick={() => onDial(number)}>
        {phoneText(number)}
      </button>
    </Tooltip>
  );
}

/** Behind a number that a stranger claims and no carrier vouches for. */
export function Unverified() {
  const t = useText();
  return (
    <Tooltip title={t('phone.unverifiedHelp')}>
      <span>
        <Tag tone="pause" icon={<WarningOutlined />}>
          {t('phone.unverified')}
        </Tag>
      </span>
    </Tooltip>
  );
}

export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <div className="empty-title">{title}</div>
      {children !== undefined && <div className="quiet">{children}</div>}
      {action}
    </div>
  );
}

export function Loading({ rows = 4 }: { rows?: number }) {
  return (
    <div className="pad" aria-busy="true">
      <Skeleton active={false} title={false} paragraph={{ rows }} />
    </div>
  );
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useText();
  const isMissing = error instanceof Problem && error.status === 404;
  return (
    <div className="empty" role="alert">
      <WarningOutlined className="failure-icon" />
      <div className="strong">{isMissing ? t('state.missing') : t('state.failed')}</div>
      <div className="quiet">{problemText(t, error)}</div>
      {onRetry !== undefined && <Button onClick={onRetry}>{t('state.retry')}</Button>}
    </div>
  );
}

/** Loading, error, empty or content, in that order of precedence. */
export function QueryView<T>({
  query,
  children,
  rows,
}: {
  query: { data: T | undefined; error: unknown; refetch: () => unknown };
  children: (data: T) => ReactNode;
  rows?: number;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) {
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  }
  return <Loading {...(rows === undefined ? {} : { rows })} />;
}

export function PageHead({
  title,
  children,
  note,
}: {
  title: ReactNode;
  children?: ReactNode;
  note?: ReactNode;
}) {
  return (
    <header className="page-head">
      <div className="page-title">
        <h1>{title}</h1>
        {note !== undefined && <span className="quiet">{note}</span>}
      </div>
      <div className="page-tools">{children}</div>
    </header>
  );
}
