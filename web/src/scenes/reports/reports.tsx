import { useNavigate, useParams } from '@tanstack/react-router';
import { Tabs } from 'antd';
import { PageHead } from '../../components/pieces.tsx';
import { useText } from '../../i18n/language.tsx';
import { AgentsReport } from './agents-report.tsx';
import { QueuesReport } from './queues-report.tsx';
import { SatisfactionReport } from './satisfaction.tsx';

/** Figures over many calls. */
export function ReportsPage() {
  const t = useText();
  const navigate = useNavigate();
  const { part } = useParams({ strict: false });
  return (
    <main>
      <PageHead title={t('nav.reports')} />
      <Tabs
        activeKey={part ?? 'queues'}
        onChange={(key) => void navigate({ to: '/reports/$part', params: { part: key } })}
        destroyOnHidden
        items={[
          { key: 'queues', label: t('report.queues'), children: <QueuesReport /> },
          { key: 'agents', label: t('report.agents'), children: <AgentsReport /> },
          {
            key: 'satisfaction',
            label: t('report.satisfaction'),
            children: <SatisfactionReport />,
          },
        ]}
      />
    </main>
  );
}
