import { useParams } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { PartLinks } from '../../../shared/parts/parts.tsx';
import { PageHead } from '../../../shared/parts/pieces.tsx';
import type { MessageKey } from '../../../shared/i18n/i18n.ts';
import { useText } from '../../../shared/i18n/language.tsx';
import { AgentsReport } from './agents-report.tsx';
import { QueuesReport } from './queues-report.tsx';
import { SatisfactionReport } from './satisfaction.tsx';
import './reports.css';
import { DemoData } from '../../parts/demo-data.tsx';

const parts = ['queues', 'agents', 'satisfaction'] as const;

const pages: Readonly<Record<(typeof parts)[number], ComponentType>> = {
  queues: QueuesReport,
  agents: AgentsReport,
  satisfaction: SatisfactionReport,
};

const notes = {
  queues: 'report.queuesNote',
  agents: 'report.agentsNote',
  satisfaction: 'report.note',
} as const satisfies Record<(typeof parts)[number], MessageKey>;

/** Figures over many calls. */
export function ReportsPage() {
  const t = useText();
  const { part } = useParams({ strict: false });
  const here = parts.find((one) => one === part) ?? 'queues';
  const Shown = pages[here];
  return (
    <main>
      <PageHead title={t('nav.reports')}>
        <DemoData />
      </PageHead>
      <PartLinks
        label={t('nav.reports')}
        to="/reports/$part"
        here={here}
        parts={parts.map((key) => ({ key, label: t(`report.${key}`) }))}
      />
      <p className="quiet gap-below">{t(notes[here])}</p>
      <Shown key={here} />
    </main>
  );
}
