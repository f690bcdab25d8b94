import { searched } from './columns.ts';
import { useAddress } from './use-address.ts';
import { ListView, withTotal, type ListLook } from './view.tsx';

interface WholeListProps<Row> extends ListLook<Row> {
  query: { data: readonly Row[] | undefined; error: unknown; refetch: () => unknown };
}

/** A short list that is read whole; what is searched for is found among its rows. */
export function WholeList<Row extends object>({ query, ...look }: WholeListProps<Row>) {
  const { told } = useAddress();
  const q = look.search === undefined ? '' : (told['q'] ?? '');
  const rows = query.data === undefined ? undefined : searched(query.data, look.columns, q);
  return (
    <ListView<Row>
      {...look}
      rows={rows}
      error={query.error}
      onRetry={() => void query.refetch()}
      readAll={() => Promise.resolve({ rows: withTotal(look.total, rows ?? []), isWhole: true })}
    />
  );
}
