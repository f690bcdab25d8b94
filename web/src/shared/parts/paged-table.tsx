import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, type Page } from '../../api/client.ts';
import { useText } from '../i18n/language.tsx';
import { Button } from './button.tsx';
import { Failure, Loading } from './pieces.tsx';
import { RowsTable, type Columns } from './rows-table.tsx';

interface PagedTableProps<Row> {
  path: string;
  /** First part of the cache's key, e.g. `work-orders`. */
  name: string;
  query?: Readonly<Record<string, string | boolean | undefined>>;
  columns: Columns<Row>;
  rowKey: keyof Row & string;
  empty: ReactNode;
  onOpen?: (row: Row) => void;
}

/** A list of the API, page by page as it is read on. */
export function PagedTable<Row extends object>({
  path,
  name,
  query = {},
  columns,
  rowKey,
  empty,
  onOpen,
}: PagedTableProps<Row>) {
  const t = useText();
  const pages = useInfiniteQuery({
    queryKey: [name, 'list', query],
    queryFn: ({ pageParam }) =>
      api.get<Page<Row>>(path, { ...query, cursor: pageParam, limit: 50 }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  if (pages.data === undefined) {
    if (pages.error !== null) {
      return <Failure error={pages.error} onRetry={() => void pages.refetch()} />;
    }
    return <Loading rows={10} />;
  }
  const rows = pages.data.pages.flatMap((page) => page.items);
  if (rows.length === 0) return <div className="card">{empty}</div>;
  return (
    <div className="card table-card">
      <RowsTable<Row> columns={columns} rows={rows} rowKey={rowKey} onOpen={onOpen} />
      {pages.hasNextPage && (
        <div className="more">
          <Button onClick={() => void pages.fetchNextPage()} isBusy={pages.isFetchingNextPage}>
            {t('list.more')}
          </Button>
        </div>
      )}
    </div>
  );
}
