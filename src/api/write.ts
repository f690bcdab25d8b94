/** The one way in which the API changes rows. What is no transaction over rows is a command, with its reason. */
import type { FastifyReply } from 'fastify';
import type { Static, TSchema } from 'typebox';
import type { Route } from '../contract/route.ts';
import { routes, type RouteKey, type Routes } from '../contract/routes.ts';
import { StaleError } from '../core/changes.ts';
import { AppError, messageOf } from '../core/errors.ts';
import { forWrites, withoutSites, type Db, type ForWrites, type Scope } from '../db/index.ts';
import { audit, type Member } from '../organisation/index.ts';
import { memberOf, scopeOf } from './access.ts';
import type { RouteParts, FastifyRequest, Server } from './api.types.ts';
import type { CommandKey } from './commands.ts';
import { once } from './plugins/idempotency.ts';
import { register, type RequestOf, type WriteKey } from './route.ts';
import { refusalOf } from './sites.ts';

export type RowKey = Exclude<WriteKey, CommandKey>;

type Responses<Key extends RouteKey> = Routes[Key]['responses'];
/** What the table says that a route answers when it has done what it was asked. */
export type Answer<Key extends RouteKey> =
  Responses<Key>[keyof Responses<Key>] extends infer Schema extends TSchema
    ? Static<Schema>
    : never;

export interface Asked<Key extends RouteKey> {
  request: RequestOf<Key>;
  member: Member;
  scope: Scope;
}

export interface Writing<Key extends RouteKey> extends Asked<Key> {
  /** The transaction of the whole write. Ask the database by this alone: a second connection may not be free. */
  trx: ForWrites<Db>;
  /** Who did what to what. */
  audit: (act: string, subject: string, details?: Record<string, unknown>) => Promise<void>;
  /** What follows once it is committed, before the answer leaves. Should it fail, the answer says still what was done. */
  afterwards: (follow: () => Promise<void> | void) => void;
}

export interface Write<Key extends RouteKey, Prepared> {
  /** What takes its time, or has to stand although the write is refused, such as a count of wrong passwords. */
  before?: (asked: Asked<Key>) => Promise<Prepared> | Prepared;
  work: (writing: Writing<Key>, prepared: Prepared) => Promise<Answer<Key>>;
  /** What stands there, for whoever changes what somebody else has changed meanwhile (`StaleError`). */
  present?: (asked: Asked<Key>) => Promise<unknown>;
}

/**
 * Registers a write. Its rows, its audit entry, its events and the answer for its repetition are in one transaction:
 * whatever happens, all are there or none. The status is that of the table.
 */
export function write<Key extends RowKey, Prepared = undefined>(
  server: Server,
  parts: Pick<RouteParts, 'db' | 'clock' | 'log'>,
  key: Key,
  given: Write<Key, Prepared> | Write<Key, undefined>['work'],
): void {
  const { before, work, present } = (
    typeof given === 'function' ? { work: given } : given
  ) as Write<Key, Prepared>;
  const { db, clock, log } = parts;
  const pool = withoutSites(db, 'the guard has held to their sites what the request names');
  const status = successOf(key);
  register(server, key, async (request: FastifyRequest, reply: FastifyReply) => {
    const member = memberOf(request);
    const asked = { request, member, scope: scopeOf(request) } as unknown as Asked<Key>;
    const refused = async (error: unknown): Promise<never> => {
      const reason = await refusalOf(db, request, error);
      throw present === undefined ? reason : await withPresent(reason, () => present(asked));
    };
    const prepared = (await (async () => before?.(asked))().catch(refused)) as Prepared;
    const follow: (() => Promise<void> | void)[] = [];
    const { claim } = request;
    const body = await pool
      .transaction()
      .execute((trx) =>
        once(trx, claim, status, () =>
          work(
            {
              ...asked,
              trx: forWrites(trx),
              audit: (act, subject, details = {}) =>
                audit(trx, clock, { staffId: member.id, act, subject, details }),
              afterwards: (one) => void follow.push(one),
            },
            prepared,
          ),
        ),
      )
      .catch(refused);
    if (claim !== undefined) claim.isStored = true;
    for (const one of follow) {
      try {
        await one();
      } catch (error) {
        log.error({ reason: messageOf(error), route: key }, 'follow-up of a write failed');
      }
    }
    return reply.status(status).send(body);
  });
}

/** The first of the responses that the table names for a success. */
export function successOf(key: RouteKey): number {
  const { responses }: Route = routes[key];
  const status = Object.keys(responses)
    .map(Number)
    .find((one) => one >= 200 && one < 300);
  if (status === undefined) throw new Error(`${key} has no success in contract/routes.ts`);
  return status;
}

/** A refusal of a stale write, with what stands there now. */
async function withPresent(error: unknown, present: () => Promise<unknown>): Promise<unknown> {
  if (!(error instanceof StaleError)) return error;
  const { code, status, message, details } = error;
  return new AppError({ code, status, message, details: { ...details, present: await present() } });
}
