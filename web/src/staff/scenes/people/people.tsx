import { SearchOutlined } from '@ant-design/icons';
import { useNavigate, Link } from '@tanstack/react-router';
import { Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import type { Person } from '../../../api/types.ts';
import { Empty, PageHead } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../parts/phone-number.tsx';
import { PagedTable } from '../../../shared/parts/paged-table.tsx';
import { useText } from '../../../shared/i18n/language.tsx';
import { useIsSeated } from '../../softphone/use-phone.tsx';
import { useDial } from '../../softphone/use-dial.ts';
import { Vip } from '../../parts/flag.tsx';
import type { Columns } from '../../../shared/parts/rows-table.tsx';

export function PeoplePage() {
  const t = useText();
  const navigate = useNavigate();
  const dial = useDial();
  const isSeated = useIsSeated();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const columns: Columns<Person> = [
    {
      title: t('person.name'),
      width: 180,
      render: (_, person) => (
        <Link to="/people/$id" params={{ id: person.id }} className="strong">
          {person.name} {person.isVip && <Vip />}
        </Link>
      ),
    },
    {
      title: t('person.numbers'),
      width: 260,
      render: (_, person) =>
        person.numbers.map((number) => (
          <div key={number}>
            <PhoneNumber
              number={number}
              onDial={isSeated ? (to) => dial({ number: to, personId: person.id }) : undefined}
            />
          </div>
        )),
    },
    {
      title: t('person.language'),
      width: 120,
      render: (_, person) => t(`language.${person.language}`),
    },
    { title: t('person.notes'), render: (_, person) => person.notes },
  ];
  return (
    <main>
      <PageHead title={t('nav.people')}>
        <Input
          allowClear
          prefix={<SearchOutlined />}
          autoFocus
          className="wide-filter"
          placeholder={t('people.search')}
          aria-label={t('people.search')}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </PageHead>
      <PagedTable
        path="/owners"
        name="owners"
        query={{ q: q === '' ? undefined : q }}
        columns={columns}
        rowKey="id"
        empty={<Empty title={t('people.none')}>{t('people.noneHelp')}</Empty>}
        onOpen={(person) => void navigate({ to: '/people/$id', params: { id: person.id } })}
      />
    </main>
  );
}
