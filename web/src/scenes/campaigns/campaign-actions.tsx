import {
  CheckOutlined,
  CopyOutlined,
  DownloadOutlined,
  EditOutlined,
  PauseOutlined,
  PhoneOutlined,
  PlayCircleOutlined,
  SendOutlined,
  StopOutlined,
} from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input, Popconfirm, Popover, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { useAct } from '../../components/use-act.ts';
import type { MessageKey } from '../../i18n/i18n.ts';
import { useLanguage, useText } from '../../i18n/language.tsx';
import { useStaff } from '../../session/session.tsx';
import type { Campaign } from './campaign.types.ts';

interface Step {
  verb: string;
  text: MessageKey;
  icon?: ReactNode;
  isMain?: boolean;
  /** By somebody other than the author. */
  isApproval?: boolean;
}

const steps: Readonly<Record<string, readonly Step[]>> = {
  draft: [{ verb: 'submit', text: 'campaign.submit', icon: <SendOutlined />, isMain: true }],
  submitted: [
    { verb: 'send-back', text: 'campaign.sendBack', isApproval: true },
    {
      verb: 'approve',
      text: 'campaign.approve',
      icon: <CheckOutlined />,
      isMain: true,
      isApproval: true,
    },
  ],
  approved: [{ verb: 'start', text: 'campaign.start', icon: <PlayCircleOutlined />, isMain: true }],
  running: [{ verb: 'pause', text: 'campaign.pause', icon: <PauseOutlined /> }],
  paused: [{ verb: 'resume', text: 'campaign.resume', icon: <PlayCircleOutlined />, isMain: true }],
};

/** What can be done with a campaign as it stands. */
export function CampaignActions({
  campaign,
  onEdit,
  onChanged,
}: {
  campaign: Campaign;
  onEdit: () => void;
  onChanged: () => void;
}) {
  const t = useText();
  const navigate = useNavigate();
  const { username } = useStaff();
  const { language } = useLanguage();
  const { act, isBusy } = useAct();
  const { id, state, createdBy, submittedBy } = campaign;
  const isOwn = [createdBy, submittedBy].includes(`staff:${username}`);
  const isLive = state === 'running' || state === 'paused';
  const isBefore = ['draft', 'submitted', 'approved'].includes(state);
  const take = (verb: string) =>
    void act(() => api.post(`/campaigns/${id}/${verb}`)).then(() => onChanged());
  const copy = (change: object) =>
    void act(async () => {
      const made = await api.post<Campaign>(`/campaigns/${id}/copy`, change);
      await navigate({ to: '/campaigns/$id', params: { id: made.id } });
    });
  return (
    <Space wrap>
      {state === 'draft' && (
        <Button icon={<EditOutlined />} onClick={onEdit}>
          {t('campaign.edit')}
        </Button>
      )}
      {isBefore && <TestCall id={id} />}
      {(steps[state] ?? []).map(({ verb, text, icon, isMain, isApproval }) => (
        <Button
          key={verb}
          icon={icon}
          type={isMain === true ? 'primary' : 'default'}
          loading={isBusy}
          disabled={isApproval === true && isOwn}
          onClick={() => take(verb)}
        >
          {t(text)}
        </Button>
      ))}
      {isLive && (
        <Popconfirm title={t('campaign.stopSure')} onConfirm={() => take('stop')}>
          <Button danger icon={<StopOutlined />}>
            {t('campaign.stop')}
          </Button>
        </Popconfirm>
      )}
      {isBefore && <Button onClick={() => take('cancel')}>{t('campaign.cancel')}</Button>}
      {campaign.startedAt !== null && (
        <Button
          icon={<DownloadOutlined />}
          href={`/api/v1/campaigns/${id}/export.csv?language=${language}`}
        >
          {t('campaign.export')}
        </Button>
      )}
      {state === 'finished' && campaign.kind === 'notice' && (
        <Button
          icon={<PhoneOutlined />}
          onClick={() =>
            copy({
              name: `${campaign.name} · ${t('campaign.allClear')}`.slice(0, 80),
              settings: { audience: { campaign: { id } } },
            })
          }
        >
          {t('campaign.allClear')}
        </Button>
      )}
      {!isBefore && (
        <Button icon={<CopyOutlined />} onClick={() => copy({})}>
          {t('campaign.copy')}
        </Button>
      )}
    </Space>
  );
}

/** Rings the author, so that the script is heard as the owners will hear it. */
function TestCall({ id }: { id: string }) {
  const t = useText();
  const { language } = useLanguage();
  const { act, isBusy } = useAct();
  const [number, setNumber] = useState('');
  const ring = () =>
    void act(
      () => api.post(`/campaigns/${id}/test-call`, { number, language }),
      t('campaign.testDone'),
    );
  return (
    <Popover
      trigger="click"
      title={t('campaign.testNumber')}
      content={
        <Space.Compact>
          <Input
            inputMode="tel"
            aria-label={t('campaign.testNumber')}
            value={number}
            onChange={(event) => setNumber(event.target.value.replaceAll(/\D/g, ''))}
            onPressEnter={ring}
          />
          <Button type="primary" disabled={number.length < 3} loading={isBusy} onClick={ring}>
            {t('campaign.testCall')}
          </Button>
        </Space.Compact>
      }
    >
      <Button icon={<PhoneOutlined />}>{t('campaign.testCall')}</Button>
    </Popover>
  );
}
