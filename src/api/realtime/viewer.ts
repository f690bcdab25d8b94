/**
 * Who sees what of the board. Pure: a viewer and a change in, a message or nothing out.
 *
 * Own desk: everybody who has a seat. Wall (calls, waiting callers, alarms): with `wall.read`. Queues:
 * all with `wall.read`, else one's own. Colleagues: everybody, so that calls can be passed on; which
 * call they are in only with `wall.read`. Whatever belongs to a site: only within one's sites.
 */
import type { LiveChange, LiveSnapshot, LiveWaiting } from '../../agents/index.ts';
import type { AgentView, DeskView } from '../../contract/agents/agents.ts';
import type { WaitingView } from '../../contract/agents/queues.ts';
import type { AlarmView, LiveCallView, ServerMessage } from '../../contract/agents/realtime.ts';
import { maskDesk } from './masking.ts';

export interface Viewer {
  staffId: string;
  /** Sees the wall. */
  isWatching: boolean;
  canSeeNumbers: boolean;
  /** Null for all. */
  siteIds: readonly string[] | null;
  /** Queues that they work for. */
  queueIds: readonly string[];
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'seq'> : never;
export type Message = Unnumbered<ServerMessage>;

/** The very change when nothing has to be hidden, so that it is written once for many viewers. */
export function messageFor(
  viewer: Viewer,
  change: LiveChange,
  hidden = hiddenOnce(change),
): Message | undefined {
  switch (change.type) {
    case 'agent':
      return isOpen(viewer, change.agent) ? change : hidden();
    case 'queue':
      return seesQueue(viewer, change.queue.queueId) ? change : undefined;
    case 'waiting': {
      if (!viewer.isWatching) return undefined;
      return { ...change, waiting: waitingFor(viewer, change.waiting) };
    }
    case 'call':
      if (!viewer.isWatching || !seesCall(viewer, change.call)) return undefined;
      return viewer.canSeeNumbers && isOfSite(viewer, change.call)
        ? change
        : { type: 'call', call: callFor(viewer, change.call) };
    case 'alarm':
      if (!viewer.isWatching || !seesSite(viewer, change.alarm.estateId)) return undefined;
      return { type: 'alarm', alarm: alarmOf(change.alarm) };
    case 'desk':
      if (change.desk.agent.staffId !== viewer.staffId) return undefined;
      return viewer.canSeeNumbers ? change : { type: 'desk', desk: deskFor(viewer, change.desk) };
    case 'event':
      return viewer.siteIds === null ? change : hidden();
  }
}

/** What colleagues see of a change: one object for all of them, made when the first is there. */
export function hiddenOnce(change: LiveChange): () => Message | undefined {
  let made: Message | undefined;
  return () => {
    // Which one it was may be another site's: the page asks, and is told.
    if (change.type === 'event') made ??= { ...change, payload: {} };
    if (change.type === 'agent') made ??= { type: 'agent', agent: hiddenAgent(change.agent) };
    return made;
  };
}

export function snapshotFor(
  viewer: Viewer,
  board: LiveSnapshot,
  { epoch, now }: { epoch: string; now: string },
): Message {
  const desk = board.desks.get(viewer.staffId);
  const isWatching = viewer.isWatching;
  return {
    type: 'snapshot',
    epoch,
    now,
    desk: desk === undefined ? null : deskFor(viewer, desk),
    agents: board.agents.map((agent) => agentFor(viewer, agent)),
    queues: board.queues.filter(({ queueId }) => seesQueue(viewer, queueId)),
    waiting: isWatching ? waitingFor(viewer, board.waiting) : [],
    calls: isWatching
      ? board.calls.filter((call) => seesCall(viewer, call)).map((call) => callFor(viewer, call))
      : [],
    alarms: isWatching
      ? board.alarms.filter(({ estateId }) => seesSite(viewer, estateId)).map(alarmOf)
      : [],
  };
}

/** 13800000001 → 138****0001. */
export function maskNumber(number: string): string {
  return number.length < 7 ? number : `${number.slice(0, 3)}****${number.slice(-4)}`;
}

function seesQueue(viewer: Viewer, queueId: string): boolean {
  return viewer.isWatching || viewer.queueIds.includes(queueId);
}

function seesSite({ siteIds }: Viewer, estateId: string | null): boolean {
  return siteIds === null || estateId === null || siteIds.includes(estateId);
}

function seesKnownSite({ siteIds }: Viewer, estateId: string | null): boolean {
  return estateId !== null && (siteIds?.includes(estateId) ?? true);
}

function isOpen(viewer: Viewer, agent: AgentView): boolean {
  return viewer.isWatching || agent.staffId === viewer.staffId;
}

function agentFor(viewer: Viewer, agent: AgentView): AgentView {
  return isOpen(viewer, agent) ? agent : hiddenAgent(agent);
}

/** Which call they are in is for the wall. */
function hiddenAgent(agent: AgentView): AgentView {
  return { ...agent, callId: null };
}

function waitingFor(viewer: Viewer, waiting: readonly LiveWaiting[]): WaitingView[] {
  return waiting
    .filter(({ estateId }) => viewer.siteIds === null || seesKnownSite(viewer, estateId))
    .map(({ estateId: _site, ...one }) => ({
      ...one,
      callerNumber: numberFor(viewer, one.callerNumber),
    }));
}

/** A caller whose estate is not known yet may be another's; what an agent dials is known by its agent. */
function seesCall(viewer: Viewer, call: LiveCallView): boolean {
  if (call.direction === 'inbound' && call.estateId === null) return viewer.siteIds === null;
  return seesSite(viewer, call.estateId);
}

/** Whom it is about is known to be theirs to see. */
function isOfSite({ siteIds }: Viewer, { estateId }: LiveCallView): boolean {
  return siteIds === null || estateId !== null;
}

function callFor(viewer: Viewer, call: LiveCallView): LiveCallView {
  const callerNumber = numberFor(viewer, call.callerNumber);
  if (isOfSite(viewer, call)) return { ...call, callerNumber };
  return { ...call, callerNumber: maskNumber(call.callerNumber), callerName: null };
}

function alarmOf({ estateId: _site, ...alarm }: AlarmView & { estateId: string | null }) {
  return alarm;
}

function deskFor(viewer: Viewer, desk: DeskView): DeskView {
  return viewer.canSeeNumbers ? desk : maskDesk(desk, maskNumber);
}

function numberFor(viewer: Viewer, number: string): string {
  return viewer.canSeeNumbers ? number : maskNumber(number);
}
