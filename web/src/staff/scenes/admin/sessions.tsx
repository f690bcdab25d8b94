import { Button } from 'antd';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { Ago } from '../../../shared/parts/times.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { browserOf } from './browser-of.ts';
import { ListTable, useList } from './list-page.tsx';
import type { Columns } from '../../../shared/list/table.tsx';

interface SessionRow {
  id: string;
  staffId: string;
  displayName?: string;
  username?: string;
  createdAt: string;
  expiresAt: string;
  userAgent: string;
  address: string;
  isCurrent?: boolean;
}

/** Who is logged in, from where; ended with one press. */
export function SessionsPage() {
  const t = useText();
  const { act } = useAct();
  const { query, reload } = useList('/sessions', 'sessions');
  const end = (row: SessionRow) =>
    void act(async () => {
      await orAlready(api.delete('/sessions/:id', { params: { id: row.id } }), 'session.not_found');
      await reload();
    }, t('sessions.ended'));
  const columns: Columns<SessionRow> = [
    {
      title: t('staff.name'),
      render: (_, row) => <span className="strong">{row.displayName ?? row.username}</span>,
    },
    { title: t('sessions.began'), render: (_, row) => <Ago at={row.createdAt} /> },
    { title: t('sessions.until'), render: (_, row) => <Ago at={row.expiresAt} /> },
    {
      title: t('sessions.browser'),
      render: (_, row) => <span title={row.userAgent}>{browserOf(row.userAgent)}</span>,
    },
    {
      title: t('sessions.address'),
      render: (_, row) => <span className="figures">{row.address}</span>,
    },
    {
      title: '',
      align: 'right',
      render: (_, row) =>
        row.isCurrent === true ? (
          <span className="quiet">{t('sessions.current')}</span>
        ) : (
          <Button size="small" danger onClick={() => end(row)}>
            {t('sessions.end')}
          </Button>
        ),
    },
  ];
  return <ListTable query={query} columns={columns} rowKey="id" empty={t('sessions.none')} />;
}
