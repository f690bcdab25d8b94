import { EllipsisOutlined } from '@ant-design/icons';
import { useNavigate, useParams } from '@tanstack/react-router';
import { Tabs } from 'antd';
import { PageHead } from '../../components/pieces.tsx';
import { useText } from '../../i18n/language.tsx';
import { useStaff } from '../../session/session.tsx';
import { AuditPage } from './audit.tsx';
import { HoursPage } from './hours.tsx';
import { QueuesPage } from './queues.tsx';
import { ReasonsPage } from './reasons.tsx';
import { SessionsPage } from './sessions.tsx';
import { SkillsPage } from './skills.tsx';
import { StaffPage } from './staff.tsx';

export function AdminPage() {
  const t = useText();
  const navigate = useNavigate();
  const { part } = useParams({ strict: false });
  const { role } = useStaff();
  const isAdmin = role === 'admin';
  return (
    <main>
      <PageHead title={t('nav.admin')} />
      <Tabs
        activeKey={part ?? 'queues'}
        onChange={(key) => void navigate({ to: '/admin/$part', params: { part: key } })}
        destroyOnHidden
        more={{
          icon: (
            <span role="img" aria-label={t('admin.more')}>
              <EllipsisOutlined aria-hidden />
            </span>
          ),
        }}
        items={[
          ...(isAdmin ? [{ key: 'staff', label: t('admin.staff'), children: <StaffPage /> }] : []),
          { key: 'queues', label: t('admin.queues'), children: <QueuesPage /> },
          { key: 'skills', label: t('admin.skills'), children: <SkillsPage /> },
          { key: 'hours', label: t('admin.hours'), children: <HoursPage /> },
          { key: 'reasons', label: t('admin.reasons'), children: <ReasonsPage /> },
          ...(isAdmin
            ? [{ key: 'sessions', label: t('admin.sessions'), children: <SessionsPage /> }]
            : []),
          { key: 'audit', label: t('admin.audit'), children: <AuditPage /> },
        ]}
      />
    </main>
  );
}
