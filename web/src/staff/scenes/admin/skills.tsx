import { Rate } from 'antd';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { CodesTable } from './codes-table.tsx';
import { ListTable, useList } from './list-page.tsx';
import type { Columns } from '../../../shared/list/table.tsx';

interface AgentRow {
  staffId: string;
  username: string;
  displayName: string;
  skills: { skill: string; level: number }[];
}

/** Who can do what, and how well. */
export function SkillsPage() {
  const t = useText();
  const name = useName();
  const { act } = useAct();
  const skills = useList('/skills', 'skills');
  const { query, reload } = useList('/agents', 'agents');
  const set = (agent: AgentRow, skill: string, level: number) =>
    void act(async () => {
      const others = agent.skills.filter((one) => one.skill !== skill);
      const wanted = level === 0 ? others : [...others, { skill, level }];
      await orAlready(
        api.put('/agents/:staffId/skills', {
          params: { staffId: agent.staffId },
          body: { skills: wanted },
        }),
      );
      await reload();
    });
  const active = (skills.query.data ?? []).filter((one) => one.isActive);
  const columns: Columns<AgentRow> = [
    {
      title: t('staff.name'),
      render: (_, agent) => <span className="strong">{agent.displayName}</span>,
    },
    ...active.map((skill) => ({
      title: name(skill.name),
      key: skill.code,
      render: (_: unknown, agent: AgentRow) => (
        <Rate
          value={agent.skills.find((one) => one.skill === skill.code)?.level ?? 0}
          onChange={(level) => set(agent, skill.code, level)}
        />
      ),
    })),
  ];
  return (
    <div className="two-columns">
      <ListTable query={query} columns={columns} rowKey="staffId" empty={t('staff.none')} />
      <CodesTable path="/skills" cacheName="skills" title={t('admin.skills')} />
    </div>
  );
}
