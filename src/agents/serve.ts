import { setTimeout as delay } from 'node:timers/promises';
import {
  CallGoneError,
  collect,
  hangUpLeg,
  interrupt,
  park,
  play,
  type Call,
} from '../cti/index.ts';
import { messageOf } from '../core/errors.ts';
import type { QueueView } from '../contract/queues.ts';
import type { Desk, Party, ServeRequest, ServeResult } from './agents.types.ts';
import type { ConversationEnd } from './conversation/conversation.types.ts';
import { openConversation } from './conversation/open.ts';
import { callerFacts, type CallerFacts } from './desk/caller-facts.ts';
import {
  callbackPromise,
  customerLostAgent,
  waitAnnouncement,
  welcomeToQueue,
} from './queue/announcements.ts';
import type { WaitEnd } from './queue/floor.ts';
import { isStaffed } from './presence/strength.ts';
import { knownNumber } from './queue/promises.ts';
import type { Preference, WaitingCaller } from './routing/index.ts';
import { recordConversation } from './conversation/recorder.ts';
import type { Utterance } from '../tts/index.ts';
import { ignore } from '../core/ignore.ts';

/** How long a caller whose agent was lost is kept for that same person. */
const returnMs = 20_000;
const senderRestMs = 60_000;

type Waited =
  | WaitEnd
  | { kind: 'message' }
  /** Their place is being kept; resolves when it is written. */
  | { kind: 'callback'; kept: Promise<void> };

/**
 * Leads a caller through a queue to a person and stays until they have talked. After a restart it is called
 * again with the same step and goes on: with the conversation, or at the same place in the line.
 *
 * @param before how a conversation ended that was led elsewhere: the customer goes on from there.
 */
export async function serve(
  desk: Desk,
  call: Call,
  request: ServeRequest,
  before?: ConversationEnd,
): Promise<ServeResult> {
  const pop = desk.pops.read(call.id).catch((error: unknown) => {
    desk.log.error({ callId: call.id, reason: messageOf(error) }, 'screen pop not read');
  });
  // After a restart: a caller who talks goes on talking, whoever lost their agent gets them back first.
  const adopted = await desk.adoptions.take(call.id);
  let end = before ?? (await adopted?.conversation?.ended);
  let preferred = returningTo(desk, adopted?.staffIds ?? []);
  let sender: string | null = null;
  let queueId = queueFor(desk, request.queue)?.queueId;
  let apology: Utterance[] = [];
  /** In all their waits of this call; a talk between is none. */
  let waitedMs = 0;
  for (;;) {
    if (end !== undefined) {
      const next = afterTalk(desk, end);
      if (next === 'over') return { result: 'talked', isAsked: await isAsked(desk, call, end) };
      ({ preferred, queueId = queueId, sender = null } = next);
      apology = end.kind === 'agent_lost' ? customerLostAgent(request.language) : [];
    }
    if (queueId === undefined || !mayBeServed(desk, queueId, request)) return { result: 'message' };
    await pop;
    const isAgain = end !== undefined;
    // Music of a hold, or the room of a conference, would go on for ever.
    if (isAgain || preferred.length > 0) await park(call);
    const facts = await factsOf(desk, call);
    const place = { queueId, preferred, apology, facts, sender, isAgain, waitedMs };
    const began = desk.clock.now().getTime();
    const waited = await wait(desk, call, request, place);
    waitedMs += desk.clock.now().getTime() - began;
    if (waited.kind === 'callback') return { result: 'callback' };
    if (waited.kind !== 'answered') return { result: 'message' };
    end = await talk(desk, call, request, waited);
  }
}

/** A database that is away keeps nobody from the line: they are like everybody then. */
async function factsOf({ db, clock, log }: Desk, call: Call): Promise<CallerFacts> {
  try {
    return await callerFacts(db, clock, call.id);
  } catch (error) {
    log.error({ callId: call.id, reason: messageOf(error) }, 'caller not in the queue');
    return { isVip: false, accountStaffId: null, lastStaffId: null };
  }
}

