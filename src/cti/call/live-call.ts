import { messageOf } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { Mailbox } from '../../core/concurrency/mailbox.ts';
import type { CallDirection } from '../../db/schema.ts';
import { SwitchDownError, SwitchTimeoutError } from '../esl/esl.errors.ts';
import type { EslEvent } from '../esl/connection.ts';
import { CallGoneError } from './call.errors.ts';
import type { CallStore } from './call-store.ts';
import type { CallCommands, ExecuteOptions, ExecuteResult, KeysAhead } from './call-commands.ts';
import type { Call, CallChange } from './call.types.ts';
import { inputOf, type Input } from './keys.ts';
import type { LegSignal } from './leg.types.ts';
import type { ExecuteMessage, SwitchLink } from './link.ts';
import {
  legVariable,
  ownApplication,
  readRecord,
  writeRecord,
  type LegRecord,
  type LegRecordName,
} from './recovery.ts';
import { isStepDone, isStepRunning, proofOf, stepVariables } from './step-proofs.ts';
import { assignments, otherOf, referTarget, variablesOf } from './variables.ts';
import { ignore } from '../../core/ignore.ts';

export interface LiveCallOptions {
  id: string;
  legId: string;
  direction: CallDirection;
  did: string;
  callerNumber: string;
  isNumberVerified: boolean;
  isNumberPrivate: boolean;
  startedAt: Date;
  switchNode: string;
  isAnswered: boolean;
  variables: Readonly<Record<string, string>>;
  link: SwitchLink;
  store: CallStore;
  log: Log;
}

interface Waiter {
  /** Monotonic milliseconds. */
  since: number;
  resolve: (event: EslEvent) => void;
  application: string;
  step: string;
  /** `set lt_done=<step>` is queued behind it. */
  isMarked: boolean;
  /** Keys told of while it was awaited, whether it took them or they came too early for it. */
  keys: string;
  input: (keys: string) => Input;
  patience: NodeJS.Timeout | undefined;
}

/** Variables that wait for the end of this turn, or for the next command. */
interface Unsent {
  variables: Record<string, string>;
  reply: Promise<string>;
  send: () => void;
}

/** A switch that has all the keys that it waits for says so far sooner. */
const forgottenMs = 500;

const maxKeysAhead = 32;

/** Applications that take no keys. */
const unreading = ['answer', 'set'];

/** Stay as they are until we set them again. */
const lasting = ['playback_terminators'];

/** Does nothing but end behind what was broken. */
const breakMark = {
  ...{ application: 'set', argument: `${legVariable.broken}=` },
  ...{ step: 'break', timeoutMs: 20_000 },
};

/** A call with its leg on the switch. Events come in through `onEvent`, in order. */
export class LiveCall implements Call, CallCommands {
  readonly id: string;
  readonly legId: string;
  readonly direction: CallDirection;
  readonly did: string;
  readonly callerNumber: string;
  readonly isNumberVerified: boolean;
  readonly isNumberPrivate: boolean;
  readonly startedAt: Date;
  readonly switchNode: string;
  readonly log: Log;
  readonly mailbox: Mailbox;
  readonly commands: CallCommands = this;
  readonly link: SwitchLink;
  hangupCause: string | undefined;
  isAnswered = false;
  steppedAt = performance.now();
  readonly answered: Promise<void>;
  bridgedTo: string | undefined;
  #markAnswered: () => void = () => undefined;
  readonly #listeners = new Set<(signal: LegSignal) => void>();
  readonly #gone = new AbortController();
  readonly #store: CallStore;
  readonly #waiters = new Map<string, Waiter>();
  /** Keys pressed while the leg ran nothing: between a menu's end and the next one's beginning. */
  #keysAhead = '';
  #breaks = 0;
  /** A predecessor's application may be on the leg that we know nothing of. */
  #isInherited: boolean;
  /** What a predecessor left behind, as the switch last told it. */
  #variables: Record<string, string>;
  #unsent: Unsent | undefined;
  /** Sent, and not yet answered: older news of the leg lack them. */
  readonly #underWay = new Set<Readonly<Record<string, string>>>();

