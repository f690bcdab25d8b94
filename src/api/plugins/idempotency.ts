import { AppError, messageOf } from '../../core/errors.ts';
import type { Sealer } from '../../core/seal.ts';
import {
  answerOf,
  completeKey,
  keepAnswer,
  NamedLocks,
  reserveKey,
  withoutSites,
  type Db,
} from '../../db/index.ts';
import type { ApiParts, Claim, FastifyRequest, RouteParts, Server } from '../api.types.ts';
import { ignore } from '../../core/ignore.ts';

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

interface IdempotencyParts extends Pick<ApiParts, 'link' | 'log' | 'sealer'> {
  db: RouteParts['db'];
}

/**
 * Every write may carry an `Idempotency-Key`: a repetition gets the first answer again and does nothing.
 * While the first still runs, by whichever process, it is told so; a lock of the session
 * says that, so a crash frees the key at once. What `write` (write.ts) does, it does exactly once.
 * Answers with a secret are told once (`isToldOnce` of the route): a repetition is told to ask anew.
 */
export function installIdempotency(server: Server, parts: IdempotencyParts): void {
  const { db, link, log, sealer } = parts;
  const keys = withoutSites(
    db,
    'an answer is found by who asked, with the sites that they have now',
  );
  const locks = new NamedLocks(link);
  server.decorateRequest('claim', undefined);
  server.addHook('preHandler', async (request, reply) => {
    const claim = claimOf(request, sealer);
    if (claim === undefined) return;
    if (!(await locks.take(nameOf(claim)))) {
      void reply.header('retry-after', '1');
      throw inProgress();
    }
    request.claim = claim;
    const before = await answerOf(keys, claim);
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
      const body = isKept && typeof payload === 'string' && payload !== '' ? payload : 'null';
      const { requestHash } = claim;
      await keepAnswer(keys, claim, { requestHash, status, body }).catch((error: unknown) => {
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

/** Runs the work of a claim in the transaction at hand, with the answer for its repetition. */
export async function once<Body>(
  trx: Db,
  claim: Claim | undefined,
  status: number,
  work: () => Promise<Body>,
): Promise<Body> {
  // Its first run outlived the lock, because the client had hung up: it has answered by now.
  if (claim !== undefined && !(await reserveKey(trx, claim))) throw inProgress();
  const body = await work();
  if (claim !== undefined) {
    const kept = claim.isToldOnce ? 'null' : JSON.stringify(body ?? null);
    await completeKey(trx, claim, { status, body: kept });
  }
  return body;
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
