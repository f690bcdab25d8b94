import { setTimeout as delay } from 'node:timers/promises';
import { hangUpLeg, interrupt, type Call } from '../../../cti/index.ts';
import type { Clock } from '../../../core/clock.ts';
import { ignore } from '../../../core/ignore.ts';
import type { Log } from '../../../core/log.ts';
import type { Utterance } from '../../../tts/index.ts';
import type { CallerFacts } from '../../../lookup/index.ts';
import type { Seats } from '../sessions/seats.ts';
import type { Preference, WaitingCaller } from '../routing/index.ts';
import type { Acd } from './acd.ts';
import { hear, announceCallback, type Waited } from './announcements/hear.ts';
import type { Offers } from './offers.ts';
import type { Callbacks } from './callbacks.ts';
import type { ServeRequest } from './serve.types.ts';
import type { QueueVoice } from './announcements/voice.ts';
import type { Party, WaitEnd } from './waiting.types.ts';

/** How long a caller is kept for the one agent who is to take them. */
const returnMs = 20_000;
const senderRestMs = 60_000;

export interface WaitParts {
  acd: Pick<Acd, 'enter' | 'leave' | 'callerOf' | 'keepPlace' | 'queue' | 'forecast'>;
  offers: Pick<Offers, 'isOffered'>;
  callbacks: Pick<Callbacks, 'madeIn'>;
  seats: Pick<Seats, 'get' | 'engage'>;
  voice: QueueVoice;
  /** See `canCallBack`. */
  mayCallBack: (call: Call) => boolean;
  clock: Clock;
  log: Log;
}

export interface WaitRequest {
  queueId: string;
  preferred: readonly Preference[];
  facts: CallerFacts;
  /** Whoever sent them on. */
  sender: string | null;
  /** They have talked before in this call. */
  isAgain: boolean;
  /** How long they have waited before. */
  waitedMs: number;
  /** Said before the music. */
  apology: readonly Utterance[];
}

/** In the queue, until somebody answers, or it is clear that nobody will. */
export async function wait(
  parts: WaitParts,
  call: Call,
  request: ServeRequest,
  wanted: WaitRequest,
): Promise<Waited> {
  const { acd, callbacks } = parts;
  const before = acd.callerOf(call.id) ?? callbacks.madeIn(call);
  // Our predecessor died while it promised the callback.
  if (before?.isVirtual === true) {
    return announceCallback(parts, call, request, acd.keepPlace(before, call));
  }
  const caller = callerOf(parts, call, request, wanted);
  const waited = await stand(parts, call, request, wanted, caller);
  switch (waited.kind) {
    case 'callback':
      return announceCallback(parts, call, request, waited.kept);
    case 'overflow':
      return waited.to === 'callback' && canCallBack(parts, call, request)
        ? announceCallback(parts, call, request, acd.keepPlace(caller, call))
        : { kind: 'message' };
    default:
      return waited;
  }
}

/** Until somebody answers, or the caller, the queue or our patience decides otherwise. */
async function stand(
  parts: WaitParts,
  call: Call,
  request: ServeRequest,
  wanted: WaitRequest,
  caller: WaitingCaller,
): Promise<Waited> {
  const { acd, seats } = parts;
  const over = new AbortController();
  // Somebody may be free: what follows from it is told after it.
  call.record('queue.entered', { queueId: wanted.queueId });
  let taken: Party | undefined;
  const ended = new Promise<WaitEnd>((resolve) => {
    const onEnd = (end: WaitEnd): void => {
      if (end.kind === 'answered') taken = end.party;
      over.abort();
      resolve(end);
    };
    void call.update({ state: 'queued' });
    acd.enter(caller, { call, onEnd, fromStaffId: wanted.sender });
  });
  const leave = (): void => {
    over.abort();
    if (acd.callerOf(call.id) !== undefined) void call.update({ outcome: 'abandoned' });
    acd.leave(call.id, 'abandoned');
  };
  call.gone.addEventListener('abort', leave, { once: true });
  try {
    const hearing = hear(
      parts,
      call,
      { request, ...wanted, mayChoose: canCallBack(parts, call, request) },
      over.signal,
    );
    const first = await Promise.race([ended, hearing, outOfPatience(parts, call, request, over)]);
    call.gone.throwIfAborted();
    if (first === 'nobody') {
      await ignore(interrupt(call), 'the caller may have hung up');
      await ignore(hearing, 'what is heard while waiting was broken off');
      return { kind: 'message' };
    }
    // A key that crosses with an answer comes too late; one that does not takes them out of the queue at once.
    if (first === 'message' && !over.signal.aborted) {
      acd.leave(call.id, 'overflowed');
      return { kind: 'message' };
    }
    if (first === 'callback' && !over.signal.aborted) {
      return { kind: 'callback', kept: acd.keepPlace(caller, call) };
    }
    const end = await ended;
    // What the caller hears must be over before the bridge: the switch would play it into the talk.
    await ignore(interrupt(call), 'the caller may have hung up');
    await ignore(hearing, 'what is heard while waiting was broken off');
    call.gone.throwIfAborted();
    call.record('queue.left', { queueId: wanted.queueId, how: end.kind });
    return end;
  } catch (error) {
    // Whatever it was, nobody stands in a queue whom nobody leads, and nobody is kept for them.
    leave();
    if (taken !== undefined) await letGo(seats, call, taken);
    throw error;
  } finally {
    call.gone.removeEventListener('abort', leave);
  }
}