  constructor(options: LiveCallOptions) {
    this.id = options.id;
    this.legId = options.legId;
    this.direction = options.direction;
    this.did = options.did;
    this.callerNumber = options.callerNumber;
    this.isNumberVerified = options.isNumberVerified;
    this.isNumberPrivate = options.isNumberPrivate;
    this.startedAt = options.startedAt;
    this.switchNode = options.switchNode;
    this.log = options.log.child({ callId: options.id });
    this.mailbox = new Mailbox(this.log);
    this.#variables = { ...options.variables };
    this.#isInherited = options.variables[legVariable.step] !== undefined;
    this.bridgedTo = options.variables['signal_bond'];
    this.link = options.link;
    this.#store = options.store;
    this.answered = new Promise((resolve) => {
      this.#markAnswered = () => {
        this.isAnswered = true;
        resolve();
      };
    });
    if (options.isAnswered) this.#markAnswered();
  }

  onSignal(listener: (signal: LegSignal) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #signal(kind: LegSignal['kind'], otherLegId: string | undefined): void {
    if (kind === 'bridged') this.bridgedTo = otherLegId;
    // The end of an earlier bridge may be told after the beginning of the next.
    if (kind === 'parked' || (kind === 'unbridged' && otherLegId === this.bridgedTo)) {
      this.bridgedTo = undefined;
    }
    for (const listener of [...this.#listeners]) {
      listener({ kind, legId: this.legId, otherLegId });
    }
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  async remember(data: Readonly<Partial<LegRecord>>): Promise<void> {
    await this.claim(data);
  }

  /** Remembers; false when the switch has no such leg any more. */
  async claim(data: Readonly<Partial<LegRecord>>): Promise<boolean> {
    const reply = await this.#set(writeRecord(data));
    return !reply.startsWith('-ERR');
  }

  recall<Name extends LegRecordName>(name: Name): LegRecord[Name] | undefined {
    return readRecord(this.#variables, name);
  }

  /**
   * Variables of one turn of the event loop go in one command, ahead of whatever else is sent for this leg:
   * FreeSWITCH reads commands byte by byte. Resolves with the switch's reply.
   */
  #set(variables: Readonly<Record<string, string>>): Promise<string> {
    this.gone.throwIfAborted();
    // Whoever brings what cannot be sent hears of it, and nobody else.
    assignments(variables);
    Object.assign(this.#variables, variables);
    this.#unsent ??= this.#nextUnsent();
    Object.assign(this.#unsent.variables, variables);
    return this.#unsent.reply;
  }

  #nextUnsent(): Unsent {
    const variables: Record<string, string> = {};
    let send: () => void = () => undefined;
    const reply = new Promise<string>((resolve, reject) => {
      send = () => {
        this.#unsent = undefined;
        this.#underWay.add(variables);
        const command = `uuid_setvar_multi ${this.legId} ${assignments(variables)}`;
        const sent = this.link.api(command).finally(() => this.#underWay.delete(variables));
        sent.then(resolve, reject);
      };
    });
    const unsent = { variables, reply, send };
    setImmediate(() => {
      if (this.#unsent === unsent) unsent.send();
    });
    return unsent;
  }

  async execute(options: ExecuteOptions): Promise<ExecuteResult> {
    this.gone.throwIfAborted();
    const { step, application } = options;
    if (isStepDone(this.#variables, step, application)) {
      return { response: '_none_', variables: this.#variables, wasResumed: true, keys: '' };
    }
    if (isStepRunning(this.#variables, step, application)) {
      const { ended, waiter } = this.#completion(eventUuidOf(step), options, true);
      // It may be over already, and its end was told to nobody.
      this.#mark(waiter);
      return ended;
    }
    // Two at a time would leave their proofs one for the other.
    const isAlone = this.#waiters.size === 0 && !this.#isInherited;
    const proof = isAlone ? proofOf(application) : undefined;
    const isMarked = proof === undefined;
    const { ended, waiter } = this.#completion(eventUuidOf(step), options, false);
    waiter.isMarked = isMarked;
    // Both in one go: the switch takes commands in order, so that nothing is gained by waiting.
    await Promise.all([this.#set(this.#before(options, proof)), this.#run(options, isMarked)]);
    return ended;
  }

  #before({ variables = {}, step }: ExecuteOptions, proof: string | undefined) {
    const isNews = ([name, value]: [string, string]) =>
      !(lasting.includes(name) && this.#variables[name] === value);
    const news = Object.fromEntries(Object.entries(variables).filter(isNews));
    return { ...news, ...stepVariables(step, proof) };
  }

  #markMessage(step: string): ExecuteMessage {
    const eventUuid = doneUuidOf(step);
    return {
      application: 'set',
      argument: `${legVariable.done}=${step}`,
      eventUuid,
      uuid: this.legId,
    };
  }

  /** Queues what tells that the application is over, for whoever missed its end. */
  #mark(waiter: Waiter): void {
    if (waiter.isMarked) return;
    waiter.isMarked = true;
    this.link.run([this.#markMessage(waiter.step)]).catch((error: unknown) => {
      waiter.isMarked = false;
      this.log.debug(
        { callId: this.id, reason: messageOf(error) },
        'step proof not sent; sent again after the reconnect',
      );
    });
  }

  /** Sends the application and its mark; again when the connection broke before it arrived. */
  async #run({ application, argument, step }: ExecuteOptions, isMarked: boolean): Promise<void> {
    const messages = [
      { application, argument, eventUuid: eventUuidOf(step), uuid: this.legId },
      ...(isMarked ? [this.#markMessage(step)] : []),
    ];
    this.#unsent?.send();
    for (;;) {
      try {
        const reply = await this.link.run(messages);
        if (!reply.startsWith('+OK')) this.log.debug({ reply }, 'command refused by the leg');
        return;
      } catch (error) {
        if (!(error instanceof SwitchDownError)) throw error;
        await this.link.api(`uuid_exists ${this.legId}`);
        this.gone.throwIfAborted();
        if (isStepDone(this.#variables, step, application)) return;
        if (isStepRunning(this.#variables, step, application)) return;
      }
    }
  }

  #completion(
    eventUuid: string,
    options: ExecuteOptions,
    isResumed: boolean,
  ): { ended: Promise<ExecuteResult>; waiter: Waiter } {
    let waiter!: Waiter;
    const ended = new Promise<ExecuteResult>((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        clearTimeout(waiter.patience);
        this.#waiters.delete(eventUuid);
        this.gone.removeEventListener('abort', onGone);
      };
      const onGone = () => {
        finish();
        reject(new CallGoneError());
      };
      const timer = setTimeout(() => {
        finish();
        reject(new SwitchTimeoutError(options.application));
      }, options.timeoutMs);
      this.gone.addEventListener('abort', onGone, { once: true });
      waiter = {
        since: performance.now(),
        application: options.application,
        step: options.step,
        isMarked: false,
        keys: '',
        input: options.input ?? ((keys) => ({ digits: keys, isWhole: false, used: keys.length })),
        patience: undefined,
        resolve: (event) => {
          finish();
          this.steppedAt = performance.now();
          this.#isInherited = false;
          const { isWhole, used } = waiter.input(waiter.keys);
          if (isWhole) this.#keysAhead = waiter.keys.slice(used) + this.#keysAhead;
          resolve({
            response: event['Application-Response'] ?? '_none_',
            // Hundreds of them; most steps ask for none.
            get variables() {
              return variablesOf(event);
            },
            wasResumed: isResumed,
            keys: waiter.keys,
          });
        },
      };
      this.#waiters.set(eventUuid, waiter);
    });
    void ignore(ended, 'nobody asks for the end of this application');
    return { ended, waiter };
  }

  async api(command: string, args: readonly string[]): Promise<string> {
    this.gone.throwIfAborted();
    this.#unsent?.send();
    return this.link.api([command, this.legId, ...args].join(' '));
  }

  move(command: string): Promise<string> {
    this.#unsent?.send();
    return this.link.api(command);
  }

  /**
   * Ends what the leg runs; resolves when that has ended. What was queued but had not begun is dropped by
   * the switch without a word, so that a mark queued behind tells when whatever has not ended never will.
   */
  async break(): Promise<void> {
    const before = [...this.#waiters];
    const step = `break/${(this.#breaks += 1)}`;
    const eventUuid = eventUuidOf(step);
    const passed = this.#completion(eventUuid, { ...breakMark, step }, false);
    const { application, argument } = breakMark;
    await Promise.all([
      this.api('uuid_break', ['all']),
      this.link.run([{ application, argument, eventUuid, uuid: this.legId }]),
    ]);
    await passed.ended;
    for (const [eventUuid, waiter] of before) {
      if (this.#waiters.get(eventUuid) === waiter) waiter.resolve({});
    }
  }

  takeKeysAhead(max: number, terminator: string): KeysAhead {
    const { digits, isWhole, used } = inputOf(this.#keysAhead, max, terminator);
    this.#keysAhead = this.#keysAhead.slice(used);
    return { digits, isComplete: isWhole };
  }

  record(kind: string, data: Record<string, unknown>): void {
    void ignore(this.#store.append(this.id, kind, data), 'the timeline lacks a line');
  }

  async update(change: CallChange): Promise<void> {
    await ignore(this.#store.update(this.id, change), 'the row of the call lags behind');
  }

  onEvent(event: EslEvent): void {
    const name = event['Event-Name'];
    // Of its own the answer of a leg that came in is not told of, see `eventFilters`.
    // An application that reaches a leg between its answer and its park is broken off by the park.
    const isEarly = this.direction === 'outbound' && name === 'CHANNEL_ANSWER';
    const isOwn = event['Unique-ID'] === this.legId && !isEarly;
    if (isOwn && !this.isAnswered && event['Answer-State'] === 'answered') {
      this.#markAnswered();
      void ignore(this.#store.answered(this.id, this.legId), 'the end of the call writes it too');
    }
    if (name === 'CHANNEL_EXECUTE_COMPLETE') {
      const ended = (event['Application-UUID'] ?? '').replace(/\/done$/, '');
      this.#waiters.get(ended)?.resolve(event);
    } else if (name === 'DTMF') {
      this.#onKey(event['DTMF-Digit'] ?? '');
    } else if (name === 'CHANNEL_PARK') {
      this.#signal('parked', undefined);
      this.#onReferred(event['variable_sip_refer_to'] ?? '');
    } else if (name === 'CHANNEL_BRIDGE' || name === 'CHANNEL_UNBRIDGE') {
      this.#signal(name === 'CHANNEL_BRIDGE' ? 'bridged' : 'unbridged', otherOf(event, this.legId));
    } else if (name === 'CHANNEL_HANGUP_COMPLETE') {
      this.end(event['Hangup-Cause'] ?? 'NORMAL_CLEARING');
    }
  }

  /** The partner's telephone sent this leg elsewhere; the switch has parked it and waits for us. */
  #onReferred(referTo: string): void {
    if (referTo === '') return;
    // Told once: every later park would bring it again.
    this.link.api(`uuid_setvar ${this.legId} sip_refer_to`).catch((error: unknown) => {
      this.log.debug({ reason: messageOf(error) }, 'transferred leg has ended');
    });
    const target = referTarget(referTo);
    this.log.info({ pii: { target } }, 'transfer by the telephone itself (REFER)');
    for (const listener of [...this.#listeners]) {
      listener({ kind: 'referred', legId: this.legId, otherLegId: undefined, target });
    }
  }

  /** Keys that nothing on the leg reads are kept: between two inputs, and while it is being answered. */
  #onKey(key: string): void {
    const waiters = [...this.#waiters.values()];
    for (const waiter of waiters) {
      waiter.keys += key;
      if (waiter.patience !== undefined || !waiter.input(waiter.keys).isWhole) continue;
      waiter.patience = setTimeout(() => void this.#remind(waiter), forgottenMs);
    }
    const isUnread = waiters.every(({ application }) => unreading.includes(application));
    if (isUnread && this.#keysAhead.length < maxKeysAhead) this.#keysAhead += key;
  }

  /** Gives the switch keys again that it has told of and still waits for. */
  async #remind(waiter: Waiter): Promise<void> {
    const isWaiting = () => !this.gone.aborted && [...this.#waiters.values()].includes(waiter);
    try {
      // What it says of the leg comes behind the end of the application, if that is on its way.
      await this.link.api(`uuid_exists ${this.legId}`);
      if (!isWaiting()) return;
      const { keys } = waiter;
      // Told of once more when it takes them.
      waiter.keys = '';
      waiter.patience = undefined;
      await this.link.api(`uuid_recv_dtmf ${this.legId} ${keys}`);
    } catch (error) {
      this.log.debug({ reason: messageOf(error) }, 'forgotten idempotency keys not restored');
    }
  }

  /** After a reconnect: what the switch says of the leg now. Settles what ended meanwhile. */
  refresh(variables: Readonly<Record<string, string>>): void {
    this.#variables = Object.assign(
      { ...variables },
      ...this.#underWay,
      this.#unsent?.variables,
    ) as Record<string, string>;
    this.bridgedTo = variables['signal_bond'];
    for (const waiter of [...this.#waiters.values()]) {
      const { step, application } = waiter;
      if (isStepDone(this.#variables, step, application) || variables[legVariable.done] === step) {
        waiter.resolve(headersOf(variables));
      } else {
        this.#mark(waiter);
      }
    }
  }

  /** Whether an application has run, as far as we were told, for at least so long. */
  isWaitingSince(ms: number): boolean {
    const now = performance.now();
    return [...this.#waiters.values()].some(({ since }) => now - since >= ms);
  }

  /** The call lives on, but another service leads it now. */
  letGo(): void {
    this.#gone.abort(new CallGoneError());
  }

  end(cause: string): void {
    if (this.gone.aborted) return;
    this.hangupCause = cause;
    this.#gone.abort(new CallGoneError());
  }
}

function eventUuidOf(step: string): string {
  return `${ownApplication}${step}`;
}

function doneUuidOf(step: string): string {
  return `${eventUuidOf(step)}/done`;
}

/** Variables as an event has them. */
function headersOf(variables: Readonly<Record<string, string>>): EslEvent {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [`variable_${name}`, value]),
  );
}
