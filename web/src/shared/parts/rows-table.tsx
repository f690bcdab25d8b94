import { Table } from 'antd';
import type { ColumnType } from 'antd/es/table';
import type { MouseEvent, ReactNode } from 'react';
import { useIsNarrow } from './use-is-narrow.ts';

/** Flat columns whose cells draw themselves, so that a narrow screen can show them one below the other. */
export type Columns<Row> = (Omit<ColumnType<Row>, 'title' | 'render'> & {
  title: string;
  render: (value: unknown, row: Row) => ReactNode;
})[];

interface RowsTableProps<Row> {
  columns: Columns<Row>;
  rows: readonly Row[];
  rowKey: keyof Row & string;
  onOpen?: ((row: Row) => void) | undefined;
}

/** Rows as a table, or where that would not fit each as a card of its own. */
export function RowsTable<Row extends object>({
  columns,
  rows,
  rowKey,
  onOpen,
}: RowsTableProps<Row>) {
  const isNarrow = useIsNarrow();
  const open = (row: Row) => ({
    onClick: (event: MouseEvent) => {
      // Links and buttons within the row do their own thing.
      if (event.target instanceof Element && event.target.closest('a,button')) return;
      onOpen?.(row);
    },
  });
  if (isNarrow) {
    return (
      <ul className="plain row-cards">
        {rows.map((row) => (
          <li
            key={String(row[rowKey])}
            {...(onOpen === undefined ? {} : { className: 'can-open', ...open(row) })}
          >
            {columns.map((column, at) => (
              <Cell key={at} isHead={at === 0} title={column.title}>
                {column.render(undefined, row)}
              </Cell>
            ))}
          </li>
        ))}
      </ul>
    );
  }
  return (
    <Table<Row>
      columns={columns}
      dataSource={[...rows]}
      rowKey={rowKey}
      pagination={false}
      size="small"
      scroll={{ x: 'max-content' }}
      {...(onOpen === undefined ? {} : { rowClassName: 'can-open', onRow: open })}
    />
  );
}

function Cell({
  isHead,
  title,
  children,
}: {
  isHead: boolean;
  title: string;
  children: ReactNode;
}) {
  if (children === null || children === undefined || children === false || children === '') {
    return null;
  }
  if (isHead) return <div className="row-card-head">{children}</div>;
  return (
    <div className="row-card-line">
      {title !== '' && <span className="quiet">{title}</span>}
      <div className="row-card-value">{children}</div>
    </div>
  );
}
