import {
  CheckCircleOutlined,
  CoffeeOutlined,
  EditOutlined,
  LoginOutlined,
  MinusCircleOutlined,
  PhoneOutlined,
  BellOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import type { AgentView } from '../../../../src/contract/agents/agents.ts';
import type { MessageKey } from '../../shared/i18n/i18n.ts';
import type { Tone } from '../../shared/parts/pieces.tsx';

export interface Shown {
  tone: Tone;
  icon: ReactNode;
  text: MessageKey;
  since: string;
}

/** What a colleague needs to see of an agent: what calls impose comes before what was chosen. */
export function shownState(agent: AgentView): Shown {
  const since = agent.engagementSince;
  if (agent.engagement === 'offered') {
    return { tone: 'busy', icon: <BellOutlined />, text: 'agent.offered', since };
  }
  if (agent.engagement === 'talking') {
    return { tone: 'busy', icon: <PhoneOutlined />, text: 'agent.talking', since };
  }
  if (agent.engagement === 'wrap_up') {
    return { tone: 'after', icon: <EditOutlined />, text: 'agent.wrap_up', since };
  }
  const chosen = agent.presenceSince > since ? agent.presenceSince : since;
  if (agent.presence === 'break') {
    return {
      tone: 'pause',
      icon: <CoffeeOutlined />,
      text: 'agent.break',
      since: agent.presenceSince,
    };
  }
  if (agent.presence === 'offline') {
    return { tone: 'off', icon: <MinusCircleOutlined />, text: 'agent.offline', since: chosen };
  }
  return agent.isPhoneReady
    ? { tone: 'ok', icon: <CheckCircleOutlined />, text: 'agent.available', since: chosen }
    : { tone: 'alarm', icon: <LoginOutlined />, text: 'agent.phoneMissing', since: chosen };
}
