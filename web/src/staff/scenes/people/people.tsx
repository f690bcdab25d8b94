import { useNavigate, Link } from '@tanstack/react-router';
import type { Person } from '../../../api/types.ts';
import { Empty, PageHead } from '../../../shared/parts/pieces.tsx';
import { useEstateFilter } from '../../parts/use-estate-filter.ts';
import { PhoneNumbers } from '../../parts/phone-number.tsx';
import { List } from '../../../shared/list/list.tsx';
import { useText } from '../../../shared/i18n/language.tsx';
import { useIsSeated } from '../../softphone/use-phone.tsx';
import { useDial } from '../../softphone/use-dial.ts';
import { Vip } from '../../parts/flag.tsx';
import type { Columns } from '../../../shared/list/table.tsx';

export function PeoplePage() {
  const t = useText();
  const navigate = useNavigate();
  const estates = useEstateFilter();
  const dial = useDial();
  const isSeated = useIsSeated();
  const columns: Columns<Person> = [
    {
      key: 'name',
      title: t('person.name'),
      text: (person) => person.name,
      sort: (person) => person.name,
      width: 180,
      render: (_, person) => (
        <Link to="/people/$id" params={{ id: person.id }} className="strong">
          {person.name} {person.isVip && <Vip />}
        </Link>
      ),
    },
    {
      key: 'numbers',
      title: t('person.numbers'),
      text: (person) => person.numbers.join(' '),
      small: 'bare',
      width: 260,
      render: (_, person) => (
        <PhoneNumbers
          numbers={person.numbers}
          onDial={isSeated ? (to) => dial({ number: to, personId: person.id }) : undefined}
        />
      ),
    },
    {
      key: 'language',
      title: t('person.language'),
      text: (person) => t(`language.${person.language}`),
      sort: (person) => t(`language.${person.language}`),
      small: 'beside',
      width: 120,
      render: (_, person) => t(`language.${person.language}`),
    },
    {
      key: 'notes',
      title: t('person.notes'),
      text: (person) => person.notes,
      small: 'bare',
      render: (_, person) => person.notes,
    },
  ];
  return (
    <main>
      <PageHead title={t('nav.people')} />
      <List
        path="/owners"
        name="owners"
        search={t('people.search')}
        hint={t('people.searchHelp')}
        filters={estates}
        columns={columns}
        rowKey="id"
        empty={<Empty title={t('people.none')}>{t('people.noneHelp')}</Empty>}
        onOpen={(person) => void navigate({ to: '/people/$id', params: { id: person.id } })}
      />
    </main>
  );
}
