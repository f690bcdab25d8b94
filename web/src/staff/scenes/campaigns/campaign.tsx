import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../api/client.ts';
import { useAddress } from '../../../shared/list/use-address.ts';
import { PartTabs } from '../../../shared/parts/parts.tsx';
import { PageHead, QueryView } from '../../../shared/parts/pieces.tsx';
import { useStaffName } from '../../parts/use-staff-name.ts';
import { textOf, type MessageKey } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { AudiencePanel } from './panels/audience-panel.tsx';
import { CampaignActions } from './campaign-actions.tsx';
import { CampaignEditor } from './editor/campaign-editor.tsx';
import { CampaignTag } from './campaign-tags.tsx';
import type { Campaign } from './campaign.types.ts';
import { CoveragePanel } from './panels/coverage-panel.tsx';
import { EvidencePanel } from './panels/evidence-panel.tsx';
import { LivePanel } from './panels/live-panel.tsx';
import { MessagesPanel } from './panels/messages-panel.tsx';
import { DemoRow } from '../../parts/demo-data.tsx';
import { PeoplePanel } from './panels/people-panel.tsx';
import { PreviewPanel } from './panels/preview-panel.tsx';
import { RepliesPanel } from './panels/replies-panel.tsx';
import { useMay } from '../../../shared/session/session.tsx';
import { ScheduleLine } from './schedule-line.tsx';
import './campaigns.css';

/** One campaign: a draft to write, or what becomes of it. */
export function CampaignPage() {
  const { id } = useParams({ from: '/inside/campaigns/$id' });
  const campaign = useQuery({
    queryKey: ['campaigns', id],
    queryFn: () => api.get('/campaigns/:id', { params: { id } }),
    enabled: id !== 'new',
  });
  if (id === 'new') return <NewCampaign />;
  return <QueryView query={campaign}>{(data) => <Known campaign={data} />}</QueryView>;
}

function NewCampaign() {
  const t = useText();
  const navigate = useNavigate();
  return (
    <main>
      <PageHead title={t('campaign.new')} />
      <CampaignEditor
        onSaved={({ id }) => void navigate({ to: '/campaigns/$id', params: { id }, replace: true })}
      />
    </main>
  );
}

function Known({ campaign }: { campaign: Campaign }) {
  const t = useText();
  const cache = useQueryClient();
  const staffName = useStaffName();
  const [isEditing, setEditing] = useState(false);
  const mayWrite = useMay()('campaigns.write');
  const reload = () => cache.invalidateQueries({ queryKey: ['campaigns'] });
  const hasRun = campaign.startedAt !== null;
  return (
    <main>
      <PageHead
        title={
          <>
            <Link to="/campaigns" className="crumb">
              {t('nav.campaigns')}
            </Link>{' '}
            {campaign.name} <CampaignTag state={campaign.state} /> <DemoRow id={campaign.id} />
          </>
        }
        note={`${t(`campaignKind.${campaign.kind}`)} · ${textOf(t, 'topic', campaign.topic)} · ${t(`purpose.${campaign.purpose}`)} · ${t('campaign.author')} ${staffName(campaign.createdBy) ?? '—'}`}
      >
        <CampaignActions
          campaign={campaign}
          onEdit={() => setEditing(true)}
          onChanged={() => void reload()}
        />
      </PageHead>
      <ScheduleLine campaign={campaign} />
      {isEditing && campaign.state === 'draft' ? (
        <CampaignEditor
          campaign={campaign}
          onSaved={() => {
            setEditing(false);
            void reload();
          }}
        />
      ) : hasRun ? (
        <Course campaign={campaign} />
      ) : (
        <div className="stack">
          {mayWrite && <PreviewPanel campaign={campaign} />}
          <AudiencePanel id={campaign.id} hasDebts={campaign.purpose === 'collection'} />
        </div>
      )}
    </main>
  );
}

const panels = {
  live: 'campaign.live',
  people: 'campaign.people',
  coverage: 'campaign.coverage',
  messages: 'messages.title',
  replies: 'messages.replies',
  evidence: 'campaign.evidence',
} as const satisfies Record<string, MessageKey>;

/** How it goes, part by part. */
function Course({ campaign }: { campaign: Campaign }) {
  const t = useText();
  const navigate = useNavigate();
  const { told } = useAddress();
  const keys = Object.keys(panels) as (keyof typeof panels)[];
  const here = keys.find((one) => one === told['part']) ?? 'live';
  // Filters of one part mean nothing to the next.
  const pick = (part: string) =>
    void navigate({ to: '.', search: (part === 'live' ? {} : { part }) as never });
  return (
    <>
      <PartTabs
        label={t('campaign.live')}
        here={here}
        parts={keys.map((key) => ({ key, label: t(panels[key]) }))}
        onPick={pick}
      />
      {here === 'live' && <LivePanel campaign={campaign} />}
      {here === 'people' && <PeoplePanel campaign={campaign} />}
      {here === 'coverage' && <CoveragePanel id={campaign.id} />}
      {here === 'messages' && <MessagesPanel id={campaign.id} />}
      {here === 'replies' && <RepliesPanel id={campaign.id} />}
      {here === 'evidence' && <EvidencePanel id={campaign.id} />}
    </>
  );
}
