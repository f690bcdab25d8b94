import type { AgentView } from '../../../../src/contract/agents/agents.ts';

/** Why somebody is on a break that they did not choose; undefined for one that they did. Pure. */
export function imposedBy({
  presence,
  reason,
  presenceBy,
}: Pick<AgentView, 'presence' | 'reason' | 'presenceBy'>): 'missed' | 'supervisor' | undefined {
  if (presenceBy !== null) return 'supervisor';
  return presence === 'break' && reason === 'no_answer' ? 'missed' : undefined;
}
