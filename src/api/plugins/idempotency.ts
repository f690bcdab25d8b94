import { AppError, messageOf } from '../../core/errors.ts';
import type { Sealer } from '../../core/seal.ts';
import {
  forPeople,
  type DatabaseLink,
  type Db,
  type ForPeople,
  type Pool,
} from '../../db/index.ts';
import type { ApiParts, FastifyRequest, Server } from '../api.types.ts';
import { ignore } from '../../core/ignore.ts';

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

export class IdempotencyError extends AppError {
  constructor(
    reason: 'bad_key' | 'key_reused' | 'in_progress' | 'told_once',
    { status, message }: { status: number; message: string },
  ) {
    super({
      code: `idempotency.${reason}`,
      status,
      message,
      details: { field: 'Idempotency-Key' },
      retryable: reason === 'in_progress',
    });
  }
}

const writes = new Set(['POST', 'PATCH', 'PUT', 'DELETE']);
/** They depend on who asks when, not on the request: a repetition is judged afresh. */
const notKept = new Set([401, 403, 408, 429]);

/**
 * Every write may carry an `Idempotency-Key`: a repetition gets the first answer again and does nothing.
 * While the first still runs, by whichever process, it is told so; a lock of the session
 * says that, so a crash frees the key at once. What `transact` writes, it writes exactly once.
 * Answers with a secret are told once (`isToldOnce` of the route): a repetition is told to ask anew.
 */
export function installIdempotency(server: Server, { db, backbone, log, sealer }: ApiParts): void {
  const locks = new KeyLocks(backbone.link);
  server.decorateRequest('claim', undefined);
  server.addHook('preHandler', async (request, reply) => {
    const claim = claimOf(request, sealer);
    if (claim === undefined) return;
    if (!(await locks.take(nameOf(claim)))) {
      void reply.header('retry-after', '1');
      throw inProgress();
    }
    request.claim = claim;
    const before = await answerOf(db, claim);
    if (before === undefined) return;
    claim.isStored = true;
    if (before.requestHash !== claim.requestHash) {
      throw new IdempotencyError('key_reused', {
        status: 422,
        message: 'This Idempotency-Key was used for another request; take a new one.',
      });
    }
    const status = before.status ?? 200;
    if (claim.isToldOnce && status < 400) throw toldOnce();
    void reply.status(status).header('idempotency-replayed', 'true');
    // Returning the reply is how a hook ends a request.
    return reply.send(before.body ?? undefined);
  });
  // Before the answer leaves: who has it may repeat the request at once, and gets it again.
  server.addHook('onSend', async (request, reply, payload) => {
    const { claim } = request;
    if (claim === undefined) return;
    const status = reply.statusCode;
    if (!claim.isStored && status < 500 && !notKept.has(status)) {
      const isKept = !claim.isToldOnce || status >= 400;
      const text = isKept && typeof payload === 'string' && payload !== '' ? payload : 'null';
      await keepAnswer(db, claim, status, text).catch((error: unknown) => {
        log.warn({ reason: messageOf(error) }, 'answer not kept for its idempotency key');
      });
    }
    await release(request);
  });
  // A client that hung up gets no answer, but its key is free.
  server.addHook('onResponse', release);

  /** Once: the lock may be another request's by the second time. */
  async function release({ claim }: FastifyRequest): Promise<void> {
    if (claim === undefined || claim.isReleased) return;
    claim.isReleased = true;
    await ignore(locks.release(nameOf(claim)), 'the claim ends by itself');
  }
}

/**
 * Runs the writes of a request in one transaction, together with the answer for its repetition:
 * whatever happens, both are there or neither. Set the reply's status before.
 */
export function transact<Body>(
  db: Pool,
  { request, reply }: { request: FastifyRequest; reply: { statusCode: number } },
  work: (trx: ForPeople<Db>) => Promise<Body>,
): Promise<Body> {
  const { claim } = request;
  return db
    .transaction()
    .execute(async (trx) => {
      if (claim !== undefined) await reserve(trx, claim);
      const body = await work(forPeople(trx));
      if (claim !== undefined) await complete(trx, claim, reply.statusCode, body);
      return body;
    })
    .then((body) => {
      if (claim !== undefined) claim.isStored = true;
      return body;
    });
}

