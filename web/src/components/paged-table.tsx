import { useInfiniteQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import type { ReactNode } from 'react';
import { api, type Page } from '../api/client.ts';
import { useText } from '../i18n/language.tsx';
import { Failure, Loading } from './pieces.tsx';

interface PagedTableProps<Row> {
  path: string;
  /** First part of the cache's key, e.g. `work-orders`. */
  name: string;
  query?: Readonly<Record<string, string | boolean | undefined>>;
  columns: ColumnsType<Row>;
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
      <Table<Row>
        columns={columns}
        dataSource={rows}
        rowKey={rowKey}
        pagination={false}
        size="small"
        scroll={{ x: 'max-content' }}
        {...(onOpen === undefined
          ? {}
          : {
              rowClassName: 'can-open',
              onRow: (row: Row) => ({
                onClick: (event) => {
                  // Links and buttons within the row do their own thing.
                  if (event.target instanceof Element && event.target.closest('a,button')) return;
                  onOpen(row);
                },
              }),
            })}
      />
      {pages.hasNextPage && (
        <div className="more">
          <Button onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
            {t('list.more')}
          </Button>
        </div>
      )}
    </div>
  );
}
