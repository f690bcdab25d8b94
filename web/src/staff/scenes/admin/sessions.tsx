import { Button } from 'antd';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { Ago } from '../../../shared/parts/times.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { exact } from '../../../shared/i18n/times.ts';
import { browserOf } from './browser-of.ts';
import { useList } from './use-list.ts';
import type { Columns } from '../../../shared/list/columns.ts';
import { WholeList } from '../../../shared/list/whole-list.tsx';
import { Empty } from '../../../shared/parts/pieces.tsx';

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
      key: 'name',
      title: t('staff.name'),
      text: nameOf,
      sort: nameOf,
      render: (_, row) => <span className="strong">{nameOf(row)}</span>,
    },
    {
      key: 'began',
      title: t('sessions.began'),
      text: (row) => exact(new Date(row.createdAt)),
      sort: (row) => row.createdAt,
      render: (_, row) => <Ago at={row.createdAt} />,
    },
    {
      key: 'until',
      title: t('sessions.until'),
      text: (row) => exact(new Date(row.expiresAt)),
      sort: (row) => row.expiresAt,
      render: (_, row) => <Ago at={row.expiresAt} />,
    },
    {
      key: 'browser',
      title: t('sessions.browser'),
      text: (row) => browserOf(row.userAgent),
      sort: (row) => browserOf(row.userAgent),
      render: (_, row) => <span title={row.userAgent}>{browserOf(row.userAgent)}</span>,
    },
    {
      key: 'address',
      title: t('sessions.address'),
      text: (row) => row.address,
      sort: (row) => row.address,
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
  return (
    <WholeList
      name="sessions"
      query={query}
      search={t('sessions.search')}
      columns={columns}
      rowKey="id"
      empty={<Empty title={t('sessions.none')} />}
    />
  );
}

function nameOf({ displayName, username }: SessionRow): string {
  return displayName ?? username ?? '';
}
