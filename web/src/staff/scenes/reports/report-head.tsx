import { Segmented } from 'antd';
import type { ReactNode } from 'react';
import { useText } from '../../../shared/i18n/language.tsx';

const periods = [7, 30, 90] as const;
export type Days = (typeof periods)[number];

const dayMs = 24 * 3600_000;

/** The instant so many days ago, as the API reads it. */
export function since(days: Days): string {
  return new Date(Date.now() - days * dayMs).toISOString();
}

/** What a report counts, and over which days. */
export function ReportHead({
  note,
  days,
  onDays,
  children,
}: {
  note: string;
  days: Days;
  onDays: (days: Days) => void;
  children?: ReactNode;
}) {
  const t = useText();
  return (
    <div className="report-head">
      <span className="quiet">{note}</span>
      {children}
      <Segmented
        aria-label={t('report.period')}
        value={days}
        onChange={onDays}
        options={periods.map((value) => ({ value, label: t(`report.days${value}`) }))}
      />
    </div>
  );
}
