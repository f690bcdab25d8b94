import {
  flowOf,
  moveOf,
  readOrigin,
  start,
  type Action,
  type FlowLibrary,
  type Move,
  type Outcome,
} from '../content/index.ts';
import { messageOf } from '../core/errors.ts';
import { ignore } from '../core/ignore.ts';
import type { Log } from '../core/log.ts';
import { ShortCache } from '../core/short-cache.ts';
import { answer, CallGoneError, hangup, interrupt, type Call } from '../cti/index.ts';
import { findHotline, PinChecks, type HotlineWithEstate } from '../property/index.ts';
import type { ActionParts, Transfer } from './actions/actions.types.ts';
import { perform } from './actions/perform.ts';
import { render } from './actions/speak.ts';
import { CallerNames } from './caller-names.ts';
import { fileAllSpoken, fileSpoken, type SpokenParts } from './file-spoken.ts';
import { heardOnTheWay } from './heard.ts';
import type { OutboundGuide, OutboundScript } from './outbound.types.ts';
import type { CallFacts, Records } from './records.ts';

export interface RunnerParts {
  records: Records;
  tts: ActionParts['tts'];
  flows: FlowLibrary;
  log: Log;
  /** By the usual limits when left out. */
  pins?: PinChecks;
  /** Knows what calls that we dialled are about; without it they are hung up. */
  outbound?: OutboundGuide;
}

/** Leads callers through flows. What it does next is decided by the machine; this does it. */
export class FlowRunner {
  readonly #parts: RunnerParts;
  readonly #actions: ActionParts;
  /** By call id: the node to go on at. */
  readonly #jumps = new Map<string, string>();
  /** Calls of which something was recorded, here or by a predecessor. */
  readonly #recorded = new Set<string>();
  readonly #hotlines: ShortCache<HotlineWithEstate | undefined>;
  readonly #names: CallerNames;

  constructor(parts: RunnerParts) {
    this.#parts = parts;
    const { records, tts, log, outbound, pins = new PinChecks() } = parts;
    const transfer: Transfer = () => Promise.reject(new Error('nobody takes transfers'));
    this.#actions = { records, tts, log, outbound, pins, transfer };
    this.#names = new CallerNames(records.db, log);
    this.#hotlines = new ShortCache((did) => findHotline(records.db, did));
  }

  /** Who takes callers that want to talk to a person. To be told before the first call. */
  onTransfer(transfer: Transfer): void {
    this.#actions.transfer = transfer;
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
    if ('say' in action) await render(this.#parts, action.say);
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

  async #opening({ flowId, flowVersion }: Pick<OutboundScript, 'flowId' | 'flowVersion'>) {
    const { flows } = this.#parts;
    if (flowVersion === undefined) return flows.live(flowId);
    return { flow: await flows.at(flowId, flowVersion), version: flowVersion };
  }

  async #begin(script: OutboundScript): Promise<Move> {
    const { flow, version } = await this.#opening(script);
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
    const { facts, language: first, vars } = beginning;
    let origin = readOrigin(call.recall('flow'));
    let flow;
    let move;
    if (origin === undefined) {
      const live = await this.#opening(beginning);
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
      if (action.do === 'record') this.#recorded.add(call.id);
      const outcome: Outcome = await perform(this.#actions, { call, facts, state }, action);
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

  /** After a hang-up: what was spoken counts. */
  fileSpoken(callId: string): Promise<void> {
    return fileSpoken(this.#spoken(), callId);
  }

  /** At start: calls that ended while nobody could file what was spoken. */
  fileAllSpoken(): Promise<void> {
    return fileAllSpoken(this.#spoken());
  }

  #spoken(): SpokenParts {
    const { records, flows, log } = this.#parts;
    return { ...records, flows, log };
  }
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
