import pino from 'pino';

/**
 * The log. Personal data (phone numbers, names, digits, speech) goes only under a `pii` key,
 * never into a message, so that a collector can drop it: `log.info({ callId, pii: { from } }, '…')`.
 */
export type Log = pino.Logger;

export interface LogOptions {
  level: string;
  /** Human readable lines instead of JSON. */
  isPretty: boolean;
  /** Leave out everything under `pii`. */
  isPiiHidden: boolean;
}

export function createLog(options: LogOptions): Log {
  return pino({
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(options.isPiiHidden ? { redact: { paths: ['pii', '*.pii'], remove: true } } : {}),
    ...(options.isPretty
      ? {
          transport: {
            target: 'pino-pretty',
            options: { translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname' },
          },
        }
      : {}),
  });
}

/** For tests and scripts that want no output. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}
