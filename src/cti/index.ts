/** Calls on switches: the only part that speaks the event socket. */
import type { Clock } from '../core/clock.ts';
import { Listeners } from '../core/listeners.ts';
import type { Log } from '../core/log.ts';
import { takeLock, type Pool } from '../db/index.ts';
import type { NewCall } from './call/begin-call.ts';
import { createCallStore } from './call/call-store.ts';
import type { Call } from './call/call.types.ts';
import { createLegStore } from './leg/leg-store.ts';
import type { DialCallOptions } from './call/dial.types.ts';
import type { Leg, LegAddress } from './leg/leg.types.ts';
import type { EslAddress } from './esl/connection.ts';
import { NoModemError, SwitchDownError, UnknownNodeError } from './esl/esl.errors.ts';
import type { AudioReport } from './nodes/audio.ts';
import { dumpedFacts, seen, type LegSeen } from './nodes/channels.ts';
import { Lease } from './nodes/lease.ts';
import { SwitchNode } from './nodes/node.ts';
import { place, type CallNeeds, type NodeFacts } from './nodes/placement.ts';
import type { SwitchVariables } from './nodes/switch-names.ts';
import { endRegistrations } from './nodes/registrations.ts';
import { hasModem, modemsOf, type Modems } from './verbs/fax.ts';

export { CallGoneError, LegFailedError } from './call/call.errors.ts';
export type { DialCallOptions, Endpoint } from './call/dial.types.ts';
export type { Leg, LegAddress, LegRole, LegSignal } from './leg/leg.types.ts';
export type { Call, CallChange } from './call/call.types.ts';
export { callPurposes, legVariable, type CallPurpose, type LegRecord } from './call/recovery.ts';
export { NoModemError, SwitchDownError } from './esl/esl.errors.ts';
export { switchVariable, type SwitchVariables } from './nodes/switch-names.ts';
export type { LegSeen, LegSound } from './nodes/channels.ts';
export { answer } from './verbs/answer.ts';
export { bridge, bridgeLegs } from './verbs/bridge.ts';
export { collect, forgetKeys, type CollectOptions } from './verbs/collect.ts';
export { confer } from './verbs/conference.ts';
export { readFaxNote, sendFax, type FaxSeen, type Modems } from './verbs/fax.ts';
export { hangup, hangUpLeg } from './verbs/hang-up.ts';
export { hold, playMusic, ringBack, type Tune } from './verbs/hold.ts';
export { interrupt } from './verbs/interrupt.ts';
export { park, parkLeg } from './verbs/park.ts';
export { playToLeg } from './verbs/play-to-leg.ts';
export { play } from './verbs/play.ts';
export { startRecording, stopRecording } from './verbs/record-call.ts';
export {
  quietLevel,
  recordMessage,
  type Recorded,
  type RecordOptions,
} from './verbs/record-message.ts';
export { ring, type PartyToRing } from './verbs/ring.ts';
export { listen } from './verbs/supervise.ts';

export interface CtiOptions {
  db: Pool;
  clock: Clock;
  log: Log;
  nodes: readonly (EslAddress & { name: string })[];
  /** Differs between installations and stays over restarts; see `Lease`. */
  installation: string;
  /** Seconds that the switch waits for a service that is dead, before it tells a caller so. */
  deadManSec: number;
  /** Variables of the switches themselves; asked again now and then. */
  switchVariables: () => Promise<Partial<SwitchVariables>>;
  /** The last look at a number outside before the switch is asked to dial it: throws when it may not be. */
  checkNumber?: (number: string) => void;
}

/** What others ask to hear of, before `start`. All who asked are told, in the order in which they did. */
export interface CtiEvents {
  /** A call has come in, or was met that a process before this one led. */
  onCall(listener: (call: Call, how: 'new' | 'adopted') => void): void;
  /** A call ended while nobody watched. */
  onLost(listener: (callId: string) => Promise<void>): void;
  /** After each connect, and when events were lost: everything that lives on that switch is known. */
  onReconciled(listener: (switchNode: string) => void): void;
  /** This service drives a switch now, and did not before. Calls are met when all have resolved, one after the other. */
  onLead(listener: () => Promise<void>): void;
  /** Another service drives every switch that this one drove; its calls are let go right after. */
  onStandby(listener: () => void): void;
  /** A switch may hold messages and faxes that it took without us. */
  onUnattended(listener: () => void): void;
}

export interface Cti extends CtiEvents {
  start(): void;
  /** Lets go of the switches; live calls stay parked for the next process. */
  stop(): Promise<void>;
  /** Also while its connection is broken: until another service drives. */
  readonly isDriving: boolean;
  readonly nodes: readonly {
    name: string;
    isConnected: boolean;
    isStandby: boolean;
    /** Whether its callers hear anything. */
    audio: AudioReport;
    /** What the switch's limits refused since its start, by reason. */
    refusals(): Promise<Readonly<Record<string, number>>>;
  }[];
  /** Whether a leg lives on any switch; undefined when a switch cannot be asked. */
  isAlive(legId: string): Promise<boolean | undefined>;
  /** Writes the row of a call that nobody watched. Safe to repeat. */
  recordUnwatched(call: NewCall): Promise<void>;
  readonly calls: readonly Call[];
  call(id: string): Call | undefined;
  /**
   * Calls a customer; resolves as soon as it rings, see `Call.answered` and `Call.gone`. Throws `switch.down`,
   * `fax.not_possible`, `dial.unsafe`, and what `checkNumber` throws.
   */
  dialCall(options: DialCallOptions): Promise<Call>;
  /** The further legs of a call that live now, also those of a predecessor. */
  legsOf(callId: string): readonly Leg[];
  /** What the switch says of a leg at this moment; undefined when it is gone. */
  look(leg: LegAddress): Promise<LegSeen | undefined>;
  /** Appends to the timeline of a call that may be over, e.g. what came of it. */
  record(callId: string, kind: string, data: Record<string, unknown>): void;
  /** Telephones of that user are no longer registered, on any switch. Never rejects, or waits, for a switch that is away. */
  endRegistrations(username: string): Promise<void>;
  readonly modems: Modems;
}

