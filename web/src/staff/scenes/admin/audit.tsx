import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useQueues } from '../../../api/codes.ts';
import type { LocalisedName } from '../../../api/types.ts';
import { Empty } from '../../../shared/parts/pieces.tsx';
import { List } from '../../../shared/list/list.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useLanguage, useName } from '../../../shared/i18n/language.tsx';
import { exact } from '../../../shared/i18n/times.ts';
import type { Columns } from '../../../shared/list/table.tsx';
import { useEstateName } from '../../parts/use-estate-name.ts';
import { useStaffName, useStaffNames } from '../../parts/use-staff-name.ts';
import type { Saying } from './changes/changes.ts';
import { useList } from './use-list.ts';
import { actText, detailTexts, targetOf, type AuditRow } from './audit-words.ts';

/** Every sensitive act: who, what, to whom or what, when. */
export function AuditPage() {
  const { t, language } = useLanguage();
  const names = useStaffNames();
  const saying = useSaying();
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
      text: (row) => detailTexts(saying, row).join('；'),
      small: 'bare',
      render: (_, row) => (
        <span className="quiet audit-details">
          {detailTexts(saying, row).map((one) => (
            <span key={one}>{one}</span>
          ))}
        </span>
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

/** By which names the details are said. */
function useSaying(): Saying {
  const { t, language } = useLanguage();
  const name = useName();
  const estate = useEstateName();
  const staff = useStaffName();
  const { data: queues } = useQueues();
  const { data: skills } = useList('/skills', 'skills').query;
  return useMemo(() => {
    const queue = (id: string) => queues?.find((one) => one.queueId === id);
    const skill = (code: string) => skills?.find((one) => one.code === code);
    const named = (one: { name: LocalisedName } | undefined) => one && name(one.name);
    return {
      ...{ t, language },
      names: {
        estate: (id) => estate(id) || undefined,
        staff,
        queue: (id) => named(queue(id)),
        skill: (code) => named(skill(code)),
      },
    };
  }, [t, language, name, estate, staff, queues, skills]);
}

function Target({ row }: { row: AuditRow }) {
  const { t, language } = useLanguage();
  const { text, to } = targetOf(t, language, row);
  return to === null ? <span>{text}</span> : <Link to={to}>{text}</Link>;
}
