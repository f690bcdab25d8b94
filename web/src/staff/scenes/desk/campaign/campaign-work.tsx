import { ForwardOutlined, PhoneOutlined, SoundOutlined } from '@ant-design/icons';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type {
  AgentCampaigns,
  AgentCard,
} from '../../../../../../src/contract/campaigns/agent-sheet.ts';
import { orAlready } from '../../../../api/already.ts';
import { api, Problem } from '../../../../api/client.ts';
import { Empty, Key, QueryView, Tag } from '../../../../shared/parts/pieces.tsx';
import { useAct } from '../../../../shared/parts/use-act.ts';
import { useKeys } from '../../../../shared/browser/use-keys.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { ContactFacts, Script } from './campaign-card.tsx';

type Campaign = AgentCampaigns['items'][number];

/** Between calls: the lists that this agent works through, and in a preview who comes next. */
export function CampaignWork() {
  const t = useText();
  const cache = useQueryClient();
  const { act, isBusy } = useAct();
  const [card, setCard] = useState<AgentCard>();
  const [isDone, setDone] = useState(false);
  const campaigns = useQuery({
    queryKey: ['campaigns', 'mine'],
    queryFn: () => api.get('/agents/me/campaigns'),
  });
  const [first] = (campaigns.data?.items ?? []).filter((one) => one.mode === 'preview');
  const look = (campaign: string) =>
    void act(async () => {
      setDone(false);
      try {
        setCard(await api.post('/campaigns/:id/next-contact', { params: { id: campaign } }));
      } catch (error) {
        setCard(undefined);
        if (!(error instanceof Problem) || error.code !== 'campaign.nobody_left') throw error;
        setDone(true);
      }
      await cache.invalidateQueries({ queryKey: ['campaigns', 'mine'] });
    });
  const passOver = ({ campaignId, contactId }: AgentCard) =>
    void act(async () => {
      // Somebody else has them by now: the next one, then.
      const params = { id: campaignId, contactId };
      await orAlready(
        api.post('/campaigns/:id/contacts/:contactId/pass-over', { params }),
        'campaign.not_reserved',
      );
      look(campaignId);
    });
  const dial = ({ campaignId, contactId }: AgentCard) =>
    void act(() =>
      api.post('/campaigns/:id/contacts/:contactId/dial', {
        params: { id: campaignId, contactId },
      }),
    );
  useKeys({
    F3:
      card !== undefined
        ? () => passOver(card)
        : first === undefined
          ? undefined
          : () => look(first.id),
    F2: card === undefined ? undefined : () => dial(card),
  });
  if (campaigns.data?.items.length === 0) return null;
  return (
    <section className="card campaign-work" aria-label={t('work.title')}>
      <header className="card-head">
        <h2>
          <SoundOutlined /> {t('work.title')}
        </h2>
      </header>
      {card === undefined ? (
        <QueryView query={campaigns} rows={2}>
          {({ items }) => (
            <>
              {isDone && <Empty title={t('work.nobody')}>{t('work.nobodyHelp')}</Empty>}
              <ul className="plain rows tall">
                {items.map((one) => (
                  <CampaignRow
                    key={one.id}
                    campaign={one}
                    hasKey={one.id === first?.id}
                    isBusy={isBusy}
                    onNext={() => look(one.id)}
                  />
                ))}
              </ul>
            </>
          )}
        </QueryView>
      ) : (
        <div className="campaign-next">
          <ContactFacts card={card} />
          <Script sheet={card.sheet} />
          <div className="row wrap">
            <Button
              type="primary"
              icon={<PhoneOutlined />}
              loading={isBusy}
              onClick={() => dial(card)}
            >
              {t('work.dial')} <Key>F2</Key>
            </Button>
            <Button icon={<ForwardOutlined />} disabled={isBusy} onClick={() => passOver(card)}>
              {t('work.passOver')} <Key>F3</Key>
            </Button>
          </div>
          <small className="quiet">{t('work.kept')}</small>
        </div>
      )}
    </section>
  );
}

function CampaignRow({
  campaign,
  hasKey,
  isBusy,
  onNext,
}: {
  campaign: Campaign;
  hasKey: boolean;
  isBusy: boolean;
  onNext: () => void;
}) {
  const t = useText();
  const { name, mode, waiting } = campaign;
  return (
    <li>
      <div className="campaign-row">
        <div>
          <span className="strong">{name}</span> <Tag tone="busy">{t(`workMode.${mode}`)}</Tag>
          <div className="quiet">
            <span className="figures">{waiting}</span> {t('work.waiting')} ·{' '}
            {t(`workModeHelp.${mode}`)}
          </div>
        </div>
        {mode === 'preview' && (
          <Button disabled={isBusy} onClick={onNext}>
            {t('work.next')} {hasKey && <Key>F3</Key>}
          </Button>
        )}
      </div>
    </li>
  );
}
