/** Calls per second, with a small reserve for a burst. Plain data: whoever keeps it passes the time. */
export interface Bucket {
  readonly perSecond: number;
  readonly size: number;
  readonly tokens: number;
  /** Milliseconds of any clock that only goes forward. */
  readonly atMs: number;
}

export function fullBucket(perSecond: number, atMs: number): Bucket {
  const size = Math.max(1, perSecond);
  return { perSecond, size, tokens: size, atMs };
}

/** Takes up to `wanted` tokens. A clock that goes back gives none. */
export function take(
  bucket: Bucket,
  wanted: number,
  atMs: number,
): { bucket: Bucket; got: number } {
  const elapsed = Math.max(0, atMs - bucket.atMs) / 1000;
  const tokens = Math.min(bucket.size, bucket.tokens + elapsed * bucket.perSecond);
  const got = Math.max(0, Math.min(wanted, Math.floor(tokens + 1e-9)));
  return {
    got,
    bucket: { ...bucket, tokens: tokens - got, atMs: Math.max(bucket.atMs, atMs) },
  };
}

/** How long until there is one token; 0 when there is one now. */
export function msUntilNext(bucket: Bucket): number {
  return bucket.tokens >= 1 ? 0 : Math.ceil(((1 - bucket.tokens) / bucket.perSecond) * 1000);
}
