import type { Service } from '../../test/support/service.ts';

/** A histogram of `/api/v1/metrics`: how many lie at or below each bound, in seconds. */
export interface Histogram {
  count: number;
  bounds: readonly { le: number; count: number }[];
}

export async function readHistogram(service: Service, name: string): Promise<Histogram> {
  const text = await (await service.api('/metrics')).text();
  const bounds = [...text.matchAll(new RegExp(`^${name}_bucket{le="([^"]+)"} (\\d+)`, 'gm'))].map(
    ([, le, count]) => ({ le: le === '+Inf' ? Infinity : Number(le), count: Number(count) }),
  );
  return { count: bounds.at(-1)?.count ?? 0, bounds };
}

/** What was counted between two readings. */
export function since(before: Histogram, after: Histogram): Histogram {
  return {
    count: after.count - before.count,
    bounds: after.bounds.map(({ le, count }, at) => ({
      le,
      count: count - (before.bounds[at]?.count ?? 0),
    })),
  };
}

/** Milliseconds that so large a share does not exceed: the bound of its bucket, never less than the truth. */
export function quantileMs({ count, bounds }: Histogram, share: number): number {
  return (bounds.find((one) => one.count >= count * share)?.le ?? Infinity) * 1000;
}
