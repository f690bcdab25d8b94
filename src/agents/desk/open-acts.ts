import type { Clock } from '../../core/clock.ts';
import type { Cti } from '../../cti/index.ts';
import type { Pool } from '../../db/index.ts';
import type { Alarms } from '../acd/emergencies/alarms.ts';
import type { OpenTalks } from '../conversations/open-talks.ts';
import type { DialRequest } from '../conversations/serving/dial-out.ts';
import type { DialOutside } from '../acd/sessions/endpoints.ts';
import type { Pops } from '../../lookup/index.ts';
import type { OpenAcd } from '../acd/open-acd.ts';
import type { OpenScreens } from './open-screens.ts';
import { CallControl } from './call-control.ts';
import { CallNotes } from './call-notes.ts';
import { AgentSessions } from './sessions.ts';
import { SupervisorActs } from './supervisor-acts.ts';

export interface ActsOptions {
  db: Pool;
  clock: Clock;
  cti: Pick<Cti, 'record'>;
  pops: Pick<Pops, 'refresh'>;
  alarms: Pick<Alarms, 'acknowledge'>;
  outside: DialOutside;
  dial: (staffId: string, request: DialRequest) => Promise<{ callId: string }>;
  /** Throws `service.standby`. */
  mustLead: () => void;
}

/** What agents and supervisors do. Every act throws an `AppError` that names what is wrong. */
export interface OpenActs {
  sessions: AgentSessions;
  calls: CallControl;
  notes: CallNotes;
  supervision: SupervisorActs;
}

export function openActs(
  { db, clock, cti, pops, alarms, outside, dial, mustLead }: ActsOptions,
  { seats, acd, store, engagements }: OpenAcd,
  { wrapUps, conversations, supervision }: OpenTalks,
  { screens, desks, viewers }: OpenScreens,
): OpenActs {
  const { offers } = acd;
  const thirdParty = { seats, acd, offers, clock, outside };
  return {
    sessions: new AgentSessions({ seats, offers, store, wrapUps, desks, mustLead, outside }),
    calls: new CallControl({ conversations, acd, thirdParty, dial }),
    notes: new CallNotes({ db, cti, engagements, wrapUps, pops, screens, viewers }),
    supervision: new SupervisorActs({ conversations, supervision, alarms, mustLead }),
  };
}
