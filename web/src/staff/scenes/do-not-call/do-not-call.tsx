import { CheckOutlined, PlusOutlined, StopOutlined, UploadOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { DoNotCallView } from '../../../../../src/contract/campaigns/do-not-call.ts';
import { List } from '../../../shared/list/list.tsx';
import { Empty, PageHead, Tag } from '../../../shared/parts/pieces.tsx';
import { PhoneNumber } from '../../parts/phone-number.tsx';
import type { Columns } from '../../../shared/list/table.tsx';
import { Ago } from '../../../shared/parts/times.tsx';
import { useStaffName } from '../../parts/use-staff-name.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import type { MessageKey } from '../../../shared/i18n/i18n.ts';
import { exact } from '../../../shared/i18n/times.ts';
import { useMay } from '../../../shared/session/session.tsx';
import { AddNumber, ImportNumbers, LiftEntry, scopes } from './do-not-call-dialogs.tsx';

/** Whom campaigns leave alone: who, why and since when; supervisors enter, import and lift. */
export function DoNotCallPage() {
  const t = useText();
  const cache = useQueryClient();
  const mayWrite = useMay()('campaigns.write');
  const [dialog, setDialog] = useState<'add' | 'import' | DoNotCallView>();
  const close = () => setDialog(undefined);
  const refresh = () => cache.invalidateQueries({ queryKey: ['do-not-call'] });
  const columns = useColumns(mayWrite ? setDialog : undefined);
  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setDialog('add')}>
      {t('dnc.add')}
    </Button>
  );
  return (
    <main>
      <PageHead title={t('dnc.title')} note={t('dnc.note')}>
        {mayWrite && (
          <Button icon={<UploadOutlined />} onClick={() => setDialog('import')}>
            {t('dnc.import')}
          </Button>
        )}
        {mayWrite && add}
      </PageHead>
      <List
        path="/do-not-call"
        name="do-not-call"
        search={t('dnc.search')}
        filters={[
          {
            key: 'scope',
            label: t('dnc.scope'),
            any: t('dnc.anyScope'),
            options: scopes.map((value) => ({ value, label: t(`dncScope.${value}`) })),
          },
          {
            key: 'state',
            label: t('dnc.state'),
            any: t('dnc.anyState'),
            usual: 'active',
            options: (['active', 'over'] as const).map((value) => ({
              value,
              label: t(`dnc.${value}`),
            })),
          },
        ]}
        columns={columns}
        rowKey="id"
        empty={
          <Empty title={t('dnc.none')} {...(mayWrite ? { action: add } : {})}>
            {t('dnc.noneHelp')}
          </Empty>
        }
      />
      {dialog === 'add' && <AddNumber onClose={close} onDone={refresh} />}
      {dialog === 'import' && <ImportNumbers onClose={close} onDone={refresh} />}
      {typeof dialog === 'object' && <LiftEntry entry={dialog} onClose={close} onDone={refresh} />}
    </main>
  );
}

function useColumns(lift: ((entry: DoNotCallView) => void) | undefined): Columns<DoNotCallView> {
  const t = useText();
  const why = useWhy();
  const actor = useActor();
  return [
    {
      key: 'who',
      title: t('dnc.who'),
      text: (row) => [row.number, row.person?.name].filter(Boolean).join(' '),
      render: (_, row) => <Who entry={row} />,
    },
    {
      key: 'scope',
      title: t('dnc.scope'),
      width: 120,
      text: (row) => t(`dncScope.${row.scope}`),
      render: (_, row) => t(`dncScope.${row.scope}`),
    },
    { key: 'why', title: t('dnc.why'), text: why, render: (_, row) => why(row) },
    {
      key: 'since',
      title: t('dnc.since'),
      width: 130,
      text: (row) => exact(new Date(row.createdAt)),
      sort: (row) => row.createdAt,
      render: (_, row) => <Ago at={row.createdAt} />,
    },
    {
      key: 'by',
      title: t('dnc.by'),
      width: 120,
      text: (row) => actor(row.createdBy),
      render: (_, row) => actor(row.createdBy),
    },
    {
      key: 'state',
      title: t('dnc.state'),
      text: (row) => t(stateKey(row)),
      small: 'beside',
      render: (_, row) => (
        <div>
          <StateTag entry={row} />
          {row.isActive && row.until !== null && (
            <div className="quiet">{t('dnc.until', { date: exact(new Date(row.until)) })}</div>
          )}
          {row.liftedAt !== null && (
            <div className="quiet">
              {actor(row.liftedBy)} · <Ago at={row.liftedAt} /> · {row.liftedReason}
            </div>
          )}
        </div>
      ),
    },
    ...(lift === undefined
      ? []
      : [
          {
            title: '',
            width: 90,
            render: (_: unknown, row: DoNotCallView) =>
              row.isActive && (
                <Button size="small" onClick={() => lift(row)}>
                  {t('dnc.lift')}
                </Button>
              ),
          },
        ]),
  ];
}

function Who({ entry: { number, person } }: { entry: DoNotCallView }) {
  return (
    <>
      {number !== null && (
        <div>
          <PhoneNumber number={number} />
        </div>
      )}
      {person !== null && (
        <div>
          <Link to="/people/$id" params={{ id: person.id }}>
            {person.name}
          </Link>
        </div>
      )}
    </>
  );
}

function StateTag({ entry }: { entry: DoNotCallView }) {
  const t = useText();
  if (entry.isActive) {
    return (
      <Tag tone="busy" icon={<StopOutlined />}>
        {t('dnc.active')}
      </Tag>
    );
  }
  return (
    <Tag tone="off" icon={<CheckOutlined />}>
      {t(stateKey(entry))}
    </Tag>
  );
}

function stateKey({ isActive, liftedAt }: DoNotCallView): MessageKey {
  if (isActive) return 'dnc.active';
  return liftedAt === null ? 'dnc.ended' : 'dnc.lifted';
}

/** What the service wrote for itself is told in words. */
function useWhy() {
  const t = useText();
  return ({ source, reason, campaign }: DoNotCallView): string => {
    if (source === 'owner') return t('dnc.bySms');
    if (source !== 'call') return reason;
    return campaign === null ? t('dnc.byCallOnly') : t('dnc.byCall', { name: campaign.name });
  };
}

function useActor() {
  const t = useText();
  const staffName = useStaffName();
  return (actor: string | null): string => {
    if (actor === 'ivr') return t('dnc.byIvr');
    if (actor === 'sms') return t('dnc.bySmsReply');
    return staffName(actor) ?? actor?.replace(/^staff:/, '') ?? '—';
  };
}
