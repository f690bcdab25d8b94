import { v5 as nameId } from 'uuid';
import type { ServeRequest, ServeResult } from '../agents/index.ts';
import { ShortCache } from '../core/short-cache.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import {
  answer,
  CallGoneError,
  collect,
  forgetKeys,
  hangup,
  interrupt,
  play,
  recordMessage,
  type Call,
} from '../cti/index.ts';
import {
  findHotline,
  normaliseNumber,
  PinChecks,
  type HotlineWithEstate,
} from '../property/index.ts';
import type { Tts, Utterance } from '../tts/index.ts';
import { utterancesOfArticle } from './articles.ts';
import {
  type Action,
  type FlowLibrary,
  flowOf,
  type FlowState,
  type KeysWanted,
  type Move,
  moveOf,
  type Outcome,
  readOrigin,
  start,
} from '../content/index.ts';
import { CallerNames } from './caller-names.ts';
import { heardOnTheWay } from './heard.ts';
import type { OutboundGuide, OutboundScript } from './outbound.types.ts';
import { keepMark, lookUp, makeOrder, type CallFacts, type Records } from './records.ts';
import { fileSpoken, fileAllSpoken } from './file-spoken.ts';
import { ignore } from '../core/ignore.ts';

/** 16 CFR 310.4: with no agent two seconds after the greeting, the person hears a message. */
const patienceMs = 1200;

export interface RunnerParts extends Records {
  tts: Tts & { beep(): Promise<string> };
  flows: FlowLibrary;
  log: Log;
  /** By the usual limits when left out. */
  pins?: PinChecks;
  /** Knows what calls that we dialled are about; without it they are hung up. */
  outbound?: OutboundGuide;
}

/** Acts of a flow that are done by those above. */
export interface ProvidedActs {
  /** Connects a caller with a person, and resolves when they have talked or nobody could. */
  transfer: (call: Call, request: ServeRequest) => Promise<ServeResult>;
}

