import type { Agents } from '../../../agents/index.ts';
import type { Recordings } from '../../../recording/index.ts';
import type { Wing } from '../../api.types.ts';
import { directoryRoutes } from '../organisation/directory.ts';
import { agentRoutes } from './agents.ts';
import { callActRoutes } from './call-acts.ts';
import { demoPhoneRoutes, phoneRoutes, type Phones } from './phones.ts';
import { queueRoutes } from './queues.ts';
import { recordingRoutes } from './recordings.ts';
import { supervisionRoutes } from './supervision.ts';

interface Parts {
  agents: Agents;
  recordings: Recordings;
  phones: Phones;
}

/** People who answer: their seats, calls, queues and telephones, and what was recorded. */
export function agentsWing({ agents, recordings, phones }: Parts): Wing {
  return (server, parts) => {
    agentRoutes(server, parts, agents);
    callActRoutes(server, parts, agents);
    supervisionRoutes(server, parts, agents);
    queueRoutes(server, parts, agents);
    recordingRoutes(server, parts, recordings);
    phoneRoutes(server, parts, { agents, phones });
    directoryRoutes(server, parts, phones);
    demoPhoneRoutes(server, parts, phones);
  };
}
