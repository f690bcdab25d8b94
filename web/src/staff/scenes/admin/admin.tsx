import { useParams } from '@tanstack/react-router';
import { Alert } from 'antd';
import type { ComponentType } from 'react';
import { PartLinks } from '../../../shared/parts/parts.tsx';
import { PageHead } from '../../../shared/parts/pieces.tsx';
import { useText } from '../../../shared/i18n/language.tsx';
import type { Permission } from '../../../../../src/contract/codes.ts';
import { useMay, useStaff } from '../../../shared/session/session.tsx';
import { AuditPage } from './audit.tsx';
import { HoursPage } from './hours.tsx';
import { QueuesPage } from './queues.tsx';
import { ReasonsPage } from './reasons.tsx';
import { SessionsPage } from './sessions.tsx';
import { SkillsPage } from './skills.tsx';
import { StaffPage } from './staff.tsx';
import './admin.css';

const parts = ['staff', 'queues', 'skills', 'hours', 'reasons', 'sessions', 'audit'] as const;
type Part = (typeof parts)[number];

const pages: Readonly<Record<Part, ComponentType>> = {
  staff: StaffPage,
  queues: QueuesPage,
  skills: SkillsPage,
  hours: HoursPage,
  reasons: ReasonsPage,
  sessions: SessionsPage,
  audit: AuditPage,
};
/** What is changed there counts for all estates. */
const forAllSites: readonly Part[] = ['queues', 'skills', 'reasons'];
const needs: Readonly<Record<Part, Permission>> = {
  staff: 'staff.manage',
  queues: 'queues.manage',
  skills: 'settings.manage',
  hours: 'settings.manage',
  reasons: 'settings.manage',
  sessions: 'staff.manage',
  audit: 'audit.read',
};

export function AdminPage() {
  const t = useText();
  const { part } = useParams({ strict: false });
  const may = useMay();
  const { siteIds } = useStaff();
  const shown = parts.filter((one) => may(needs[one]));
  const here = shown.find((one) => one === part) ?? 'queues';
  const Shown = pages[here];
  return (
    <main>
      <PageHead title={t('nav.admin')} />
      <PartLinks
        label={t('nav.admin')}
        to="/admin/$part"
        here={here}
        parts={shown.map((key) => ({ key, label: t(`admin.${key}`) }))}
      />
      {siteIds !== null && forAllSites.includes(here) && (
        <Alert type="info" showIcon title={t('admin.allSitesOnly')} />
      )}
      <Shown />
    </main>
  );
}
