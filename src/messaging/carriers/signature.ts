import { createHmac, timingSafeEqual } from 'node:crypto';

/** How old a signature may be, either way: clocks differ, and a stolen request soon is worthless. */
const toleranceSec = 300;

/** `t=<seconds>,v1=<hex>`: HMAC-SHA256 of `<seconds>.<body>`; see docs/messages.md. */
export function sign(secret: string, body: string | Buffer, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000);
  return `t=${seconds},v1=${digest(secret, seconds, body).toString('hex')}`;
}

export function isSignedBy(
  secret: string,
  { signature, body, now }: { signature: string | undefined; body: string | Buffer; now: Date },
): boolean {
  const match = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/.exec(signature ?? '');
  if (match === null) return false;
  const [, seconds = '', given = ''] = match;
  const isFresh = Math.abs(now.getTime() / 1000 - Number(seconds)) <= toleranceSec;
  const isRight = timingSafeEqual(digest(secret, Number(seconds), body), Buffer.from(given, 'hex'));
  return isFresh && isRight;
}

function digest(secret: string, seconds: number, body: string | Buffer): Buffer {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
}
