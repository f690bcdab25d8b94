import type { FastifyInstance, FastifyRequest, RawServerDefault, FastifyBaseLogger } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { LiveBoard } from '../agents/index.ts';
import type { Clock } from '../core/clock.ts';
import type { JobsState } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import type { Cti } from '../cti/index.ts';
import type { Pool } from '../db/index.ts';
import type { Recordings } from '../recording/index.ts';
import type { Member } from '../staff/index.ts';
import type { RealtimeLimits } from './realtime/hub.ts';

export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What the routes work with. */
export interface ApiParts {
  db: Pool;
  clock: Clock;
  log: Log;
  cti: Cti;
  recordings: Recordings;
  /** What happens now; every screen shows its part. */
  board: LiveBoard;
  /** Other limits than usual, for tests. */
  realtime?: Partial<RealtimeLimits>;
  jobs: { state(): Promise<JobsState> };
}

declare module 'fastify' {
  interface FastifyRequest {
    member: Member | undefined;
  }
}

export type { FastifyRequest };
