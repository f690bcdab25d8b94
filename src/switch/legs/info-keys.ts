import { keyNames } from '../rtp/index.ts';

/** The longest body that is looked into; a key needs 30 characters. */
const maxBody = 1000;
const names: readonly string[] = ['signal', 'd'];
const defaultMs = 160;
const longestMs = 60_000;

/**
 * A key in the body of an INFO: `application/dtmf-relay` (`Signal=5`, `Duration=160`) and
 * `application/dtmf` (`5`, or `d=5`). Numbers are event codes (RFC 4733 table 3): 10 is `*`, 11 is `#`,
 * 12 to 15 are A to D, 16 (hook flash) and above are no keys.
 */
export function infoKey(
  contentType: string,
  body: string,
): { digit: string; durationMs: number } | undefined {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/dtmf-relay' && type !== 'application/dtmf') return undefined;
  let digit: string | undefined;
  let durationMs = defaultMs;
  for (const line of body.slice(0, maxBody).split(/\r?\n|\r/)) {
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(0, at)).trim().toLowerCase();
    const value = line.slice(at + 1).trim();
    if (name === 'duration') durationMs = durationOf(value) ?? durationMs;
    else if (names.includes(name) || (at < 0 && type === 'application/dtmf')) {
      digit ??= digitOf(value);
    }
  }
  return digit === undefined ? undefined : { digit, durationMs };
}

function digitOf(value: string): string | undefined {
  if (/^\d{1,2}$/.test(value)) return keyNames[Number(value)];
  return /^[*#a-d]$/i.test(value) ? value.toUpperCase() : undefined;
}

function durationOf(value: string): number | undefined {
  if (!/^\d{1,5}$/.test(value) || Number(value) === 0) return undefined;
  return Math.min(Number(value), longestMs);
}
