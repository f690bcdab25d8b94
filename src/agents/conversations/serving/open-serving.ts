import type { Clock } from '../../../core/clock.ts';
import type { Log } from '../../../core/log.ts';
import type { Call, Cti } from '../../../cti/index.ts';
import type { Pool } from '../../../db/index.ts';
import type { Dialling } from '../../../dialling/index.ts';
import type { Recordings } from '../../../recording/index.ts';
import { callBack, type CallbackParts } from './callback.ts';
import { callerKnowledge } from '../../../lookup/index.ts';
import { dial, place, type DialOutParts, type DialRequest } from './dial-out.ts';
import { writeTalk } from '../follow-party.ts';
import type { DialOutside, EndpointOf } from '../../acd/sessions/endpoints.ts';
import type { Pops } from '../../../lookup/index.ts';
import type { OpenAcd } from '../../acd/open-acd.ts';
import { OpenQueues } from '../../acd/queues/open-queues.ts';
import type { ServeRequest, ServeResult } from '../../acd/queues/serve.types.ts';
import type { QueueVoice } from '../../acd/queues/announcements/voice.ts';
import { wait, type WaitParts } from '../../acd/queues/wait.ts';
import type { WaitingCaller } from '../../acd/routing/index.ts';
import { serve, type ServeParts } from './serve.ts';
import type { ConversationEnd } from '../conversation.types.ts';
import { adoptOutgoing, follow, leadOutgoing, type LeadOutgoingParts } from './lead-outgoing.ts';
import type { OpenTalks } from '../open-talks.ts';
import { recordConversation } from '../recorder.ts';
import { talk } from './talk.ts';

export interface ServingOptions {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Pick<Cti, 'nodes' | 'dialCall' | 'record'>;
  recordings: Recordings;
  voice: QueueVoice;
  pops: Pops;
  telephones: Telephones;
}

/** Which telephones may be rung, and where. */
export interface Telephones {
  trunks: readonly string[];
  dialling: Pick<Dialling, 'isOpen'>;
  outside: DialOutside;
  endpointOf: EndpointOf;
}

type Serve = (call: Call, request: ServeRequest, before?: ConversationEnd) => Promise<ServeResult>;

/** Leads callers, and whoever is called, to agents. */
export interface Serving {
  /** See `serve.ts`. */
  serve: Serve;
  dial(staffId: string, request: DialRequest): Promise<{ callId: string }>;
  callBack(caller: WaitingCaller, staffId: string): Promise<void>;
  /** A call that an agent dialled, and a predecessor led. */
  adopt(call: Call): Promise<void>;
}

/** @param onCall told of a call that screens may show. */
export function openServing(
  options: ServingOptions,
  open: OpenAcd,
  talks: OpenTalks,
  onCall: (call: Call) => void,
): Serving {
  const { db, clock, log, cti, recordings, voice, pops } = options;
  const { outside, endpointOf } = options.telephones;
  const { seats, engagements } = open;
  const { conversations, adoptions } = talks;
  const { callbacks } = open.acd;
  const record = (call: Call) => recordConversation({ recordings, log }, call);
  const serveCall = openServe(options, open, talks, record);
  const leading: LeadOutgoingParts = {
    ...{ seats, adoptions, callbacks, record, log },
    follow: (call, end) => follow({ db, voice, serve: serveCall }, call, end),
  };
  const dialOut: DialOutParts = {
    ...{ db, clock, cti, outside },
    agentFirst: {
      ...{ seats, endpointOf, pops, conversations, onCall },
      writeTalk: (...joining) => writeTalk({ engagements, log }, ...joining),
    },
    lead: (...made) => leadOutgoing(leading, ...made),
  };
  const callbackParts: CallbackParts = {
    ...{ db, seats, callbacks, cti, log },
    place: (callId, staffId, request) => place(dialOut, callId, staffId, request),
  };
  return {
    serve: serveCall,
    dial: (staffId, request) => dial(dialOut, staffId, request),
    callBack: (caller, staffId) => callBack(callbackParts, caller, staffId),
    adopt: (call) => adoptOutgoing(leading, call),
  };
}

function openServe(
  { db, clock, log, voice, pops, telephones: { trunks, dialling } }: ServingOptions,
  { seats, acd }: OpenAcd,
  { conversations, adoptions }: OpenTalks,
  record: (call: Call) => Promise<void>,
): Serve {
  const { callbacks, offers } = acd;
  const waiting: WaitParts = {
    ...{ acd, offers, callbacks, seats, voice, clock, log },
    mayCallBack: ({ isNumberVerified, callerNumber }) =>
      trunks.length > 0 && isNumberVerified && dialling.isOpen(callerNumber),
  };
  const parts: ServeParts = {
    known: callerKnowledge({ db, clock, log, pops }),
    adoptions,
    queues: new OpenQueues({ acd, seats, hasDutyPhones: trunks.length > 0 }),
    wait: (call, request, place) => wait(waiting, call, request, place),
    talk: (call, request, answered) =>
      talk({ conversations, record, callbacks, log }, call, request, answered),
    clock,
  };
  return (call, request, before) => serve(parts, call, request, before);
}
