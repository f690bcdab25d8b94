import type { Column } from '../../../shared/list/columns.ts';
import { duration } from '../../../shared/i18n/times.ts';

/** A column of figures: to the right, sorted as numbers. */
export function figure<Row>(
  key: string,
  title: string,
  of: (row: Row) => number | null,
  show: (value: number) => string = String,
): Column<Row> {
  const text = (row: Row) => {
    const value = of(row);
    return value === null ? '—' : show(value);
  };
  return {
    key,
    title,
    align: 'right',
    text: (row) => (show === String ? of(row) : text(row)),
    sort: of,
    render: (_, row) => <span className="figures">{text(row)}</span>,
  };
}

/** Minutes and seconds. */
export function seconds<Row>(key: string, title: string, of: (row: Row) => number | null) {
  return figure<Row>(key, title, of, (sec) => duration(sec * 1000));
}

export function percents<Row>(key: string, title: string, of: (row: Row) => number | null) {
  return figure<Row>(key, title, of, (value) => `${value}%`);
}
