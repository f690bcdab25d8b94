import type { Engagement } from '../../../contract/agents/agents.ts';
import type { Transitions } from '../../../core/states.ts';

/**
 * What calls impose on an agent. A refused or missed offer leads back to idle; a conversation that began
 * without an offer (dialled by the agent) leads from idle to talking.
 */
export const engagementTransitions: Transitions<Engagement> = {
  idle: ['offered', 'talking'],
  offered: ['idle', 'talking', 'wrap_up'],
  talking: ['wrap_up', 'idle'],
  wrap_up: ['idle', 'talking', 'offered'],
};
