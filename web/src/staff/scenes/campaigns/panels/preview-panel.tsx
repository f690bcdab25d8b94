import { CheckCircleOutlined, ReloadOutlined, WarningOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { api } from '../../../../api/client.ts';
import { Money, QueryView, Tag } from '../../../../shared/parts/pieces.tsx';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import { exact } from '../../../../shared/i18n/times.ts';
import type { Campaign } from '../campaign.types.ts';
import { Figures } from '../figures.tsx';
import { PreviewTexts } from './preview-texts.tsx';

/** Before it starts: whom it would call, how long it takes, and whether the script may be used. */
export function PreviewPanel({ campaign }: { campaign: Campaign }) {
  const t = useText();
  const preview = useQuery({
    queryKey: ['campaigns', campaign.id, 'preview'],
    queryFn: () => api.post('/campaigns/:id/preview', { params: { id: campaign.id } }),
    staleTime: 30_000,
  });
  return (
    <div className="card pad">
      <div className="row">
        <h2 className="grow">{t('campaign.preview')}</h2>
        <Button
          icon={<ReloadOutlined />}
          loading={preview.isFetching}
          onClick={() => void preview.refetch()}
        >
          {t('campaign.previewAgain')}
        </Button>
      </div>
      <QueryView query={preview}>
        {(data) => (
          <>
            <Figures
              items={[
                [t('campaign.contacts'), data.contacts],
                [t('campaign.numbers'), data.numbers],
                ...(data.owedFen > 0
                  ? [[t('campaign.owed'), <Money key="" fen={data.owedFen} />] as const]
                  : []),
                ...(data.writtenFirst > 0
                  ? [[t('messages.writtenFirst'), data.writtenFirst] as const]
                  : []),
                [t('campaign.expectedCalls'), data.expectedCalls],
                [
                  t('campaign.expectedMinutes'),
                  t('campaign.minutes', { count: data.expectedMinutes }),
                ],
                [
                  t('campaign.expectedEnd'),
                  data.expectedEnd === null ? '—' : exact(new Date(data.expectedEnd)),
                ],
              ]}
            />
            {Object.keys(data.excluded).length > 0 && (
              <>
                <h3>{t('campaign.leftOut')}</h3>
                <ul className="rows">
                  {Object.entries(data.excluded).map(([code, count]) => (
                    <li key={code}>
                      <span className="grow">{textOf(t, 'refusal', code)}</span>
                      <span className="figures">{count}</span>
                    </li>
                  ))}
                </ul>
              </>
            )}
            <PreviewTexts texts={data.texts} />
            <h3>{t('campaign.script')}</h3>
            {campaign.heardAt === null ? (
              <Tag tone="pause" icon={<WarningOutlined />}>
                {t('campaign.notHeard')}
              </Tag>
            ) : (
              <Tag tone="ok" icon={<CheckCircleOutlined />}>
                {t('campaign.heard')}
              </Tag>
            )}
            {data.scriptFaults.length > 0 && (
              <div className="notice tone-alarm" role="alert">
                {t('campaign.faults')}
                {data.scriptFaults.map((fault) => (
                  <strong key={`${fault.code}${fault.words}`}>「{fault.words}」</strong>
                ))}
              </div>
            )}
          </>
        )}
      </QueryView>
    </div>
  );
}
