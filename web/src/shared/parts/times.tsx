import { useLanguage } from '../i18n/language.tsx';
import { ago, duration, exact } from '../i18n/times.ts';
import { useNow } from '../browser/use-now.ts';

/** 3 分钟前, with the exact time on hover. */
export function Ago({ at }: { at: string | null | undefined }) {
  const { language } = useLanguage();
  const now = useNow(15_000);
  if (at === null || at === undefined) return <span className="quiet">—</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={exact(date)}>
      {ago(date, new Date(now), language)}
    </time>
  );
}

/** Runs from `since`, once a second. */
export function Elapsed({ since, className }: { since: string | number; className?: string }) {
  const now = useNow();
  const from = typeof since === 'number' ? since : Date.parse(since);
  return <span className={`figures ${className ?? ''}`}>{duration(now - from)}</span>;
}

/** Seconds left, never below zero. */
export function Remaining({ until }: { until: string }) {
  const now = useNow(250);
  return (
    <span className="figures">{Math.max(0, Math.ceil((Date.parse(until) - now) / 1000))}</span>
  );
}
