import type { EventBus } from '../../core/messages/bus.ts';
import type { Clock } from '../../core/clock.ts';
import { paced } from '../../core/concurrency/paced.ts';
import type { EventMap, EventName } from '../../events.ts';
import type { MemoryBoard } from './live-board.ts';

/** Told one by one: they are rare, or paced where they are made. */
const rare = [
  ...(['campaign.changed', 'campaign.progressed'] as const),
  ...(['article.published', 'article.withdrawn'] as const),
  ...(['queue.created', 'queue.changed', 'queue.removed'] as const),
  ...(['code.created', 'code.changed'] as const),
] as const satisfies readonly EventName[];

/** A centre that takes fifteen calls a second has as many of these; a screen wants to know that there was one. */
const frequent = [
  ...(['call.ended', 'recording.finished'] as const),
  ...(['workOrder.raised', 'workOrder.changed', 'workOrder.noted', 'workOrder.edited'] as const),
] as const satisfies readonly EventName[];

const everyMs = 1000;

/** Screens read their lists and pages again when something in them has changed. */
export function tellScreens(
  events: Pick<EventBus<EventMap>, 'watch'>,
  board: Pick<MemoryBoard, 'tellEvent'>,
  clock: Clock,
): void {
  const tell = (name: EventName) => (payload: unknown) =>
    board.tellEvent(name, payload, clock.now());
  for (const name of rare) events.watch(name, tell(name));
  for (const name of frequent) events.watch(name, paced(everyMs, tell(name)));
}