/** Keys that are in use: known at once within this process, by the database across processes. */
class KeyLocks {
  readonly #link: DatabaseLink;
  readonly #mine = new Set<string>();

  constructor(link: DatabaseLink) {
    this.#link = link;
  }

  async take(name: string): Promise<boolean> {
    // The same session may take the same lock twice, so its own are remembered here.
    if (this.#mine.has(name)) return false;
    this.#mine.add(name);
    try {
      const [row] = await this.#link.query<{ taken: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
        [name],
      );
      if (row?.taken === true) return true;
    } catch (error) {
      this.#mine.delete(name);
      throw error;
    }
    this.#mine.delete(name);
    return false;
  }

  async release(name: string): Promise<void> {
    if (!this.#mine.has(name)) return;
    try {
      await this.#link.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    } finally {
      this.#mine.delete(name);
    }
  }
}

function claimOf(request: FastifyRequest, sealer: Sealer): Claim | undefined {
  const key = request.headers['idempotency-key'];
  const { member } = request;
  if (key === undefined || member === undefined || !writes.has(request.method)) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new IdempotencyError('bad_key', {
      status: 400,
      message: 'Idempotency-Key must be 1 to 255 visible ASCII characters, such as a UUID.',
    });
  }
  const { role, siteIds } = member;
  const seen = { role, siteIds: siteIds === null ? null : [...siteIds].sort() };
  const facts = JSON.stringify([request.method, request.url, sorted(request.body ?? null), seen]);
  const requestHash = sealer.mac(facts, 'idempotency');
  const { isToldOnce = false } = request.routeOptions.config;
  return { staffId: member.id, key, requestHash, isToldOnce, isStored: false, isReleased: false };
}

/** Objects with their keys in order, so that the same facts give the same hash. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function nameOf({ staffId, key }: Claim): string {
  return `idempotency/${staffId}/${key}`;
}

function inProgress(): IdempotencyError {
  return new IdempotencyError('in_progress', {
    status: 409,
    message: 'A request with this Idempotency-Key still runs; repeat it in a second.',
  });
}

function toldOnce(): IdempotencyError {
  return new IdempotencyError('told_once', {
    status: 409,
    message:
      'This was done, and its answer held a secret, which is told once. Ask again with a new Idempotency-Key.',
  });
}

function answerOf(db: Db, { staffId, key }: Claim) {
  return db
    .selectFrom('idempotencyKey')
    .select(['requestHash', 'status', 'body'])
    .where('staffId', '=', staffId)
    .where('key', '=', key)
    .executeTakeFirst();
}

async function reserve(trx: Db, { staffId, key, requestHash }: Claim): Promise<void> {
  const row = await trx
    .insertInto('idempotencyKey')
    .values({ staffId, key, requestHash })
    .onConflict((conflict) => conflict.columns(['staffId', 'key']).doNothing())
    .returning('key')
    .executeTakeFirst();
  // Its first run outlived the lock, because the client had hung up: it has answered by now.
  if (row === undefined) throw inProgress();
}

async function complete(
  trx: Db,
  { staffId, key, isToldOnce }: Claim,
  status: number,
  body: unknown,
): Promise<void> {
  await trx
    .updateTable('idempotencyKey')
    .set({ status, body: isToldOnce ? 'null' : JSON.stringify(body ?? null) })
    .where('staffId', '=', staffId)
    .where('key', '=', key)
    .execute();
}

async function keepAnswer(
  db: Db,
  { staffId, key, requestHash }: Claim,
  status: number,
  body: string,
): Promise<void> {
  await db
    .insertInto('idempotencyKey')
    .values({ staffId, key, requestHash, status, body })
    .onConflict((conflict) => conflict.columns(['staffId', 'key']).doNothing())
    .execute();
}