/** They have answered a caller who left in the same instant. */
async function letGo(
  seats: WaitParts['seats'],
  call: Call,
  { staffId, leg }: Party,
): Promise<void> {
  if (staffId !== null && seats.get(staffId)?.callId === call.id) {
    seats.engage(staffId, 'idle', null);
  }
  await hangUpLeg(leg);
}

/** Whoever we called and nobody's telephone rings for; never resolves for those who called us. */
async function outOfPatience(
  { acd, offers }: WaitParts,
  call: Call,
  { dialled }: ServeRequest,
  over: AbortController,
): Promise<'nobody'> {
  if (dialled === undefined) return new Promise(() => undefined);
  for (let wait = dialled.patienceMs; ; wait = 200) {
    await delay(wait, undefined, { signal: over.signal });
    if (offers.isOffered(call.id)) continue;
    over.abort();
    acd.leave(call.id, 'overflowed');
    return 'nobody';
  }
}

function callerOf(
  { acd, clock }: WaitParts,
  call: Call,
  request: ServeRequest,
  wanted: WaitRequest,
): WaitingCaller {
  const known = acd.callerOf(call.id);
  const now = clock.now().getTime();
  const since = wanted.isAgain ? now - wanted.waitedMs : (call.recall('waiting') ?? now);
  void ignore(
    call.remember({ waiting: since, queue: wanted.queueId }),
    'after a restart the wait counts from then',
  );
  return {
    callId: call.id,
    queueId: wanted.queueId,
    // A second wait has its own limit; the ageing counts all of them.
    enteredAt: known?.enteredAt ?? (wanted.isAgain ? now : since),
    waitingSince: since,
    priority: 0,
    isEmergency: request.isEmergency,
    isVip: wanted.facts.isVip,
    preferred: [
      ...wanted.preferred,
      ...(wanted.sender === null ? preferredOf(request, wanted.facts, now) : []),
    ],
    // Whoever passes a call on does not want it back at once.
    resting: wanted.sender === null ? [] : [{ staffId: wanted.sender, until: now + senderRestMs }],
    siteId: request.estateId,
    isAdmitted: wanted.preferred.length > 0 || call.recall('waiting') !== undefined,
    visited: [],
    isVirtual: false,
  };
}

/** In a preview the agent chose the person; in other campaigns whoever is free takes them. */
function preferredOf({ dialled }: ServeRequest, facts: CallerFacts, now: number): Preference[] {
  if (dialled === undefined) return usualAgents(facts, now);
  const { staffId } = dialled;
  return staffId === undefined ? [] : [{ staffId, kind: 'return', until: now + returnMs }];
}

/**
 * How long a caller is kept for whom they know while others are free: less than the usual service level (15 s), so that
 * an important owner never waits longer than a stranger for somebody who talks.
 */
const knownAgentMs = 10_000;

/** An important owner's own agent, and whoever knows the matter already, if they are free soon. */
function usualAgents(facts: CallerFacts, now: number): Preference[] {
  const { accountStaffId, lastStaffId } = facts;
  return [
    ...(accountStaffId === null
      ? []
      : [{ staffId: accountStaffId, kind: 'account_agent' as const, until: now + knownAgentMs }]),
    ...(lastStaffId === null || lastStaffId === accountStaffId
      ? []
      : [{ staffId: lastStaffId, kind: 'last_agent' as const, until: now + knownAgentMs }]),
  ];
}

/**
 * Not in an emergency, not whom we have called, and not without a trunk to do it on. Nor at a number that a stranger
 * claims, that is withheld, or that may not be dialled.
 */
function canCallBack(
  { mayCallBack }: WaitParts,
  call: Call,
  { isEmergency, dialled }: ServeRequest,
): boolean {
  return !isEmergency && dialled === undefined && mayCallBack(call);
}
