/** Small pieces that many pages share. */
import type { ReactNode } from 'react';
import { Problem } from '../../api/client.ts';
import { useText } from '../i18n/language.tsx';
import { money } from '../i18n/times.ts';
import { Button } from './button.tsx';
import { WarningIcon } from './icons.tsx';
import { problemText } from '../i18n/problem-text.ts';
import './parts.css';

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
      {children !== undefined && <div className="quiet narrow-text">{children}</div>}
      {action}
    </div>
  );
}

export function Loading({ rows = 4 }: { rows?: number }) {
  return (
    <div className="bones" aria-busy="true">
      {Array.from({ length: rows }, (_, at) => (
        <i key={at} />
      ))}
    </div>
  );
}

export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useText();
  const isMissing = error instanceof Problem && error.status === 404;
  return (
    <div className="empty" role="alert">
      <span className="failure-icon">
        <WarningIcon />
      </span>
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
