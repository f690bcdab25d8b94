import { useEffect, useRef, type MouseEvent } from 'react';
import { useText } from '../i18n/language.tsx';
import { useIsNarrow } from '../browser/use-is-narrow.ts';
import type { Column, Columns, Sorting } from './columns.ts';
import './list.css';

export type { Column, Columns } from './columns.ts';

interface RowsTableProps<Row> {
  columns: Columns<Row>;
  rows: readonly Row[];
  rowKey: keyof Row & string;
  onOpen?: ((row: Row) => void) | undefined;
  sorting?: Sorting | undefined;
  /** Heads of columns that can be sorted by are buttons. */
  onSort?: ((key: string) => void) | undefined;
}

/**
 * Rows as a table, or where that would not fit each as a card of its own. J and K walk through those that can
 * be opened, Enter opens one.
 */
export function RowsTable<Row extends object>({
  columns,
  rows,
  rowKey,
  onOpen,
  sorting,
  onSort,
}: RowsTableProps<Row>) {
  const isNarrow = useIsNarrow();
  const body = useRef<HTMLElement>(null);
  useWalking(body, onOpen !== undefined);
  const opening = (row: Row) =>
    onOpen === undefined
      ? {}
      : {
          className: 'can-open',
          tabIndex: -1,
          onClick: (event: MouseEvent) => {
            // Links and buttons within the row do their own thing.
            if (event.target instanceof Element && event.target.closest('a,button')) return;
            onOpen(row);
          },
          onKeyDown: (event: { key: string; target: unknown; currentTarget: unknown }) => {
            if (event.key === 'Enter' && event.target === event.currentTarget) onOpen(row);
          },
        };
  if (isNarrow) {
    return (
      <ul className="plain row-cards" ref={body as React.RefObject<HTMLUListElement>}>
        {rows.map((row) => (
          <li key={String(row[rowKey])} {...opening(row)}>
            <RowCard columns={columns} row={row} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className="table-scroll">
      <table className="table">
        <thead>
          <tr>
            {columns.map((column, at) => (
              <Head
                key={column.key ?? at}
                column={column}
                sorting={sorting}
                onSort={column.sort === undefined ? undefined : onSort}
              />
            ))}
          </tr>
        </thead>
        <tbody ref={body as React.RefObject<HTMLTableSectionElement>}>
          {rows.map((row) => (
            <tr key={String(row[rowKey])} {...opening(row)}>
              {columns.map((column, at) => (
                <td key={column.key ?? at} className={column.align === 'right' ? 'at-end' : ''}>
                  {column.render(undefined, row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>({
  column: { key, title, hint, width, align },
  sorting,
  onSort,
}: {
  column: Column<Row>;
  sorting: Sorting | undefined;
  onSort: ((key: string) => void) | undefined;
}) {
  const t = useText();
  const isBy = key !== undefined && sorting?.key === key;
  const sort = isBy ? (sorting.isDown ? 'descending' : 'ascending') : undefined;
  return (
    <th
      scope="col"
      className={align === 'right' ? 'at-end' : ''}
      {...(hint === undefined ? {} : { title: hint })}
      {...(width === undefined ? {} : { style: { width } })}
      {...(sort === undefined ? {} : { 'aria-sort': sort })}
    >
      {key === undefined || onSort === undefined ? (
        title === '' ? (
          <span className="unseen">{t('list.actions')}</span>
        ) : (
          title
        )
      ) : (
        <button type="button" className="table-sort" onClick={() => onSort(key)}>
          {title}
          <span className={isBy ? '' : 'table-sort-idle'} aria-hidden="true">
            {isBy ? (sorting.isDown ? '↓' : '↑') : '↕'}
          </span>
        </button>
      )}
    </th>
  );
}

function RowCard<Row>({ columns, row }: { columns: Columns<Row>; row: Row }) {
  const [first, ...others] = columns;
  const beside = others.filter(({ small }) => small === 'beside');
  const below = others.filter(({ small }) => small !== 'beside' && small !== 'none');
  return (
    <>
      <div className="row-card-head">
        <div>{first?.render(undefined, row)}</div>
        {beside.map((column, at) => (
          <div key={column.key ?? at} className="row-card-beside">
            {column.render(undefined, row)}
          </div>
        ))}
      </div>
      {below.map((column, at) => (
        <CardLine key={column.key ?? at} column={column} row={row} />
      ))}
    </>
  );
}

function CardLine<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const cell = column.render(undefined, row);
  if (cell === null || cell === undefined || cell === false || cell === '') return null;
  const text = column.text?.(row);
  if (text === null || text === '') return null;
  return (
    <div className="row-card-line">
      {column.title !== '' && column.small !== 'bare' && (
        <span className="quiet">{column.title}</span>
      )}
      <div
        className={`row-card-value${column.align === 'right' && column.title !== '' ? ' at-end' : ''}`}
      >
        {cell}
      </div>
    </div>
  );
}

/** J goes down, K goes up: from row to row, wherever nobody is writing. */
function useWalking(body: React.RefObject<HTMLElement | null>, isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
      if (step === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      if (
        target instanceof Element &&
        target.closest('input,textarea,select,[role=dialog],[role=menu]')
      ) {
        return;
      }
      const rows = [...(body.current?.children ?? [])] as HTMLElement[];
      const at = rows.findIndex((one) => one.contains(document.activeElement));
      const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: 'nearest' });
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [body, isOn]);
}
