import type { Filter } from '../../../shared/list/filters.ts';
import { useText } from '../../../shared/i18n/language.tsx';

const periods = ['7', '30', '90'] as const;
const dayMs = 24 * 3600_000;

/** The instant so many days ago, as the API reads it. */
export function since(days: string | undefined): string {
  return new Date(Date.now() - Number(days) * dayMs).toISOString();
}

/** What every report is narrowed to. */
export function usePeriod(): Filter<'days'> {
  const t = useText();
  return {
    key: 'days',
    label: t('report.period'),
    usual: '30',
    options: periods.map((value) => ({ value, label: t(`report.days${value}`) })),
  };
}

/** What its rows are. */
export function useGrouping(
  groups: readonly ('hotline' | 'site' | 'queue' | 'day' | 'hour' | 'agent')[],
): Filter<'by'> {
  const t = useText();
  return {
    key: 'by',
    label: t('report.by'),
    usual: groups[0] ?? 'hotline',
    options: groups.map((value) => ({
      value,
      label: t('report.byWhat', { what: t(`reportBy.${value}`) }),
    })),
  };
}
