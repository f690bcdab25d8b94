import { Rate } from 'antd';
import { orAlready } from '../../../api/already.ts';
import { api } from '../../../api/client.ts';
import { useAct } from '../../../shared/parts/use-act.ts';
import { useName, useText } from '../../../shared/i18n/language.tsx';
import { CodesTable } from './codes-table.tsx';
import { useList } from './use-list.ts';
import type { Columns } from '../../../shared/list/columns.ts';
import { WholeList } from '../../../shared/list/whole-list.tsx';
import { Empty } from '../../../shared/parts/pieces.tsx';

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
      key: 'name',
      title: t('staff.name'),
      text: (agent) => agent.displayName,
      sort: (agent) => agent.displayName,
      render: (_, agent) => <span className="strong">{agent.displayName}</span>,
    },
    ...active.map((skill) => ({
      title: name(skill.name),
      key: skill.code,
      text: (agent: AgentRow) => levelOf(agent, skill.code),
      sort: (agent: AgentRow) => levelOf(agent, skill.code),
      render: (_: unknown, agent: AgentRow) => (
        <Rate
          value={levelOf(agent, skill.code)}
          onChange={(level) => set(agent, skill.code, level)}
        />
      ),
    })),
  ];
  return (
    <div className="two-columns">
      <WholeList
        name="agents"
        query={query}
        search={t('staff.name')}
        columns={columns}
        rowKey="staffId"
        empty={<Empty title={t('staff.none')} />}
      />
      <CodesTable path="/skills" cacheName="skills" title={t('admin.skills')} />
    </div>
  );
}

function levelOf({ skills }: AgentRow, code: string): number {
  return skills.find(({ skill }) => skill === code)?.level ?? 0;
}