/** Leads callers through flows. What it does next is decided by the machine; this does it. */
export class FlowRunner {
  readonly #parts: RunnerParts;
  readonly #provided: Partial<ProvidedActs> = {};
  /** By call id: the node to go on at. */
  readonly #jumps = new Map<string, string>();
  /** Calls of which something was recorded, here or by a predecessor. */
  readonly #recorded = new Set<string>();
  readonly #hotlines: ShortCache<HotlineWithEstate | undefined>;
  readonly #pins: PinChecks;
  readonly #names: CallerNames;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    this.#pins = parts.pins ?? new PinChecks();
    this.#names = new CallerNames(parts.db, parts.log);
    this.#hotlines = new ShortCache((did) => findHotline(parts.db, did));
  }

  /** To be called before the first call; an act that nobody provides fails, and the flow goes on as for any failure. */
  provide<Act extends keyof ProvidedActs>(act: Act, perform: ProvidedActs[Act]): void {
    this.#provided[act] = perform;
  }

  #act<Act extends keyof ProvidedActs>(act: Act): ProvidedActs[Act] {
    const perform = this.#provided[act];
    if (perform === undefined) throw new Error(`nobody provides "${act}"`);
    return perform;
  }

  /** Runs a call to its end, from the beginning or from where a predecessor left it. */
  async run(call: Call): Promise<void> {
    try {
      await this.#lead(call);
    } catch (error) {
      if (!(error instanceof CallGoneError)) {
        call.log.error({ err: error }, 'flow failed');
        call.record('flow.failed', { reason: messageOf(error) });
        await hangup(call, 'NORMAL_TEMPORARY_FAILURE');
      }
    }
    this.#jumps.delete(call.id);
    const hasRecorded = this.#recorded.delete(call.id);
    // Without a cause it was not the caller who left: another service leads them now.
    if (call.hangupCause === undefined || !hasRecorded) return;
    await this.fileSpoken(call.id).catch((error: unknown) => {
      call.log.error({ err: error }, 'spoken message not filed; tried again at the next start');
    });
  }

  /** Renders what a call will say first, while it rings: the first word must come within a second. */
  async prepare(script: OutboundScript): Promise<void> {
    const { action } = await this.#begin(script);
    if ('say' in action) await this.#render(action.say);
  }

  /** Leaves what the call hears now and goes on at the flow's node for machines. */
  async meetMachine(call: Call): Promise<void> {
    const origin = readOrigin(call.recall('flow'));
    if (origin === undefined) return;
    const { flow, version } = flowOf(origin);
    const { machine } = await this.#parts.flows.at(flow, version);
    if (machine === undefined) return;
    this.#jumps.set(call.id, machine);
    await interrupt(call);
  }

  async #begin(script: OutboundScript): Promise<Move> {
    const { flow, version } = await this.#parts.flows.live(script.flowId);
    const { language, vars } = script;
    return start(flow, { version, language, vars });
  }

  async #lead(call: Call): Promise<void> {
    const { flows } = this.#parts;
    const beginning = await this.#beginning(call);
    if (beginning === undefined) {
      // No hotline of ours: with an own telephone, the number of somebody outside.
      call.log.warn({ pii: { did: call.did } }, 'call without a flow');
      await hangup(call, 'UNALLOCATED_NUMBER');
      return;
    }
    const { facts, flowId, language: first, vars } = beginning;
    let origin = readOrigin(call.recall('flow'));
    let flow;
    let move;
    if (origin === undefined) {
      const live = await flows.live(flowId);
      flow = live.flow;
      const { version } = live;
      origin = { start: { flow: flow.id, version, language: first, vars } };
      move = moveOf(flow, origin);
      void call.update({
        estateId: facts.hotline.estateId,
        flowId: flow.id,
        flowVersion: version,
        language: first,
      });
      // Also where the switch has answered: keys that come until it is done are kept for the menu.
      if (call.direction === 'inbound') {
        this.#names.note(call);
        await answer(call, 'answer');
      }
    } else {
      const { flow: id, version } = flowOf(origin);
      flow = await flows.at(id, version);
      move = moveOf(flow, origin);
      this.#recorded.add(call.id);
      call.record('flow.resumed', { node: move.state.node, step: move.state.step });
    }
    let { language } = move.state;
    for (;;) {
      const { state, action }: Move = move;
      if (action.do === 'end') {
        call.record('flow.stepped', { node: state.node, step: state.step, action: action.do });
        return;
      }
      // Whoever finds what was before it as done comes to the same hang-up.
      const remembered =
        action.do === 'hangup' ? undefined : call.remember({ flow: JSON.stringify(origin) });
      // Its failure is seen where it is awaited, below; until then it must not count as unhandled.
      if (remembered !== undefined) void ignore(remembered, 'awaited after the action');
      call.record('flow.stepped', { node: state.node, step: state.step, action: action.do });
      if (state.language !== language) {
        language = state.language;
        void call.update({ language });
      }
      // What the switch does goes there right behind the state, in one write; orders and the like
      // begin when the state is known to be safe.
      if (!isForSwitch(action)) await remembered;
      tellHeard(call, heardOnTheWay(state, action, undefined));
      const outcome: Outcome = await this.#perform(call, facts, state, action);
      tellHeard(call, heardOnTheWay(state, action, outcome));
      await remembered;
      const target = this.#jumps.get(call.id);
      this.#jumps.delete(call.id);
      origin = target === undefined ? { from: state, outcome } : { from: state, target };
      move = moveOf(flow, origin);
    }
  }

  /** What a call is about: the hotline that was dialled, or the campaign that dialled it. */
  async #beginning(call: Call): Promise<(OutboundScript & { facts: CallFacts }) | undefined> {
    const { outbound } = this.#parts;
    const { id, callerNumber, isNumberVerified } = call;
    const about = { id, callerNumber, isNumberVerified };
    if (call.direction === 'outbound') {
      const script = await outbound?.script(call.id);
      return script === undefined
        ? undefined
        : { ...script, facts: { ...about, hotline: script.hotline, dialled: dialledFor(script) } };
    }
    const hotline = await this.#hotlines.get(call.did);
    if (hotline === undefined) return undefined;
    const { flowId, language } = hotline;
    const vars = { greeting: hotline.greeting };
    return { facts: { ...about, hotline }, hotline, flowId, language, vars };
  }

  async #perform(call: Call, facts: CallFacts, state: FlowState, action: Action): Promise<Outcome> {
    try {
      return await this.#try(call, facts, state, action);
    } catch (error) {
      if (error instanceof CallGoneError || call.gone.aborted) throw new CallGoneError();
      call.log.error({ err: error, node: state.node, action: action.do }, 'flow action failed');
      return { kind: 'failed', reason: messageOf(error) };
    }
  }

  async #try(call: Call, facts: CallFacts, state: FlowState, action: Action): Promise<Outcome> {
    const step = String(state.step);
    switch (action.do) {
      case 'play': {
        const tone = action.hasTone === true ? [await this.#parts.tts.beep()] : [];
        await play(call, step, [...(await this.#render(action.say)), ...tone]);
        return { kind: 'done' };
      }
      case 'read':
      case 'collect': {
        const words = await this.#wordsOf(action, state);
        if (words === undefined) return { kind: 'result', result: 'gone' };
        const digits = await this.#collect(call, step, { ...action, say: words });
        // Keys of menus tell the way; longer inputs may be personal and stay out of the timeline.
        if (action.maxDigits === 1 && digits !== '') {
          call.record('flow.keyPressed', { node: state.node, key: digits });
        }
        return digits === '' ? { kind: 'silence' } : { kind: 'digits', digits };
      }
      case 'verifyPin':
        return this.#verify(call, step, action);
      case 'record':
        return this.#record(call, state, action);
      case 'lookup':
        return lookUp(this.#parts, facts, state, action.what);
      case 'order': {
        const outcome = await makeOrder(this.#parts, facts, state, action);
        void call.update({
          outcome: action.outcome,
          ...(action.roomId === undefined ? {} : { roomId: action.roomId }),
          ...(action.personId === undefined ? {} : { personId: action.personId }),
        });
        return outcome;
      }
      case 'transfer':
        return this.#transfer(call, facts, state, action);
      case 'survey':
        call.record('survey.answered', { survey: action.survey, score: action.score });
        // Answers to a campaign's questions are kept by the campaign.
        if (call.direction === 'inbound') await keepMark(this.#parts, call.id, action);
        return { kind: 'done' };
      case 'campaign': {
        const { outbound } = this.#parts;
        if (outbound === undefined) return { kind: 'failed', reason: 'no campaign' };
        return outbound.act(call, state, action);
      }
      case 'hangup':
        if (action.outcome !== undefined) void call.update({ outcome: action.outcome });
        await hangup(call);
        return { kind: 'done' };
      case 'end':
        return { kind: 'done' };
    }
  }

  async #transfer(
    call: Call,
    facts: CallFacts,
    state: FlowState,
    action: Extract<Action, { do: 'transfer' }>,
  ): Promise<Outcome> {
    const isEmergency = action.to === 'emergency';
    const { dialled } = facts;
    const served = await this.#act('transfer')(call, {
      step: String(state.step),
      queue: isEmergency
        ? 'emergency'
        : queueOf(action.to, dialled?.queue ?? facts.hotline.queueCode),
      ...(dialled === undefined ? {} : { dialled: this.#promptly(call, dialled.staffId, action) }),
      isEmergency,
      language: state.language,
      estateId: facts.hotline.estateId,
    });
    if (served.result === 'message') return { kind: 'result', result: 'failed' };
    void call.update({ outcome: served.result === 'talked' ? 'talked' : 'callback' });
    if (served.result === 'talked' && served.isAsked && action.hasSequel) {
      return { kind: 'result', result: 'talked' };
    }
    await hangup(call);
    return { kind: 'result', result: 'ok' };
  }

  /** Whoever we called is not kept waiting. */
  #promptly(
    call: Call,
    staffId: string | undefined,
    { say }: Extract<Action, { do: 'transfer' }>,
  ): NonNullable<ServeRequest['dialled']> {
    return {
      staffId,
      opening: say,
      patienceMs,
      onConnected: () => {
        this.#parts.outbound?.connected(call.id).catch((error: unknown) => {
          call.log.error({ reason: messageOf(error) }, 'conversation not written');
        });
      },
    };
  }

  /** Undefined when there is no such article any more, or nobody can say so. */
  async #wordsOf(
    action: Extract<Action, { do: 'collect' | 'read' }>,
    { language }: FlowState,
  ): Promise<readonly Utterance[] | undefined> {
    if (action.do === 'collect') return action.say;
    const { db, log } = this.#parts;
    const article = await utterancesOfArticle(db, action.articleId, language).catch(
      (error: unknown) => {
        log.error({ reason: messageOf(error) }, 'article not read');
        return undefined;
      },
    );
    return article && [...action.lead, ...article, ...action.say];
  }

  async #collect(call: Call, step: string, wanted: KeysWanted): Promise<string> {
    return collect(call, step, {
      paths: await this.#render(wanted.say),
      min: wanted.minDigits,
      max: wanted.maxDigits,
      terminator: wanted.terminators,
      timeoutMs: wanted.firstDigitTimeoutMs,
      betweenKeysMs: wanted.interDigitTimeoutMs,
    });
  }

  async #verify(
    call: Call,
    step: string,
    action: Extract<Action, { do: 'verifyPin' }>,
  ): Promise<Outcome> {
    const pin = await this.#collect(call, step, action);
    await forgetKeys(call);
    if (pin === '') return { kind: 'silence' };
    if (pin.includes('*')) return { kind: 'result', result: 'back' };
    const { db, clock } = this.#parts;
    const number = normaliseNumber(call.callerNumber);
    const { personId, others = [] } = action;
    const one = { personId, others, number, pin, callId: call.id };
    const checked = await this.#pins.verify(db, clock, one);
    const whose = checked.result === 'ok' ? checked.personId : personId;
    call.record('pin.checked', { result: checked.result, personId: whose });
    if (checked.result === 'ok') void call.update({ personId: whose });
    const triesLeft = checked.result === 'wrong' ? checked.triesLeft : 0;
    return { kind: 'result', result: checked.result, vars: { triesLeft } };
  }

  async #record(
    call: Call,
    state: FlowState,
    action: Extract<Action, { do: 'record' }>,
  ): Promise<Outcome> {
    const { recordings } = this.#parts;
    this.#recorded.add(call.id);
    const id = nameId(`recording ${state.step}`, call.id);
    const path = await recordings.begin({
      id,
      callId: call.id,
      legId: call.legId,
      purpose: action.purpose,
      resume: { state, silenceSec: action.silenceSec },
    });
    const { terminator } = await recordMessage(call, String(state.step), {
      path,
      limitSec: action.limitSec,
      silenceSec: action.silenceSec,
      terminators: action.terminators,
    });
    const kept = await recordings.finish(id);
    const spokenMs = kept.state === 'ready' ? await recordings.spokenMs(kept) : 0;
    return { kind: 'recorded', recordingId: id, spokenMs, terminator };
  }

  async #render(say: readonly Utterance[]): Promise<string[]> {
    const { tts, log } = this.#parts;
    const all = await Promise.allSettled(say.map((one) => tts.render(one)));
    const paths = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (paths.length < say.length) log.error('some sentences could not be rendered');
    return paths.length === 0 && say.length > 0 ? [await tts.beep()] : paths;
  }

  /** After a hang-up: what was spoken counts. */
  fileSpoken(callId: string): Promise<void> {
    return fileSpoken(this.#parts, callId);
  }

  /** At start: calls that ended while nobody could file what was spoken. */
  fileAllSpoken(): Promise<void> {
    return fileAllSpoken(this.#parts);
  }
}

/** `agent` is the campaign's or hotline's queue, or the one for everybody; `queue:repairs` one of its own. */
function queueOf(to: string, usual: string | null | undefined): string {
  return to.startsWith('queue:') ? to.slice('queue:'.length) : (usual ?? 'general');
}

function tellHeard(call: Call, outcome: string | undefined): void {
  if (outcome !== undefined && call.direction === 'inbound') void call.update({ outcome });
}

function dialledFor({ queue, staffId }: OutboundScript): NonNullable<CallFacts['dialled']> {
  return { queue, staffId };
}

function isForSwitch(action: Action): boolean {
  return ['play', 'collect', 'read', 'verifyPin', 'hangup'].includes(action.do);
}
