import type { QueryClient } from '@tanstack/react-query';

/** Which lists and pages an event makes old, and how often they may be asked for again. */
const kinds = [
  { begins: 'workOrder.', key: 'work-orders', everyMs: 3000 },
  { begins: 'call.', key: 'calls', everyMs: 5000 },
  { begins: 'recording.', key: 'recordings', everyMs: 5000 },
  { begins: 'article.', key: 'articles', everyMs: 1000 },
  { begins: 'campaign.', key: 'campaigns', everyMs: 1000 },
  { begins: 'queue.', key: 'queues', everyMs: 1000 },
  { begins: 'code.', key: 'break-reasons', everyMs: 1000 },
  { begins: 'code.', key: 'wrap-up-reasons', everyMs: 1000 },
] as const;

/** Whatever comes while it rests is done once at the end of the rest. */
export interface Paced {
  (): void;
  stop(): void;
}

export function paced(everyMs: number, run: () => void): Paced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWanted = false;
  const begin = (): void => {
    isWanted = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (isWanted) begin();
    }, everyMs);
    run();
  };
  const ask = (): void => {
    if (timer === undefined) begin();
    else isWanted = true;
  };
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  return Object.assign(ask, { stop });
}

/** Takes names of events; asks for what they have made old, the first time at once. */
export function freshness(cache: Pick<QueryClient, 'invalidateQueries'>): {
  onEvent: (name: string) => void;
  stop: () => void;
} {
  const askers = kinds.map(({ begins, key, everyMs }) => ({
    begins,
    ask: paced(everyMs, () => void cache.invalidateQueries({ queryKey: [key] })),
  }));
  return {
    onEvent(name) {
      for (const { begins, ask } of askers) if (name.startsWith(begins)) ask();
    },
    stop() {
      for (const { ask } of askers) ask.stop();
    },
  };
}
