import { verifications } from '../../../../../src/contract/codes.ts';
import { PlusOutlined, RollbackOutlined, SafetyCertificateOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Input, Popconfirm, Select, Space, Tooltip } from 'antd';
import { useState } from 'react';
import type { OwnerAddress, OwnerDetail } from '../../../../../src/contract/property.ts';
import type { BodyOf } from '../../../api/routes.ts';
import { api } from '../../../api/client.ts';
import { Tag } from '../../../shared/parts/pieces.tsx';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useText } from '../../../shared/i18n/language.tsx';

type Verification = OwnerAddress['verifiedHow'];
type Save = (work: () => Promise<unknown>) => Promise<boolean>;

/** Reads the person again after every change. */
export function useSavePerson(personId: string): {
  save: Save;
  isBusy: boolean;
  reload: () => Promise<void>;
} {
  const t = useText();
  const cache = useQueryClient();
  const { act, isBusy } = useAct();
  const reload = () => cache.invalidateQueries({ queryKey: ['owners', 'one', personId] });
  const save: Save = (work) =>
    act(async () => {
      await work();
      await reload();
    }, t('form.saved'));
  return { save, isBusy, reload };
}

/** Mail addresses and fax numbers, the preferred ones first. */
export function Addresses({ person }: { person: OwnerDetail }) {
  const t = useText();
  const [isAdding, setAdding] = useState(false);
  const { save, isBusy } = useSavePerson(person.id);
  return (
    <div className="stack">
      {person.addresses.map((one) => (
        <Address key={one.id} personId={person.id} address={one} save={save} isBusy={isBusy} />
      ))}
      {isAdding ? (
        <NewAddress personId={person.id} onDone={() => setAdding(false)} />
      ) : (
        <Button
          size="small"
          className="fit"
          icon={<PlusOutlined />}
          onClick={() => setAdding(true)}
        >
          {t('person.addAddress')}
        </Button>
      )}
    </div>
  );
}

function Address({
  address,
  save,
  isBusy,
  personId,
}: {
  personId: string;
  address: OwnerAddress;
  save: Save;
  isBusy: boolean;
}) {
  const t = useText();
  const params = { id: personId, addressId: address.id };
  const change = (body: BodyOf<'PATCH /owners/:id/addresses/:addressId'>) =>
    save(() => api.patch('/owners/:id/addresses/:addressId', { params, body }));
  const [draft, setDraft] = useState<string>();
  // Who sees stars would write stars.
  const isMasked = address.address.includes('*');
  const mend = async () => {
    if (await change({ address: draft })) setDraft(undefined);
  };
  if (draft !== undefined) {
    return (
      <Space.Compact className="full">
        <Input
          aria-label={t(`channel.${address.channel}`)}
          value={draft}
          maxLength={254}
          onChange={(event) => setDraft(event.target.value)}
          onPressEnter={() => void mend()}
        />
        <Button type="primary" loading={isBusy} onClick={() => void mend()}>
          {t('form.save')}
        </Button>
        <Button onClick={() => setDraft(undefined)}>{t('form.cancel')}</Button>
      </Space.Compact>
    );
  }
  return (
    <div className="address">
      <span>
        <span className="quiet">{t(`channel.${address.channel}`)}</span>{' '}
        <span className="figures">{address.address}</span>
      </span>
      {address.isPrimary && <span className="quiet">{t('person.primary')}</span>}
      {address.bouncedAt !== null && (
        <Tooltip title={t('person.bouncedWhy')}>
          <span>
            <Tag tone="alarm" icon={<RollbackOutlined />}>
              {t('person.bounced')}
            </Tag>
          </span>
        </Tooltip>
      )}
      <Verified
        how={address.verifiedHow}
        onChange={(verifiedHow) => void change({ verifiedHow })}
      />
      {!address.isPrimary && (
        <Button size="small" type="text" onClick={() => void change({ isPrimary: true })}>
          {t('person.prefer')}
        </Button>
      )}
      {!isMasked && (
        <Button size="small" type="text" onClick={() => setDraft(address.address)}>
          {t('form.edit')}
        </Button>
      )}
      <Popconfirm
        title={t('person.forgetAddress')}
        onConfirm={() =>
          void save(() => api.delete('/owners/:id/addresses/:addressId', { params }))
        }
      >
        <Button size="small" type="text" danger>
          {t('form.remove')}
        </Button>
      </Popconfirm>
    </div>
  );
}

/** Whether it is known to be this person's own; debts are named nowhere else. */
export function Verified({
  how,
  onChange,
}: {
  how: Verification;
  onChange: (how: Verification) => void;
}) {
  const t = useText();
  const [isAsking, setAsking] = useState(false);
  if (isAsking) {
    return (
      <Select<string>
        size="small"
        autoFocus
        defaultOpen
        className="verified-how"
        aria-label={t('person.verify')}
        placeholder={t('person.verify')}
        onBlur={() => setAsking(false)}
        onChange={(value) => {
          setAsking(false);
          onChange(value === 'none' ? null : (value as Verification));
        }}
        options={[
          ...verifications.map((value) => ({ value, label: t(`verified.${value}`) })),
          ...(how === null ? [] : [{ value: 'none', label: t('verified.none') }]),
        ]}
      />
    );
  }
  return (
    <button
      type="button"
      className="link"
      title={t('person.verifyWhy')}
      onClick={() => setAsking(true)}
    >
      {how === null ? (
        t('person.verify')
      ) : (
        <Tag tone="ok" icon={<SafetyCertificateOutlined />}>
          {t(`verified.${how}`)}
        </Tag>
      )}
    </button>
  );
}

function NewAddress({ personId, onDone }: { personId: string; onDone: () => void }) {
  const t = useText();
  const { act, isBusy } = useAct();
  const { reload } = useSavePerson(personId);
  const [channel, setChannel] = useState<'email' | 'fax'>('email');
  const [address, setAddress] = useState('');
  const add = async () => {
    const isDone = await act(async () => {
      await api.post('/owners/:id/addresses', {
        params: { id: personId },
        body: { channel, address: address.trim() },
      });
      await reload();
    }, t('form.saved'));
    if (isDone) onDone();
  };
  return (
    <Space.Compact className="full">
      <Select
        value={channel}
        onChange={setChannel}
        aria-label={t('person.addAddress')}
        className="address-channel"
        options={(['email', 'fax'] as const).map((value) => ({
          value,
          label: t(`channel.${value}`),
        }))}
      />
      <Input
        autoFocus
        aria-label={t(`channel.${channel}`)}
        value={address}
        maxLength={254}
        placeholder={channel === 'email' ? 'name@example.com' : '0571-8888 0001'}
        onChange={(event) => setAddress(event.target.value)}
        onPressEnter={() => void add()}
      />
      <Button
        type="primary"
        loading={isBusy}
        disabled={address.trim().length < 3}
        onClick={() => void add()}
      >
        {t('form.save')}
      </Button>
      <Button onClick={onDone}>{t('form.cancel')}</Button>
    </Space.Compact>
  );
}
