import type { ReactNode } from 'react';
import { useText } from '../i18n/language.tsx';
import { Button } from '../parts/button.tsx';
import { Empty, Failure, Key, Loading } from '../parts/pieces.tsx';
import { ListBar } from './bar.tsx';
import { nextSorting, sorted, sortingOf, type Columns } from './columns.ts';
import { Export, type Read } from './export.tsx';
import { cleared, isNarrowed, type Filter } from './filters.ts';
import { RowsTable } from './table.tsx';
import { useAddress } from './use-address.ts';
import { useShownColumns } from './use-shown-columns.ts';

/** What every list has, wherever its rows come from. */
export interface ListLook<Row, FilterKey extends string = string> {
  /** First part of the cache's key, where columns are remembered, and of the file that is exported. */
  name: string;
  columns: Columns<Row>;
  rowKey: keyof Row & string;
  /** What will stand here, and how to make the first one. */
  empty: ReactNode;
  /** What is searched in. */
  search?: string | undefined;
  /** How else to search, where nothing was found. */
  hint?: string;
  filters?: readonly Filter<FilterKey>[];
  /** What can be done above the rows. */
  tools?: ReactNode;
  onOpen?: ((row: Row) => void) | undefined;
  /** All rows as one; stands first, however the others are sorted. */
  total?: Row | undefined;
}

interface ListViewProps<Row> extends ListLook<Row> {
  /** Undefined while they are read. */
  rows: readonly Row[] | undefined;
  /** Of other filters than the present ones, until these are read. */
  isStale?: boolean;
  hasMore?: boolean;
  error: unknown;
  onRetry: () => void;
  readAll: () => Promise<Read<Row>>;
  /** Below the rows. */
  foot?: ReactNode;
}

/** While it loads it shows bones, and never says that it is empty. */
export function ListView<Row extends object>(props: ListViewProps<Row>) {
  const { name, columns, rowKey, empty, search, hint, filters = [], tools, onOpen, total } = props;
  const { rows, isStale = false, hasMore = false, error, onRetry, readAll, foot } = props;
  const t = useText();
  const { told, tell } = useAddress();
  const { shown, isShown, toggle } = useShownColumns(name, columns);
  const sorting = sortingOf(told['sort'], columns);
  const count = rows?.length ?? 0;
  return (
    <section className="card table-card">
      <ListBar<Row>
        search={search}
        filters={filters}
        told={told}
        tell={tell}
        columns={columns}
        isShown={isShown}
        onToggle={toggle}
        sorting={sorting}
        count={
          rows === undefined || isStale
            ? undefined
            : t(hasMore ? 'list.countMore' : 'list.count', { count })
        }
      >
        {count > 0 && onOpen !== undefined && (
          <span className="hint">
            <Key>J</Key> <Key>K</Key> {t('list.walk')} <Key>Enter</Key> {t('list.open')}
          </span>
        )}
        {count > 0 && columns.some((one) => one.text !== undefined) && (
          <Export name={name} columns={shown} read={readAll} />
        )}
        {tools}
      </ListBar>
      {rows === undefined ? (
        error === null ? (
          <Loading rows={8} />
        ) : (
          <Failure error={error} onRetry={onRetry} />
        )
      ) : count > 0 ? (
        <div className={isStale ? 'is-stale' : ''} aria-busy={isStale}>
          <RowsTable<Row>
            columns={shown}
            rows={withTotal(total, sorted(rows, columns, sorting))}
            rowKey={rowKey}
            onOpen={onOpen}
            sorting={sorting}
            onSort={(key) => tell({ sort: nextSorting(key, sorting) })}
          />
        </div>
      ) : isStale ? (
        <Loading rows={8} />
      ) : isNarrowed(filters, told) ? (
        <Empty
          title={t('list.nothing')}
          action={<Button onClick={() => tell(cleared(filters))}>{t('list.clear')}</Button>}
        >
          {(told['q'] ?? '') !== '' ? hint : undefined}
        </Empty>
      ) : (
        empty
      )}
      {foot}
    </section>
  );
}

export function withTotal<Row>(total: Row | undefined, rows: readonly Row[]): readonly Row[] {
  return total === undefined ? rows : [total, ...rows];
}