function queueFor({ floor }: Desk, code: string): QueueView | undefined {
  const named = floor.queues.find((queue) => queue.code === code);
  return named?.isActive === false
    ? floor.queues.find((queue) => queue.code === 'general' && queue.isActive)
    : named;
}

/** Whether the customer, still on the line, shall say how it was; then they stand ready for it. */
async function isAsked(desk: Desk, call: Call, end: ConversationEnd): Promise<boolean> {
  const queueId = end.kind === 'agent_left' ? end.queueId : null;
  if (queueId === null || desk.floor.queue(queueId)?.asksForMark !== true) return false;
  // Music of a hold, or the room of a conference, would go on for ever.
  await park(call);
  await call.update({ state: 'in_flow' });
  return true;
}

/** Whether anybody may come: somebody is at work, or duty phones can be rung. */
function mayBeServed(desk: Desk, queueId: string, { isEmergency }: ServeRequest): boolean {
  return isStaffed(desk.seats.all, queueId) || (isEmergency && desk.trunks.length > 0);
}

function returningTo(desk: Desk, staffIds: readonly string[]): Preference[] {
  const until = desk.clock.now().getTime() + returnMs;
  return staffIds.map((staffId) => ({ staffId, kind: 'return', until }));
}

function afterTalk(
  desk: Desk,
  end: ConversationEnd,
): 'over' | { preferred: Preference[]; queueId?: string; sender?: string } {
  const now = desk.clock.now().getTime();
  switch (end.kind) {
    case 'customer_left':
      throw new CallGoneError();
    case 'agent_left':
      return 'over';
    case 'agent_lost':
      return { preferred: [{ staffId: end.staffId, kind: 'return', until: now + returnMs }] };
    case 'sent':
      return {
        queueId: end.queueId,
        sender: end.byStaffId,
        preferred:
          end.staffId === null
            ? []
            : [{ staffId: end.staffId, kind: 'return', until: now + returnMs + 10_000 }],
      };
  }
}

// -- waiting -------------------------------------------------------------------------------------

