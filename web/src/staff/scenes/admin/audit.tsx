import { Link } from '@tanstack/react-router';
import { Empty } from '../../../shared/parts/pieces.tsx';
import { PagedTable } from '../../../shared/parts/paged-table.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useLanguage } from '../../../shared/i18n/language.tsx';
import type { Columns } from '../../../shared/parts/rows-table.tsx';
import { actText, detailTexts, targetOf, type AuditRow } from './audit-words.ts';

/** Every sensitive act: who, what, to whom or what, when. */
export function AuditPage() {
  const { t } = useLanguage();
  const columns: Columns<AuditRow> = [
    { title: t('audit.at'), width: 140, render: (_, row) => <Ago at={row.at} /> },
    {
      title: t('audit.who'),
      width: 160,
      render: (_, row) => row.staffName ?? t('actor.system'),
    },
    { title: t('audit.act'), width: 200, render: (_, row) => actText(t, row.act) },
    { title: t('audit.target'), render: (_, row) => <Target row={row} /> },
    {
      title: t('audit.details'),
      render: (_, row) => (
        <span className="quiet audit-details">{detailTexts(t, row).join(' · ')}</span>
      ),
    },
  ];
  return (
    <PagedTable
      path="/audit"
      name="audit"
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
