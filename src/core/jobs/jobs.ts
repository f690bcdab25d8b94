import { Queue, Worker, createPostgresBackend, type Job, type JobsOptions } from 'bullmq';
import type { Static, TObject } from 'typebox';
import { Value } from 'typebox/value';
import { AppError, messageOf } from '../errors.ts';
import {
  JobHandlerError,
  JobPayloadError,
  JobsFullError,
  JobsStoreError,
  JobTimeoutError,
} from './jobs.errors.ts';
import { checkIdsOnly, faultOf } from './job-payloads.ts';
import type { Log } from '../log.ts';
import { ignore } from '../ignore.ts';

export { idText } from './job-payloads.ts';

/**
 * Background jobs on BullMQ, on Postgres or on Redis; the only module that knows BullMQ. A job may
 * run more than once (its process may die before it says "done"), so a handler must bear that.
 */
export interface JobDefinition {
  /** Ids and whole numbers only: the facts are read from the database when the job runs. */
  payload: TObject;
  /** Tries in all, the first one counted. */
  attempts: number;
  /** Pause before the second try; doubles with every further one. */
  backoffMs: number;
  /** A try that takes longer is aborted and counts as failed. */
  limitMs: number;
  /** Runs by itself: five cron fields, in that zone. The payload must be empty. */
  repeat?: { pattern: string; timeZone: string };
  /** A queue of its own for what waits for others, so that no other job waits with it. */
  lane?: string;
}

export type JobDefinitions = Readonly<Record<string, JobDefinition>>;
export type JobName<Definitions> = keyof Definitions & string;
export type JobPayload<
  Definitions extends JobDefinitions,
  Name extends JobName<Definitions>,
> = Static<Definitions[Name]['payload']>;
export type JobHandler<Payload> = (
  payload: Payload,
  context: { signal: AbortSignal; attempt: number },
) => Promise<void>;

/** `Client`: the class of connections, see `src/db/steady-client.ts`. */
export type JobsStore =
  { kind: 'postgres'; url: string; Client: unknown } | { kind: 'redis'; url: string };

export interface JobsState {
  store: JobsStore['kind'];
  state: 'up' | 'down';
  waiting: number;
  running: number;
  /** Given up after the last try, and kept to be looked at. */
  failed: number;
}

export interface FailedJob {
  id: string;
  name: string;
  payload: unknown;
  attempts: number;
  reason: string;
  failedAt: Date;
}

/** What we use of BullMQ's classes, whichever store is behind them. */
type AnyQueue = Pick<
  Queue,
  | 'add'
  | 'close'
  | 'getFailed'
  | 'getJobCountByTypes'
  | 'getJobCounts'
  | 'getJobSchedulers'
  | 'removeJobScheduler'
  | 'upsertJobScheduler'
  | 'waitUntilReady'
>;
type AnyWorker = Pick<Worker, 'cancelAllJobs' | 'close' | 'waitUntilReady'>;

interface Lane {
  /** Of the queue in the store. */
  name: string;
  queue: AnyQueue;
  worker?: AnyWorker;
  /** Jobs that wait, as far as is known. */
  waiting: number;
  countedAt: number;
}

const prefix = 'lingting';
/** The lane of everything that names none. */
const main = '';
const usualConcurrency = 8;
/** More than ever waits in a healthy system; beyond it, taking on work only hides a fault. */
const maxWaiting = 100_000;
const countEveryMs = 1000;
/** What is kept to be looked at: failures for a month, successes for a day. */
const keep = { failed: { count: 1000, age: 30 * 86_400 }, done: { count: 200, age: 86_400 } };
/** A state must be told also while the store hangs. */
const stateLimitMs = 1000;
/** A database that recovers from a crash takes seconds; a wrong address never answers. */
const startLimitMs = 30_000;

export class Jobs<Definitions extends JobDefinitions> {
  readonly #definitions: Definitions;
  readonly #store: JobsStore;
  readonly #log: Log;
  readonly #handlers = new Map<string, JobHandler<unknown>>();
  readonly #concurrency: Readonly<Record<string, number>>;
  #lanes = new Map<string, Lane>();
  #lastComplaint = 0;

  /**
   * Throws `jobs.bad_payload` when a definition allows more than ids and numbers.
   *
   * @param concurrency by lane: how many jobs run at once; 8 where it is not said.
   */
  constructor(
    definitions: Definitions,
    {
      store,
      log,
      concurrency = {},
    }: { store: JobsStore; log: Log; concurrency?: Readonly<Record<string, number>> },
  ) {
    for (const [name, { payload }] of Object.entries(definitions)) checkIdsOnly(name, payload);
    this.#definitions = definitions;
    this.#store = store;
    this.#log = log;
    this.#concurrency = concurrency;
  }

