import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, type ReactNode } from 'react';
import { readList } from '../../../api/client.ts';
import type { ListPath } from '../../../api/routes.ts';
import { RowsTable, type Columns } from '../../../shared/list/table.tsx';
import { Empty, QueryView } from '../../../shared/parts/pieces.tsx';

/** A short list that is read whole, and read again after it was changed. */
export function useList<Path extends ListPath>(path: Path, name: string) {
  const cache = useQueryClient();
  const query = useQuery({
    queryKey: [name],
    queryFn: async () => (await readList(path)).items,
  });
  const reload = useCallback(() => cache.invalidateQueries({ queryKey: [name] }), [cache, name]);
  return { query, reload };
}

export function ListTable<Row extends object>({
  query,
  columns,
  rowKey,
  tools,
  empty,
}: {
  query: { data: Row[] | undefined; error: unknown; refetch: () => unknown };
  columns: Columns<Row>;
  rowKey: keyof Row & string;
  tools?: ReactNode;
  empty: string;
}) {
  return (
    <section className="card table-card">
      {tools !== undefined && <div className="table-tools">{tools}</div>}
      <QueryView query={query} rows={6}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty title={empty} />
          ) : (
            <RowsTable<Row> columns={columns} rows={rows} rowKey={rowKey} />
          )
        }
      </QueryView>
    </section>
  );
}
