import type { FastifyInstance, FastifyRequest, RawServerDefault, FastifyBaseLogger } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { Registry } from 'prom-client';
import type { LiveBoard } from '../agents/index.ts';
import type { Module } from '../contract/route.ts';
import type { RouteKey } from '../contract/routes.ts';
import type { Clock } from '../core/clock.ts';
import type { Latencies } from '../core/latencies.ts';
import type { Log } from '../core/log.ts';
import type { Sealer } from '../core/seal.ts';
import type { DatabaseLink, ForPeople, Pool } from '../db/index.ts';
import type { Member, Permission } from '../organisation/index.ts';
import type { RealtimeHub, RealtimeLimits } from './realtime/hub.ts';

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

/** What every route works with. */
export interface RouteParts {
  /** Tables that hold data of sites are read by `inScope` alone. */
  db: ForPeople<Pool>;
  clock: Clock;
  log: Log;
  /** What this service counts, for `/metrics`. */
  registry: Registry;
  /** The screens that are connected. */
  hub: Pick<RealtimeHub, 'disconnect'>;
}

/** Registers the routes of one wing; made by a function that takes what else they need. */
export type Wing = (server: Server, parts: RouteParts) => void;

/** What the API itself works with; the wings bring their own. */
export interface ApiParts {
  db: Pool;
  clock: Clock;
  log: Log;
  /** For locks that end with this process. */
  link: DatabaseLink;
  /** Of secrets in the database. */
  sealer: Sealer;
  /** What every screen shows its part of, and how soon it did. */
  screens: {
    board: LiveBoard;
    latencies: Pick<Latencies, 'popWritten'>;
    /** Where they are not as usual. */
    limits?: Partial<RealtimeLimits> | undefined;
  };
  /** Other limits than usual. */
  limits?:
    | {
        bodies?: Partial<BodyLimits> | undefined;
        /** Of one person, or of one address where nobody is logged in; 1200 unless a test says otherwise. */
        requestsPerMinute?: number | undefined;
      }
    | undefined;
  /** Modules that this service runs without: their wings are left out. */
  off?: readonly Module[];
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
