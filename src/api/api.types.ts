import type { Counter } from 'prom-client';
import type { FastifyInstance, FastifyRequest, RawServerDefault, FastifyBaseLogger } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Agents, LiveBoard } from '../agents/index.ts';
import type { PhoneAccount } from '../contract/agents/agents.ts';
import type { RouteKey } from '../contract/routes.ts';
import type { Health } from '../contract/health.ts';
import type { EventBus } from '../core/messages/bus.ts';
import type { DiskState, RelayState } from '../contract/codes.ts';
import type { Clock } from '../core/clock.ts';
import type { FailedJob, JobsState } from '../core/jobs/jobs.ts';
import type { Latencies } from '../core/latencies.ts';
import type { Log } from '../core/log.ts';
import type { Sealer } from '../core/seal.ts';
import type { Messages } from '../core/messages/messages.ts';
import type { Cti } from '../cti/index.ts';
import type { DatabaseLink, ForPeople, Pool } from '../db/index.ts';
import type { Dialling } from '../dialling/index.ts';
import type { EventMap } from '../events.ts';
import type { Faxes } from '../faxes/index.ts';
import type { FlowLibrary } from '../content/index.ts';
import type { Messaging } from '../messaging/index.ts';
import type { Outbound } from '../outbound/index.ts';
import type { Recordings } from '../recording/index.ts';
import type { Member, Permission } from '../organisation/index.ts';
import type { RealtimeLimits } from './realtime/hub.ts';

export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** How long a body may take to arrive. */
export interface BodyLimits {
  /** A body that is small has arrived whole after so long. */
  bodyMs: number;
  /** Large ones have as much longer as this many bytes a second need. */
  bytesPerSecond: number;
}

/** A write that carries an `Idempotency-Key` and runs now. */
export interface Claim {
  staffId: string;
  key: string;
  /**
   * Of method, address and body, and of the role and the sites of whoever asks, since an answer tells what they might
   * see; keyed, because bodies hold passwords.
   */
  requestHash: string;
  /** The answer holds a secret: it is not kept. */
  isToldOnce: boolean;
  /** The answer went into the database together with what it tells of. */
  isStored: boolean;
  /** The lock was given back. */
  isReleased: boolean;
}

/** What the routes use of the backbone of src/backbone.ts. */
export interface BackboneParts {
  readonly events: EventBus<EventMap>;
  readonly messages: Messages;
  readonly link: DatabaseLink;
  readonly jobs: { failed(limit: number): Promise<FailedJob[]> };
  /** For the health report. */
  state(): Promise<{
    jobs: JobsState;
    messages: { store: 'postgres' | 'redis'; state: 'up' | 'down' };
    events: { state: RelayState };
  }>;
}

/** What the routes work with. */
export interface ApiParts {
  /** Tables that hold data of sites are read by `inScope` alone. */
  db: ForPeople<Pool>;
  clock: Clock;
  log: Log;
  cti: Cti;
  recordings: Recordings;
  /** Where received faxes lie. */
  faxesDir: string;
  /** Faxes that go out; undefined where there are no calls. */
  faxes?: Faxes;
  /** What happens now; every screen shows its part. */
  board: LiveBoard;
  latencies: Latencies;
  /** Which numbers outside may be dialled. */
  dialling: Dialling;
  /** Counts what callers keyed; left out where nobody calls. */
  pins?: { readonly metric: Counter<'result'> };
  /** Room for recordings; left out where there are none. */
  diskWatch?: { readonly disk: { state: DiskState; freeMb: number } };
  agents: Agents;
  /** How softphones register. */
  phones: { account(username: string, password: string): PhoneAccount };
  /** What switches show when they ask who may register. */
  directorySecret: string;
  /** Of secrets in the database. */
  sealer: Sealer;
  /** Whether anybody may open a telephone and call as anybody; if not, why. */
  demoPhones: 'open' | 'no_demo' | 'carrier' | 'setting';
  /** Where calls to numbers outside go. */
  outsideCalls: Health['outsideCalls'];
  /** Days whose calls, orders and campaigns are made up; left out where there are none. */
  demoHistory?: () => Promise<NonNullable<Health['demoHistory']> | undefined>;
  /** Other limits than usual, for tests. */
  realtime?: Partial<RealtimeLimits>;
  bodies?: Partial<BodyLimits>;
  /** Of one person, or of one address where nobody is logged in; 1200 unless a test says otherwise. */
  requestsPerMinute?: number;
  backbone: BackboneParts;
  /** Campaigns; missing where nothing can dial. */
  outbound?: Pick<Outbound, 'tests' | 'agentWork' | 'writeSoon'> & {
    /** One campaign is read by `campaignIn`, in the scope of whoever asks. */
    campaigns: Omit<Outbound['campaigns'], 'find'>;
  };
  flows?: Pick<FlowLibrary, 'live' | 'at'>;
  /** How people are written to, and what the gateway for texts signs with. */
  messaging?: {
    messages: Pick<Messaging, 'inbox' | 'metric'>;
    smsSign: string | undefined;
    paymentUrl: string;
    receiptSecret: string | undefined;
    /** Of whoever hands returned mails over. */
    mailSecret?: string | undefined;
  };
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** In the table of contract/routes.ts. */
    key?: RouteKey;
    /** What is asked for before anything of a body is read; null: no log-in. */
    permission?: Permission | null;
    /** The answer holds a secret: it is not kept for a repetition (idempotency.ts). */
    isToldOnce?: boolean;
    /** Takes websockets; no other address does. */
    isSocket?: boolean;
  }
  interface FastifyRequest {
    member: Member | undefined;
    /** Set while a write with an `Idempotency-Key` runs. */
    claim: Claim | undefined;
  }
}

export type { FastifyRequest };