export function buildCti(options: CtiOptions): Cti {
  const { db, clock, log, installation, switchVariables, deadManSec, checkNumber } = options;
  const heard = nobodyYet();
  const store = createCallStore(db, clock, log);
  const driven = new Set<string>();
  let leading: Promise<void> | undefined;
  const onDriving = async (name: string): Promise<void> => {
    driven.add(name);
    leading ??= heard.onLead.tellInTurn();
    await leading;
  };
  const onDefeat = (name: string): void => {
    if (!driven.delete(name) || driven.size > 0) return;
    leading = undefined;
    heard.onStandby.tell();
  };
  const stores = { store, legStore: createLegStore(db, clock) };
  const nodes = options.nodes.map(
    ({ name, ...address }) =>
      new SwitchNode({
        ...{ name, address, ...stores, clock, log, switchVariables, deadManSec, checkNumber },
        ...{ onDriving, onDefeat },
        onCall: (...met) => heard.onCall.tell(...met),
        onLost: (callId) => heard.onLost.tellInTurn(callId),
        onReconciled: (switchNode) => heard.onReconciled.tell(switchNode),
        onUnattended: () => heard.onUnattended.tell(),
        lease: new Lease({
          node: name,
          installation,
          log,
          takeLock: (lock, onWait, signal) => takeLock(db, lock, { onWait, signal }),
        }),
      }),
  );
  const nodeOf = (name: string): SwitchNode => {
    const node = nodes.find((one) => one.name === name);
    if (node === undefined) throw new UnknownNodeError(name);
    return node;
  };
  let running: Promise<unknown> = Promise.resolve();
  return {
    onCall: heard.onCall.add,
    onLost: heard.onLost.add,
    onReconciled: heard.onReconciled.add,
    onLead: heard.onLead.add,
    onStandby: heard.onStandby.add,
    onUnattended: heard.onUnattended.add,
    start() {
      running = Promise.all(nodes.map((node) => node.run()));
    },
    async stop() {
      for (const node of nodes) node.stop();
      await running;
      await store.close();
    },
    get isDriving() {
      return driven.size > 0;
    },
    get nodes() {
      return nodes.map((node) => ({
        name: node.name,
        isConnected: node.isConnected,
        isStandby: node.isStandby,
        audio: node.audio.report(performance.now()),
        refusals: () => node.refusals(),
      }));
    },
    async isAlive(legId) {
      if (nodes.some((node) => !node.isConnected)) return undefined;
      const replies = await Promise.all(nodes.map((node) => node.api(`uuid_exists ${legId}`)));
      return replies.includes('true');
    },
    async recordUnwatched(call) {
      await store.begin(call);
      await store.answered(call.id, call.legId);
      await store.end(call.id, 'UNATTENDED');
    },
    get calls() {
      return nodes.flatMap((node) => node.calls);
    },
    call: (id) => nodes.flatMap((node) => node.calls).find((call) => call.id === id),
    dialCall: async ({ needs = 'nothing', ...options }) =>
      (await placed(nodes, needs)).dialCall(options),
    async look({ id, switchNode }) {
      const facts = dumpedFacts(await nodeOf(switchNode).api(`uuid_dump ${id} json`));
      return facts && seen(facts);
    },
    legsOf: (callId) => nodes.flatMap((node) => node.legs.ofCall(callId)),
    record(callId, kind, data) {
      store.append(callId, kind, data).catch((error: unknown) => {
        log.error({ err: error, callId }, 'timeline of a call not written');
      });
    },
    endRegistrations: (username) => endRegistrations(nodes, username, log),
    modems: modemsOf(nodes),
  };
}

function nobodyYet() {
  return {
    onCall: new Listeners<[Call, 'new' | 'adopted']>(),
    onLost: new Listeners<[string], Promise<void>>(),
    onReconciled: new Listeners<[string]>(),
    onLead: new Listeners<[], Promise<void>>(),
    onStandby: new Listeners<[]>(),
    onUnattended: new Listeners<[]>(),
  };
}

/** The switch that dials a call of ours. Throws `switch.down`, `fax.not_possible`. */
async function placed(nodes: readonly SwitchNode[], needs: CallNeeds): Promise<SwitchNode> {
  const facts: NodeFacts[] = [];
  for (const node of nodes) {
    const { name, isConnected } = node;
    // One after the other: a switch that hangs must not hold up a fax that another one can send.
    const isAsked = needs === 'modem' && isConnected && !facts.some((one) => one.hasModem);
    facts.push({ name, isConnected, hasModem: isAsked && (await hasModem(node)) });
  }
  const placement = place(facts, needs);
  const chosen = nodes.find((node) => 'node' in placement && node.name === placement.node);
  if (chosen !== undefined) return chosen;
  const isModemMissing = 'refused' in placement && placement.refused === 'no modem';
  throw isModemMissing ? new NoModemError() : new SwitchDownError();
}
