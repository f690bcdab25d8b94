import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Cti } from '../../cti/index.ts';
import type { Pool } from '../../db/index.ts';
import { Adoptions } from './recovery/adoption.ts';
import type { Emergencies } from '../acd/emergencies/emergencies.ts';
import { followParty, writeTalk, wrapUpSecOf } from './follow-party.ts';
import type { EndpointOf } from '../acd/sessions/endpoints.ts';
import type { Pops } from '../../lookup/index.ts';
import type { OpenAcd } from '../acd/open-acd.ts';
import { Supervision } from './supervision.ts';
import { WrapUps } from './wrap-ups.ts';
import type { Conversation } from './conversation.ts';
import { Conversations } from './conversations.ts';
import { queueOf, referredTo } from './referrals.ts';

export interface TalksOptions {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Pick<Cti, 'legsOf' | 'look'>;
  endpointOf: EndpointOf;
  pops: Pick<Pops, 'read'>;
  emergencies: Pick<Emergencies, 'end'>;
}

export interface TalksListeners {
  /** What screens show of a conversation has changed. */
  onChange: (conversation: Conversation) => void;
  /** What an agent has before them has changed. */
  onDesk: (staffId: string) => void;
}

/** Who talks, while this service drives the switch. */
export interface OpenTalks {
  conversations: Conversations;
  wrapUps: WrapUps;
  supervision: Supervision;
  adoptions: Adoptions;
}

export function openTalks(
  { db, clock, log, cti, endpointOf, pops, emergencies }: TalksOptions,
  { seats, acd, engagements }: OpenAcd,
  { onChange, onDesk }: TalksListeners,
): OpenTalks {
  const wrapUps = new WrapUps({
    ...{ seats, store: engagements, clock, log },
    wrapUpSecOf: (queueId) => wrapUpSecOf(acd, queueId),
    onEnd: onDesk,
  });
  const conversations = new Conversations({
    log,
    listeners: {
      onChange,
      onJoining: (...joining) => writeTalk({ engagements, log }, ...joining),
      onParty: (...change) => followParty({ seats, wrapUps, emergencies }, ...change),
    },
    isBrowser: (staffId) => seats.get(staffId)?.phone === 'browser',
    referredTo: (one, target) => referredTo({ acd, seats, db }, one, target),
    queueFor: (one) => queueOf(acd.queues, one),
  });
  const supervision = new Supervision({ seats, endpointOf, onChange, onEnd: onDesk, log });
  const adoptions = new Adoptions({
    ...{ cti, db, pops, conversations, supervision },
    onLost: (callId, staffId) => wrapUps.skip(staffId, callId),
  });
  return { conversations, wrapUps, supervision, adoptions };
}
