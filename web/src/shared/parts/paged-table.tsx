import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readList } from '../../api/client.ts';
import type { FilterOf, ItemOf, PagedPath, ParamsOf } from '../../api/routes.ts';
import { useText } from '../i18n/language.tsx';
import { Button } from './button.tsx';
import { Failure, Loading } from './pieces.tsx';
import { RowsTable, type Columns } from './rows-table.tsx';

interface PagedTableProps<Path extends PagedPath> {
  path: Path;
  /** First part of the cache's key, e.g. `work-orders`. */
  name: string;
  params?: ParamsOf<Path>;
  query?: FilterOf<Path>;
  columns: Columns<ItemOf<Path>>;
  rowKey: keyof ItemOf<Path> & string;
  empty: ReactNode;
  onOpen?: (row: ItemOf<Path>) => void;
}

/** A list of the API, page by page as it is read on. */
export function PagedTable<Path extends PagedPath>({
  path,
  name,
  params,
  query,
  columns,
  rowKey,
  empty,
  onOpen,
}: PagedTableProps<Path>) {
  const t = useText();
  const pages = useInfiniteQuery({
    queryKey: [name, 'list', params ?? {}, query ?? {}],
    queryFn: ({ pageParam }) =>
      readList(path, {
        ...(params === undefined ? {} : { params }),
        query: { ...query, cursor: pageParam, limit: 50 },
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor ?? null,
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
      <RowsTable<ItemOf<Path>> columns={columns} rows={rows} rowKey={rowKey} onOpen={onOpen} />
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
