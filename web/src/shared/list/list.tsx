import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { byteOrderMark, csvLine } from '../../../../src/contract/text-files.ts';
import { api, type Page } from '../../api/client.ts';
import { useText } from '../i18n/language.tsx';
import { Button } from '../parts/button.tsx';
import { Choose } from '../parts/choose.tsx';
import { SearchIcon } from '../parts/icons.tsx';
import { Menu } from '../parts/menu.tsx';
import { Failure } from '../parts/pieces.tsx';
import { problemText } from '../parts/problem-text.ts';
import { exportLines, nextSorting, sorted, sortingOf, type Columns } from './columns.ts';
import { chosenOf, toldOf, type Filter } from './filters.ts';
import { RowsTable } from './table.tsx';
import { useAddress } from './use-address.ts';
import { useShownColumns } from './use-shown-columns.ts';

/** Sorting and exporting read on to the end of a list, but not for ever. */
const readAtMost = 5000;
const pageSize = 50;
const searchAfterMs = 250;

interface ListProps<Row> {
  path: string;
  /** First part of the cache's key, and of the file that is exported, e.g. `work-orders`. */
  name: string;
  columns: Columns<Row>;
  rowKey: keyof Row & string;
  empty: ReactNode;
  /** Instead of `empty` where filters leave nothing. */
  nothing?: ReactNode;
  /** What the service searches in. */
  search?: string;
  filters?: readonly Filter[];
  /** Asked for whatever the reader chooses. */
  fixed?: Readonly<Record<string, string | boolean | undefined>>;
  onOpen?: (row: Row) => void;
}

/**
 * A list of the API: search and filters that stand in the address, rows page by page as they are read on, columns
 * that each person chooses, sorting, and an export. While it loads it shows bones, and never says that it is empty.
 */
export function List<Row extends object>(props: ListProps<Row>) {
  const { path, name, columns, rowKey, empty, nothing, search, filters = [], fixed } = props;
  const t = useText();
  const { told, tell } = useAddress();
  const query = {
    ...fixed,
    ...Object.fromEntries(filters.map((one) => [one.asked ?? one.key, chosenOf(one, told)])),
    ...(search === undefined ? {} : { q: told['q'] }),
  };
  const isFiltered = Object.entries(query).some(
    ([key, value]) => value !== undefined && value !== '' && fixed?.[key] === undefined,
  );
  const pages = useInfiniteQuery({
    queryKey: [name, 'list', query],
    queryFn: ({ pageParam }) =>
      api.get<Page<Row>>(path, { ...query, cursor: pageParam, limit: pageSize }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const { hasNextPage, isFetchingNextPage } = pages;
  const rows = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const { shown, isShown, toggle } = useShownColumns(name, columns);
  const sorting = sortingOf(told['sort'], columns);
  const mustReadOn = sorting !== undefined && hasNextPage && rows.length < readAtMost;
  useEffect(() => {
    if (mustReadOn && !isFetchingNextPage) void pages.fetchNextPage();
  }, [mustReadOn, isFetchingNextPage, pages]);
  const choosable = columns.filter((one) => one.key !== undefined && one.title !== '');
  return (
    <section className="card table-card">
      <div className="list-bar">
        {search !== undefined && (
          <SearchBox label={search} told={told['q'] ?? ''} onSearch={(q) => tell({ q })} />
        )}
        {filters.map((one) => (
          <Choose
            key={one.key}
            aria-label={one.label}
            value={chosenOf(one, told) ?? ''}
            options={[{ value: '', label: one.any }, ...one.options]}
            onChange={(value) => tell({ [one.key]: toldOf(one, value) })}
          />
        ))}
        <div className="list-end">
          <span className="quiet figures" role="status">
            {pages.data === undefined
              ? ''
              : t(hasNextPage ? 'list.countMore' : 'list.count', { count: rows.length })}
          </span>
          {choosable.length > 2 && (
            <Menu
              items={choosable.map((one) => ({
                key: one.key ?? '',
                label: `${isShown(one) ? '✓' : ' '} ${one.title}`,
                onPick: () => toggle(one.key ?? ''),
              }))}
              trigger={<Button look="bare">{t('list.columns')}</Button>}
            />
          )}
          {columns.some((one) => one.text !== undefined) && (
            <Export path={path} name={name} query={query} columns={shown} />
          )}
        </div>
      </div>
      {pages.data === undefined ? (
        pages.error === null ? (
          <div className="list-bones" aria-busy="true">
            {Array.from({ length: 8 }, (_, at) => (
              <i key={at} />
            ))}
          </div>
        ) : (
          <Failure error={pages.error} onRetry={() => void pages.refetch()} />
        )
      ) : rows.length === 0 ? (
        isFiltered ? (
          (nothing ?? empty)
        ) : (
          empty
        )
      ) : (
        <RowsTable<Row>
          columns={shown}
          rows={sorted(rows, columns, sorting)}
          rowKey={rowKey}
          onOpen={props.onOpen}
          sorting={sorting}
          onSort={(key) => tell({ sort: nextSorting(key, sorting) })}
        />
      )}
      {hasNextPage && sorting === undefined && (
        <div className="more">
          <Button onClick={() => void pages.fetchNextPage()} isBusy={isFetchingNextPage}>
            {t('list.more')}
          </Button>
        </div>
      )}
      {hasNextPage && sorting !== undefined && !mustReadOn && (
        <p className="more quiet">{t('list.sortedPart', { count: rows.length })}</p>
      )}
    </section>
  );
}

/** Searches when somebody pauses, or presses Enter. */
function SearchBox({
  label,
  told,
  onSearch,
}: {
  label: string;
  told: string;
  onSearch: (q: string) => void;
}) {
  const [text, setText] = useState(told);
  const wish = text.trim();
  useEffect(() => {
    if (wish === told) return;
    const timer = setTimeout(() => onSearch(wish), searchAfterMs);
    return () => clearTimeout(timer);
  }, [wish, told, onSearch]);
  return (
    <label className="list-search">
      <SearchIcon />
      <input
        type="search"
        value={text}
        maxLength={80}
        placeholder={label}
        aria-label={label}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && onSearch(wish)}
      />
    </label>
  );
}

function Export<Row>({
  path,
  name,
  query,
  columns,
}: {
  path: string;
  name: string;
  query: Readonly<Record<string, string | boolean | undefined>>;
  columns: Columns<Row>;
}) {
  const t = useText();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const run = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const rows: Row[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<Row> = await api.get(path, { ...query, cursor, limit: 200 });
        rows.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null && rows.length < readAtMost);
      const lines = exportLines(rows, columns).map((cells) => csvLine(cells));
      download(`${name}.csv`, [byteOrderMark, ...lines].join(''));
      if (cursor !== null) setError(t('list.exportPart', { count: rows.length }));
    } catch (problem) {
      setError(problemText(t, problem));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      {error !== undefined && (
        <span role="alert" className="text-alarm">
          {error}
        </span>
      )}
      <Button look="bare" isBusy={isBusy} onClick={() => void run()}>
        {t('list.export')}
      </Button>
    </>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
