import { STATUS_CODES } from 'node:http';
import { AppError } from '../core/errors.ts';

/** RFC 9457, with our stable `code`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  [extra: string]: unknown;
}

/** What the client is told of an error: ours in full, a stranger's not at all. */
export function problemOf(error: unknown): Problem {
  if (error instanceof AppError) {
    return problem(error.status, error.code, error.message, error.details);
  }
  const { statusCode, code, message, validation } = error as {
    statusCode?: number;
    code?: string;
    message?: string;
    validation?: readonly Fault[];
  };
  if (validation !== undefined) {
    const field = fieldOf(validation[0]);
    return problem(400, 'request.invalid', message ?? 'The request is wrong.', { field });
  }
  // Class 22 of SQL: a value that the database cannot hold, such as a number out of range.
  if (error instanceof Error && 'severity' in error && /^22[0-9A-Z]{3}$/.test(code ?? '')) {
    const words = 'A value of the request is out of range or not of its kind.';
    return problem(400, 'request.invalid', words, { field: '' });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const name =
      code === 'FST_ERR_CTP_INVALID_JSON_BODY' ? 'request.bad_json' : `http.${statusCode}`;
    return problem(statusCode, name, message ?? '');
  }
  return problem(500, 'server.failed', 'Something went wrong here; the log says what.');
}

interface Fault {
  instancePath: string;
  message?: string;
  params?: {
    requiredProperties?: readonly string[];
    additionalProperties?: readonly string[];
  };
}

/** `homes.0.validFrom`: what is wrong, what is missing, or what nobody asked for. */
function fieldOf(fault: Fault | undefined): string {
  const { requiredProperties = [], additionalProperties = [] } = fault?.params ?? {};
  const inner = requiredProperties[0] ?? additionalProperties[0];
  return [...(fault?.instancePath.split('/') ?? []), inner ?? '']
    .filter((part) => part !== '')
    .join('.');
}

export function problem(
  status: number,
  code: string,
  detail: string,
  extra: Record<string, unknown> = {},
): Problem {
  return {
    ...extra,
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail,
    code,
  };
}
