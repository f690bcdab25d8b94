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
import { App, Button, Popconfirm, Space } from 'antd';
import type { ReactNode } from 'react';
import { addressOf, api } from '../../../api/client.ts';
import { useAct } from '../../../shared/parts/use-act.ts';
import type { MessageKey } from '../../../shared/i18n/i18n.ts';
import { useLanguage, useText } from '../../../shared/i18n/language.tsx';
import type { Permission } from '../../../../../src/contract/codes.ts';
import { useMay, useStaff } from '../../../shared/session/session.tsx';
import type { BodyOf } from '../../../api/routes.ts';
import type { Campaign } from './campaign.types.ts';
import { whyNotApprove } from './rights.ts';
import { startWords } from './start-words.ts';
import { TestCall } from './test-call.tsx';

type Verb = 'submit' | 'send-back' | 'approve' | 'start' | 'pause' | 'resume' | 'stop' | 'cancel';

interface Step {
  verb: Verb;
  text: MessageKey;
  icon?: ReactNode;
  isMain?: boolean;
  needs?: Permission;
}

const steps: Readonly<Record<string, readonly Step[]>> = {
  draft: [{ verb: 'submit', text: 'campaign.submit', icon: <SendOutlined />, isMain: true }],
  submitted: [
    { verb: 'send-back', text: 'campaign.sendBack', needs: 'campaigns.approve' },
    {
      verb: 'approve',
      text: 'campaign.approve',
      needs: 'campaigns.approve',
      icon: <CheckOutlined />,
      isMain: true,
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
  const may = useMay();
  const { language } = useLanguage();
  const { act, isBusy } = useAct();
  const { modal } = App.useApp();
  const { id, state } = campaign;
  const mayWrite = may('campaigns.write');
  const next = (steps[state] ?? []).filter(({ needs }) => needs === undefined || may(needs));
  const whyNot = state === 'submitted' ? whyNotApprove(campaign, username) : undefined;
  const isLive = state === 'running' || state === 'paused';
  const isBefore = ['draft', 'submitted', 'approved'].includes(state);
  const take = (verb: Verb, body?: { expectedHomes: number } | { expectedVersion: number }) =>
    void act(() =>
      api.post(`/campaigns/:id/${verb}`, {
        params: { id },
        ...(body === undefined ? {} : { body }),
      }),
    ).then(() => onChanged());
  /** Whoever starts it knows how many telephones ring now. */
  const start = () =>
    void act(async () => {
      const preview = await api.post('/campaigns/:id/preview', { params: { id } });
      const [title, ...more] = startWords(t, preview);
      void modal.confirm({
        ...{
          title,
          content: more.join(''),
          okText: t('campaign.start'),
          cancelText: t('form.cancel'),
        },
        onOk: () => take('start', { expectedHomes: preview.called }),
      });
    });
  const copy = (change: BodyOf<'POST /campaigns/:id/copy'>) =>
    void act(async () => {
      const made = await api.post('/campaigns/:id/copy', { params: { id }, body: change });
      await navigate({ to: '/campaigns/$id', params: { id: made.id } });
    });
  const download = campaign.startedAt !== null && (
    <Button
      icon={<DownloadOutlined />}
      href={addressOf('/campaigns/:id/export.csv', { params: { id }, query: { language } })}
    >
      {t('campaign.export')}
    </Button>
  );
  if (!mayWrite) return download;
  return (
    <Space wrap>
      {whyNot !== undefined && (
        <span className="quiet small" id="why-not-approve">
          {t(whyNot)}
        </span>
      )}
      {state === 'draft' && (
        <Button icon={<EditOutlined />} onClick={onEdit}>
          {t('campaign.edit')}
        </Button>
      )}
      {isBefore && <TestCall id={id} onHeard={onChanged} />}
      {next.map(({ verb, text, icon, isMain }) => (
        <Button
          key={verb}
          icon={icon}
          type={isMain === true ? 'primary' : 'default'}
          loading={isBusy}
          {...(verb === 'approve' && whyNot !== undefined
            ? { disabled: true, 'aria-describedby': 'why-not-approve' }
            : {})}
          onClick={() => {
            if (verb === 'start') start();
            else if (verb === 'approve') take(verb, { expectedVersion: campaign.version });
            else take(verb);
          }}
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
      {download}
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
