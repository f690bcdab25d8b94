import { useQuery } from '@tanstack/react-query';
import { Progress as Bar, Segmented, Table } from 'antd';
import { useState } from 'react';
import { api } from '../../../../api/client.ts';
import { Empty, QueryView } from '../../../../shared/parts/pieces.tsx';
import { textOf } from '../../../../shared/i18n/i18n.ts';
import { useText } from '../../../../shared/i18n/language.tsx';
import type { ResultRow } from '../../../../../../src/contract/campaigns.ts';

/** Whom it reached: by building, so that somebody can knock on the doors left, or by hour. */
export function CoveragePanel({ id }: { id: string }) {
  const t = useText();
  const [by, setBy] = useState<'building' | 'hour'>('building');
  const results = useQuery({
    queryKey: ['campaigns', id, 'results', by],
    queryFn: () => api.get('/campaigns/:id/results', { params: { id }, query: { by } }),
  });
  return (
    <>
      <Segmented
        className="gap-below"
        value={by}
        onChange={setBy}
        options={[
          { value: 'building', label: t('campaign.building') },
          { value: 'hour', label: t('campaign.hour') },
        ]}
      />
      <QueryView query={results}>
        {({ items }) => (
          <div className="card table-card">
            <Table<ResultRow>
              size="small"
              pagination={false}
              rowKey="key"
              dataSource={items}
              scroll={{ x: 'max-content' }}
              locale={{ emptyText: <Empty title={t('campaign.noCalls')} /> }}
              columns={[
                {
                  title: t(by === 'building' ? 'campaign.building' : 'campaign.hour'),
                  render: (_, row) => (
                    <span className="strong">{row.key === '' ? '—' : row.key}</span>
                  ),
                },
                ...(by === 'building'
                  ? [
                      {
                        title: t('campaign.share'),
                        width: 220,
                        render: (_: unknown, { counts }: ResultRow) => (
                          <Bar size="small" percent={shareOf(counts)} />
                        ),
                      },
                    ]
                  : []),
                {
                  title: t('campaign.results'),
                  render: (_, { counts }) =>
                    Object.entries(counts)
                      .map(
                        ([code, count]) =>
                          `${textOf(t, by === 'building' ? 'contactState' : 'attemptResult', code)} ${count}`,
                      )
                      .join(' · '),
                },
              ]}
            />
          </div>
        )}
      </QueryView>
    </>
  );
}

function shareOf(counts: Readonly<Record<string, number>>): number {
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  return all === 0 ? 0 : Math.round((100 * (counts['reached'] ?? 0)) / all);
}
