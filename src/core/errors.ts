/**
 * The one error class that crosses folders. Each folder declares its own errors with `defineError`
 * in `<thing>.errors.ts`; only the edge (api, cti) turns them into replies.
 */
export interface AppErrorOptions {
  /** Stable, machine readable, `noun.reason`, e.g. `work_order.not_found`. Documented in docs/errors.md. */
  code: string;
  /** HTTP status that the API answers with. */
  status: number;
  /** What went wrong and how to mend it, for a person. Must not hold personal data. */
  message: string;
  /** Extra facts that are safe to show. */
  details?: Record<string, unknown>;
  /** Whether the same call may succeed later. */
  retryable?: boolean;
  cause?: unknown;
}

export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: Record<string, unknown>;
  readonly retryable: boolean;

  constructor(options: AppErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = options.code;
    this.status = options.status;
    this.details = options.details ?? {};
    this.retryable = options.retryable ?? false;
  }
}

/** For the end of a `switch` over a union: does not compile when a case is missing. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
