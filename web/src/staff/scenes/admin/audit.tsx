import { Link } from '@tanstack/react-router';
import { Empty } from '../../../shared/parts/pieces.tsx';
import { List } from '../../../shared/list/list.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useLanguage } from '../../../shared/i18n/language.tsx';
import { exact } from '../../../shared/i18n/times.ts';
import type { Columns } from '../../../shared/list/table.tsx';
import { useStaffNames } from '../../parts/use-staff-name.ts';
import { actText, detailTexts, targetOf, type AuditRow } from './audit-words.ts';

/** Every sensitive act: who, what, to whom or what, when. */
export function AuditPage() {
  const { t, language } = useLanguage();
  const names = useStaffNames();
  const columns: Columns<AuditRow> = [
    {
      key: 'at',
      title: t('audit.at'),
      width: 140,
      text: (row) => exact(new Date(row.at)),
      sort: (row) => row.at,
      render: (_, row) => <Ago at={row.at} />,
    },
    {
      key: 'who',
      title: t('audit.who'),
      text: (row) => row.staffName ?? t('actor.system'),
      sort: (row) => row.staffName ?? t('actor.system'),
      width: 160,
      small: 'beside',
      render: (_, row) => row.staffName ?? t('actor.system'),
    },
    {
      key: 'act',
      title: t('audit.act'),
      width: 200,
      small: 'bare',
      text: (row) => actText(t, row.act),
      sort: (row) => actText(t, row.act),
      render: (_, row) => actText(t, row.act),
    },
    {
      key: 'target',
      title: t('audit.target'),
      text: (row) => targetOf(t, language, row).text,
      small: 'bare',
      render: (_, row) => <Target row={row} />,
    },
    {
      key: 'details',
      title: t('audit.details'),
      text: (row) => detailTexts(t, row).join(' · '),
      small: 'bare',
      render: (_, row) => (
        <span className="quiet audit-details">{detailTexts(t, row).join(' · ')}</span>
      ),
    },
  ];
  return (
    <List
      path="/audit"
      name="audit"
      search={t('audit.search')}
      hint={t('audit.searchHelp')}
      filters={[
        {
          key: 'staffId',
          label: t('audit.who'),
          any: t('audit.anybody'),
          options: (names.data ?? []).map(({ id, displayName }) => ({
            value: id,
            label: displayName,
          })),
        },
      ]}
      columns={columns}
      rowKey="id"
      empty={<Empty title={t('audit.none')} />}
    />
  );
}

function Target({ row }: { row: AuditRow }) {
  const { t, language } = useLanguage();
  const { text, to } = targetOf(t, language, row);
  return to === null ? <span>{text}</span> : <Link to={to}>{text}</Link>;
}