interface Place {
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

async function wait(desk: Desk, call: Call, request: ServeRequest, place: Place): Promise<Waited> {
  const { floor } = desk;
  const before = floor.callerOf(call.id) ?? floor.promisedTo(call);
  // Our predecessor died in the middle of the promise.
  if (before?.isVirtual === true) {
    return promiseCall(desk, call, request, floor.keepPlace(before, call));
  }
  const caller = callerOf(desk, call, request, place);
  const waited = await stand(desk, call, request, place, caller);
  switch (waited.kind) {
    case 'callback':
      return promiseCall(desk, call, request, waited.kept);
    case 'overflow':
      return waited.to === 'callback' && canCallBack(desk, call, request)
        ? promiseCall(desk, call, request, floor.keepPlace(caller, call))
        : { kind: 'message' };
    default:
      return waited;
  }
}

/** In the line, until somebody answers, or the caller, the queue or our patience decides otherwise. */
async function stand(
  desk: Desk,
  call: Call,
  request: ServeRequest,
  place: Place,
  caller: WaitingCaller,
): Promise<Waited> {
  const { floor } = desk;
  const over = new AbortController();
  // Somebody may be free: what follows from it is told after it.
  call.record('queue.entered', { queueId: place.queueId });
  let taken: Party | undefined;
  const ended = new Promise<WaitEnd>((resolve) => {
    const onEnd = (end: WaitEnd): void => {
      if (end.kind === 'answered') taken = end.party;
      over.abort();
      resolve(end);
    };
    void call.update({ state: 'queued' });
    floor.enter(caller, { call, onEnd, fromStaffId: place.sender });
  });
  const leave = (): void => {
    over.abort();
    if (floor.callerOf(call.id) !== undefined) void call.update({ outcome: 'abandoned' });
    floor.leave(call.id, 'abandoned');
  };
  call.gone.addEventListener('abort', leave, { once: true });
  try {
    const hearing = hear(desk, call, request, place, over.signal);
    const first = await Promise.race([ended, hearing, outOfPatience(desk, call, request, over)]);
    call.gone.throwIfAborted();
    if (first === 'nobody') {
      await ignore(interrupt(call), 'the caller may have hung up');
      await ignore(hearing, 'what is heard while waiting was broken off');
      return { kind: 'message' };
    }
    // A key that crosses with an answer comes too late; one that does not takes them out of the line at once.
    if (first === 'message' && !over.signal.aborted) {
      floor.leave(call.id, 'overflowed');
      return { kind: 'message' };
    }
    if (first === 'callback' && !over.signal.aborted) {
      return { kind: 'callback', kept: floor.keepPlace(caller, call) };
    }
    const end = await ended;
    // What the caller hears must be over before the bridge: the switch would play it into the talk.
    await ignore(interrupt(call), 'the caller may have hung up');
    await ignore(hearing, 'what is heard while waiting was broken off');
    call.gone.throwIfAborted();
    call.record('queue.left', { queueId: place.queueId, how: end.kind });
    return end;
  } catch (error) {
    // Whatever it was, nobody stands in a line whom nobody leads, and nobody is kept for them.
    leave();
    if (taken !== undefined) await letGo(desk, call, taken);
    throw error;
  } finally {
    call.gone.removeEventListener('abort', leave);
  }
}

/** They have answered a caller who left in the same instant. */
async function letGo({ seats }: Desk, call: Call, { staffId, leg }: Party): Promise<void> {
  if (staffId !== null && seats.get(staffId)?.callId === call.id) {
    seats.engage(staffId, 'idle', null);
  }
  await hangUpLeg(leg);
}

/** Whoever we called and nobody's telephone rings for; never resolves for those who called us. */
async function outOfPatience(
  desk: Desk,
  call: Call,
  { dialled }: ServeRequest,
  over: AbortController,
): Promise<'nobody'> {
  if (dialled === undefined) return new Promise(() => undefined);
  for (let wait = dialled.patienceMs; ; wait = 200) {
    await delay(wait, undefined, { signal: over.signal });
    if (desk.floor.isOffered(call.id)) continue;
    over.abort();
    desk.floor.leave(call.id, 'overflowed');
    return 'nobody';
  }
}

function callerOf(desk: Desk, call: Call, request: ServeRequest, place: Place): WaitingCaller {
  const known = desk.floor.callerOf(call.id);
  const now = desk.clock.now().getTime();
  const since = place.isAgain ? now - place.waitedMs : (call.recall('waiting') ?? now);
  void ignore(
    call.remember({ waiting: since, queue: place.queueId }),
    'after a restart the wait counts from then',
  );
  return {
    callId: call.id,
    queueId: place.queueId,
    // A second wait has its own limit; the ageing counts all of them.
    enteredAt: known?.enteredAt ?? (place.isAgain ? now : since),
    waitingSince: since,
    priority: 0,
    isEmergency: request.isEmergency,
    isVip: place.facts.isVip,
    preferred: [
      ...place.preferred,
      ...(place.sender === null ? preferredOf(request, place.facts, now) : []),
    ],
    // Whoever passes a call on does not want it back at once.
    resting: place.sender === null ? [] : [{ staffId: place.sender, until: now + senderRestMs }],
    siteId: request.estateId,
    isAdmitted: place.preferred.length > 0 || call.recall('waiting') !== undefined,
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

/** An important owner's own agent, and whoever knows the matter already, if they are free soon. */
function usualAgents(facts: CallerFacts, now: number): Preference[] {
  const { accountStaffId, lastStaffId } = facts;
  return [
    ...(accountStaffId === null
      ? []
      : [{ staffId: accountStaffId, kind: 'account_agent' as const, until: now + 30_000 }]),
    ...(lastStaffId === null || lastStaffId === accountStaffId
      ? []
      : [{ staffId: lastStaffId, kind: 'last_agent' as const, until: now + 10_000 }]),
  ];
}

/** Music, now and then the place in the line, and the keys that are offered with it. */
async function hear(
  desk: Desk,
  call: Call,
  request: ServeRequest,
  place: Place,
  over: AbortSignal,
): Promise<'message' | 'callback' | undefined> {
  const { language } = request;
  const everySec = desk.floor.queue(place.queueId)?.announceEverySec ?? null;
  const isOurs = request.dialled !== undefined;
  const mayChoose = canCallBack(desk, call, request);
  const welcome = request.dialled?.opening ?? welcomeToQueue(language);
  let opening = await render(desk, [...place.apology, ...welcome]);
  let announcedAt = desk.clock.now().getTime();
  for (let turn = 0; !over.aborted; turn += 1) {
    const now = desk.clock.now().getTime();
    if (everySec !== null && !isOurs && now - announcedAt >= everySec * 1000) {
      announcedAt = now;
      const facts = { ...desk.floor.forecast(call.id), canCallBack: mayChoose, language };
      opening = await render(desk, waitAnnouncement(facts));
    }
    if (over.aborted) return undefined;
    const key = await collect(call, `${request.step}-wait-${now}`, {
      paths: [...opening, desk.tunes.music],
      min: 1,
      max: 1,
      terminator: '',
      timeoutMs: 200,
      betweenKeysMs: 200,
    });
    opening = [];
    if (over.aborted as boolean) return undefined;
    if (key === '1' && mayChoose) return 'callback';
    if (key === '7' && !request.isEmergency && !isOurs) return 'message';
  }
  return undefined;
}

/** Said when it is written down, and not before. */
async function promiseCall(
  desk: Desk,
  call: Call,
  request: ServeRequest,
  kept: Promise<void>,
): Promise<Waited> {
  try {
    await kept;
  } catch (error) {
    desk.log.error({ callId: call.id, reason: messageOf(error) }, 'queue position not written');
    return { kind: 'message' };
  }
  const paths = await render(desk, callbackPromise(request.language));
  await play(call, `${request.step}-callback`, paths);
  return { kind: 'callback', kept };
}

/**
 * Not in an emergency, not whom we have called, and not without a line to do it on. Nor at a number that a stranger
 * claims, that is withheld, or that may not be dialled.
 */
function canCallBack(
  { trunks, dialling }: Desk,
  { isNumberVerified, callerNumber }: Call,
  { isEmergency, dialled }: ServeRequest,
): boolean {
  if (isEmergency || dialled !== undefined || trunks.length === 0) return false;
  return isNumberVerified && dialling.isOpen(callerNumber);
}

async function render(desk: Desk, say: readonly Utterance[]): Promise<string[]> {
  const all = await Promise.allSettled(say.map((one) => desk.tts.render(one)));
  return all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

// -- talking -------------------------------------------------------------------------------------

async function talk(
  desk: Desk,
  call: Call,
  { dialled }: ServeRequest,
  { party, queueId }: Extract<WaitEnd, { kind: 'answered' }>,
): Promise<ConversationEnd> {
  const conversation = openConversation(desk, call, party, queueId);
  await recordConversation(desk, call);
  try {
    await conversation.begin();
    if (conversation.hasMet) {
      desk.floor.served(knownNumber(call), party.staffId);
      dialled?.onConnected();
    }
  } catch (error) {
    desk.log.warn(
      { callId: call.id, reason: messageOf(error) },
      'bridge of agent and caller failed',
    );
    await hangUpLeg(party.leg);
    call.gone.throwIfAborted();
  }
  return conversation.ended;
}
