import { AppError } from '../errors.ts';

export class JobHandlerError extends AppError {
  constructor(missing: readonly string[], twice: readonly string[]) {
    super({
      code: 'jobs.bad_handlers',
      status: 500,
      message: [
        ...missing.map((name) => `The job "${name}" has no handler; add one in src/app.ts.`),
        ...twice.map((name) => `The job "${name}" has two handlers; remove one.`),
      ].join(' '),
      details: { missing, twice },
    });
  }
}

export class JobPayloadError extends AppError {
  constructor(name: string, fault: string) {
    super({
      code: 'jobs.bad_payload',
      status: 500,
      message: `The payload of the job "${name}" does not fit src/jobs.ts: ${fault}.`,
      details: { job: name },
    });
  }
}

export class JobTimeoutError extends AppError {
  constructor(name: string, limitMs: number) {
    super({
      code: 'jobs.timeout',
      status: 500,
      message: `The job "${name}" took longer than ${limitMs} ms.`,
      retryable: true,
    });
  }
}

export class JobsFullError extends AppError {
  constructor(limit: number) {
    super({
      code: 'jobs.full',
      status: 503,
      message: `More than ${limit} jobs wait already; find out why they are not done.`,
      retryable: true,
    });
  }
}

export class JobsStoreError extends AppError {
  constructor(kind: 'postgres' | 'redis', limitMs: number) {
    const setting = kind === 'redis' ? 'REDIS_URL' : 'DATABASE_URL';
    super({
      code: 'jobs.no_store',
      status: 500,
      message: `The job queue got no answer from ${kind} within ${limitMs / 1000} s; check ${setting}.`,
    });
  }
}
