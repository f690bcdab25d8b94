import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Cti } from '../../cti/index.ts';
import type { Conversations } from '../conversations/conversations.ts';
import type { EngagementStore } from '../acd/sessions/engagement-store.ts';
import type { MemoryBoard } from './live-board.ts';
import type { Pops } from '../../lookup/index.ts';
import type { Seats } from '../acd/sessions/seats.ts';
import type { Waits } from '../acd/queues/figures.ts';
import type { Acd } from '../acd/queues/acd.ts';
import type { WrapUps } from '../conversations/wrap-ups.ts';
import { CallScreens } from './call-screens.ts';
import { DeskScreens } from './desk-screens.ts';
import { Drafts } from './drafts.ts';
import { QueueScreens } from './queue-screens.ts';
import { Screens } from './screens.ts';
import { Viewers } from './viewers.ts';

/** What the screens are about. */
export interface ScreenSubjects {
  seats: Seats;
  acd: Acd;
  waits: Waits;
  conversations: Conversations;
  wrapUps: WrapUps;
  pops: Pops;
  engagements: EngagementStore;
}

export interface OpenScreens {
  screens: Screens;
  desks: DeskScreens;
  viewers: Viewers;
}

/** The screens of everybody, while this service drives the switch. */
export function openScreens(
  { board, cti, clock, log }: { board: MemoryBoard; cti: Cti; clock: Clock; log: Log },
  { seats, acd, waits, conversations, wrapUps, pops, engagements }: ScreenSubjects,
): OpenScreens {
  const { offers } = acd;
  const drafts = new Drafts({
    ...{ engagements, log },
    onRead: (callId) => screens.showViewers(callId),
  });
  const tidy = (callId: string): void => {
    if (viewers.of(callId).length > 0 || cti.call(callId) !== undefined) return;
    drafts.forget(callId);
    viewers.forget(callId);
    pops.forget(callId);
  };
  const viewers = new Viewers({
    isShown: (staffId, callId) =>
      seats.get(staffId)?.callId === callId || wrapUps.of(staffId)?.callId === callId,
    onLeft: tidy,
  });
  const calls = new CallScreens({ board, cti, conversations, acd, offers, pops, clock });
  const queues = new QueueScreens({
    ...{ board, acd, seats, waits, pops },
    onCaller: (callId) => calls.show(callId),
  });
  const desks = new DeskScreens({
    ...{ board, seats, acd, offers, conversations, wrapUps, clock },
    shown: (callId, staffId) => {
      viewers.watch(callId, staffId);
      const pop = pops.peek(callId);
      return pop === undefined ? undefined : { pop, draft: drafts.of(callId) };
    },
  });
  const screens = new Screens({
    ...{ board, queues, calls, desks, viewers, drafts, tidy },
    queueIds: () => acd.queues.map(({ queueId }) => queueId),
  });
  return { screens, desks, viewers };
}
