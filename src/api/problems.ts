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
    validation?: readonly { instancePath: string; message?: string }[];
  };
  if (validation !== undefined) {
    const [first] = validation;
    const field = first?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? '';
    return problem(400, 'request.invalid', message ?? 'The request is wrong.', { field });
  }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    const name =
      code === 'FST_ERR_CTP_INVALID_JSON_BODY' ? 'request.bad_json' : `http.${statusCode}`;
    return problem(statusCode, name, message ?? '');
  }
  return problem(500, 'server.failed', 'Something went wrong here; the log says what.');
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