  /** Says who does a job; before `start`. Throws `jobs.bad_handlers` for a second handler. */
  handle<Name extends JobName<Definitions>>(
    name: Name,
    handler: JobHandler<JobPayload<Definitions, Name>>,
  ): void {
    if (this.#handlers.has(name)) throw new JobHandlerError([], [name]);
    this.#handlers.set(name, (payload, context) => handler(this.#parse(name, payload), context));
  }

  /**
   * Begins to work. Throws `jobs.bad_handlers` unless every job has exactly one handler, and
   * `jobs.no_store` when the store does not answer.
   */
  async start(): Promise<void> {
    const missing = Object.keys(this.#definitions).filter((name) => !this.#handlers.has(name));
    if (missing.length > 0) throw new JobHandlerError(missing, []);
    const isOpen = await limited(this.#open(), startLimitMs);
    if (isOpen === undefined) throw new JobsStoreError(this.#store.kind, startLimitMs);
  }

  async #open(): Promise<true> {
    const wanted = new Set([main, ...Object.values(this.#definitions).map(laneOf)]);
    for (const key of wanted) {
      const lane = this.#openLane(key);
      await lane.queue.waitUntilReady();
      await this.#schedule(key, lane.queue);
      lane.worker = this.#openWorker(lane.name, this.#concurrency[key] ?? usualConcurrency);
      await lane.worker.waitUntilReady();
    }
    return true;
  }

  /**
   * Hands a job over. While one with the same `key` waits or runs, a further one is dropped.
   * Throws `jobs.bad_payload`, or `jobs.full`, which may be tried again later.
   */
  async add<Name extends JobName<Definitions>>(
    name: Name,
    payload: JobPayload<Definitions, Name>,
    { key, delayMs }: { key?: string; delayMs?: number } = {},
  ): Promise<void> {
    const lane = this.#started(laneOf(this.#definitions[name]));
    await this.#refuseWhenFull(lane);
    await lane.queue.add(name, this.#parse(name, payload), {
      ...this.#options(name),
      ...(key === undefined ? {} : { deduplication: { id: `${name}/${key}` } }),
      ...(delayMs === undefined ? {} : { delay: delayMs }),
    });
  }

  async state(): Promise<JobsState> {
    const down = { store: this.#store.kind, state: 'down', waiting: 0, running: 0, failed: 0 };
    const counting = Promise.all(
      [...this.#lanes.values()].map(({ queue }) =>
        queue.getJobCounts('waiting', 'delayed', 'active', 'failed'),
      ),
    );
    const all = await limited(ignore(counting, 'counted again at the next look'), stateLimitMs);
    if (all === undefined || all.length === 0) return down as JobsState;
    const count = (name: string) => all.reduce((sum, counts) => sum + (counts[name] ?? 0), 0);
    return {
      store: this.#store.kind,
      state: 'up',
      waiting: count('waiting') + count('delayed'),
      running: count('active'),
      failed: count('failed'),
    };
  }

  /** Jobs given up, the latest first. */
  async failed(limit: number): Promise<FailedJob[]> {
    this.#started(main);
    const found = await Promise.all(
      [...this.#lanes.values()].map(({ queue }) => queue.getFailed(0, limit - 1)),
    );
    return (found.flat() as Job<unknown>[])
      .map((job) => ({
        id: job.id ?? '',
        name: job.name,
        payload: job.data,
        attempts: job.attemptsMade,
        reason: job.failedReason,
        failedAt: new Date(job.finishedOn ?? job.timestamp),
      }))
      .sort((a, b) => b.failedAt.getTime() - a.failedAt.getTime())
      .slice(0, limit);
  }

  /** Waits for what runs, aborts it after the limit, and lets go of the store. */
  async close({ limitMs = 10_000 }: { limitMs?: number } = {}): Promise<void> {
    const lanes = [...this.#lanes.values()];
    const workers = lanes.flatMap(({ worker }) => worker ?? []);
    // Their results are still written; nothing more is taken on.
    for (const lane of lanes) delete lane.worker;
    const timer = setTimeout(() => {
      for (const worker of workers) worker.cancelAllJobs('the service stops');
    }, limitMs);
    const complain = (error: unknown) => this.#complain(error);
    await Promise.all(workers.map((worker) => worker.close().catch(complain)));
    clearTimeout(timer);
    this.#lanes = new Map();
    await Promise.all(lanes.map(({ queue }) => queue.close().catch(complain)));
  }

  #openLane(key: string): Lane {
    const name = key === main ? prefix : `${prefix}-${key}`;
    const connection = this.#connection({ isWorker: false });
    const queue =
      this.#store.kind === 'postgres'
        ? new Queue(name, { connection }, createPostgresBackend)
        : new Queue(name, { connection, prefix });
    queue.on('error', (error) => this.#complain(error));
    const lane: Lane = { name, queue, waiting: 0, countedAt: 0 };
    this.#lanes.set(key, lane);
    return lane;
  }

  #openWorker(name: string, concurrency: number): AnyWorker {
    const work = (job: Job<unknown>, _token?: string, signal?: AbortSignal) =>
      this.#run(job, signal);
    const options = {
      connection: this.#connection({ isWorker: true }),
      concurrency,
      // A job whose process died is taken up again; one that kills its process is not for ever.
      maxStalledCount: 3,
    };
    const worker =
      this.#store.kind === 'postgres'
        ? new Worker(name, work, options, createPostgresBackend)
        : new Worker(name, work, { ...options, prefix });
    worker.on('error', (error) => this.#complain(error));
    worker.on('failed', (job, error) => this.#tellFailure(job, error));
    return worker;
  }

  #connection({ isWorker }: { isWorker: boolean }): Record<string, unknown> {
    if (this.#store.kind === 'postgres') {
      return {
        Client: this.#store.Client,
        connectionString: this.#store.url,
        migrate: true,
        max: isWorker ? 3 : 2,
        connectionTimeoutMillis: 10_000,
      };
    }
    // A worker waits for Redis for ever; one who hands over a job is told at once.
    return { url: this.#store.url, maxRetriesPerRequest: null, enableOfflineQueue: isWorker };
  }

  /** Schedules of today's definitions; those of an older version end. */
  async #schedule(lane: string, queue: AnyQueue): Promise<void> {
    const repeating = Object.entries(this.#definitions).filter(
      ([, one]) => one.repeat !== undefined && laneOf(one) === lane,
    );
    for (const [name, { repeat }] of repeating) {
      const when = { pattern: repeat?.pattern ?? '', tz: repeat?.timeZone ?? 'UTC' };
      await queue.upsertJobScheduler(name, when, { name, data: {}, opts: this.#options(name) });
    }
    const wanted = new Set(repeating.map(([name]) => name));
    for (const { key } of await queue.getJobSchedulers(0, 1000)) {
      if (!wanted.has(key)) await queue.removeJobScheduler(key);
    }
  }

  #options(name: string): Pick<JobsOptions, 'attempts' | 'backoff'> & JobsOptions {
    const definition = this.#definitions[name];
    return {
      attempts: definition?.attempts ?? 1,
      backoff: { type: 'exponential', delay: definition?.backoffMs ?? 1000, jitter: 0.2 },
      removeOnComplete: keep.done,
      removeOnFail: keep.failed,
      sizeLimit: 2048,
    };
  }

  async #run(job: Job<unknown>, signal: AbortSignal | undefined): Promise<void> {
    const handler = this.#handlers.get(job.name);
    // Left by another version of this program: it fails, stays visible, and that version may retry.
    if (handler === undefined) throw new JobHandlerError([job.name], []);
    const limitMs = this.#definitions[job.name]?.limitMs ?? 60_000;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new JobTimeoutError(job.name, limitMs)), limitMs);
    signal?.addEventListener('abort', () => abort.abort(signal.reason));
    const aborted = new Promise<never>((_resolve, reject) => {
      abort.signal.addEventListener('abort', () => reject(asError(abort.signal.reason)));
    });
    const context = { signal: abort.signal, attempt: job.attemptsMade + 1 };
    await Promise.race([handler(job.data, context), aborted]).finally(() => clearTimeout(timer));
  }

  #tellFailure(job: Job<unknown> | undefined, error: Error): void {
    const about = { job: job?.name, jobId: job?.id, attempt: job?.attemptsMade };
    const isLast = job === undefined || job.finishedOn !== undefined;
    if (isLast) this.#log.error({ ...about, err: error }, 'job failed for good');
    else this.#log.warn({ ...about, reason: error.message }, 'job failed, it is tried again');
  }

  #parse<Name extends JobName<Definitions>>(
    name: Name,
    payload: unknown,
  ): JobPayload<Definitions, Name> {
    const schema = this.#definitions[name]?.payload;
    if (schema === undefined || !Value.Check(schema, payload)) {
      throw new JobPayloadError(name, schema === undefined ? '' : faultOf(schema, payload));
    }
    return payload as JobPayload<Definitions, Name>;
  }

  async #refuseWhenFull(lane: Lane): Promise<void> {
    if (Date.now() - lane.countedAt > countEveryMs) {
      lane.countedAt = Date.now();
      lane.waiting = await lane.queue.getJobCountByTypes('waiting', 'delayed');
    }
    lane.waiting += 1;
    if (lane.waiting > maxWaiting) throw new JobsFullError(maxWaiting);
  }

  #started(key: string): Lane {
    const lane = this.#lanes.get(key);
    if (lane === undefined) {
      throw new AppError({
        code: 'jobs.not_started',
        status: 503,
        message: 'Jobs are not running in this process.',
        retryable: true,
      });
    }
    return lane;
  }

  /** A store that is away complains many times a second; once in five seconds is enough. */
  #complain(error: unknown): void {
    if (Date.now() - this.#lastComplaint < 5000) return;
    this.#lastComplaint = Date.now();
    this.#log.warn({ reason: messageOf(error) }, 'job store error');
  }
}

function laneOf(definition: JobDefinition | undefined): string {
  return definition?.lane ?? main;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** The result, or undefined after the limit. */
async function limited<T>(promise: Promise<T> | undefined, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
