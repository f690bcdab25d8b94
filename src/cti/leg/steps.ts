import { messageOf } from '../../core/errors.ts';
import { ignore } from '../../core/ignore.ts';
import type { Log } from '../../core/log.ts';
import type { EslEvent } from '../esl/connection.ts';
import { SwitchDownError, SwitchTimeoutError } from '../esl/esl.errors.ts';
import { CallGoneError } from '../call/call.errors.ts';
import type {
  CallCommands,
  ExecuteOptions,
  ExecuteResult,
  KeysAhead,
} from '../call/call-commands.ts';
import { inputOf, type Input } from './keys.ts';
import type { LegVariables } from './variables.ts';
import type { ExecuteMessage, SwitchLink } from '../call/link.ts';
import { legVariable, ownApplication } from '../call/recovery.ts';
import { isStepDone, isStepRunning, proofOf, stepVariables } from './step-proofs.ts';
import { variablesOf } from '../call/variables.ts';

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

export interface LegStepsParts {
  callId: string;
  legId: string;
  variables: LegVariables;
  link: SwitchLink;
  gone: AbortSignal;
  log: Log;
}

/** The applications that run on the customer's leg, each a step that is never run twice, and the keys that they read. */
export class LegSteps implements CallCommands {
  readonly #callId: string;
  readonly #legId: string;
  readonly #variables: LegVariables;
  readonly #link: SwitchLink;
  readonly #gone: AbortSignal;
  readonly #log: Log;
  readonly #waiters = new Map<string, Waiter>();
  /** Keys pressed while the leg ran nothing: between a menu's end and the next one's beginning. */
  #keysAhead = '';
  #breaks = 0;
  /** A predecessor's application may be on the leg that we know nothing of. */
  #isInherited: boolean;
  #steppedAt = performance.now();

  constructor({ callId, legId, variables, link, gone, log }: LegStepsParts) {
    this.#callId = callId;
    this.#legId = legId;
    this.#variables = variables;
    this.#link = link;
    this.#gone = gone;
    this.#log = log;
    this.#isInherited = variables.all[legVariable.step] !== undefined;
  }

  /** When the switch last told that an application had ended on this leg; monotonic milliseconds. */
  get steppedAt(): number {
    return this.#steppedAt;
  }

  async execute(options: ExecuteOptions): Promise<ExecuteResult> {
    this.#gone.throwIfAborted();
    const { step, application } = options;
    if (isStepDone(this.#variables.all, step, application)) {
      return { response: '_none_', variables: this.#variables.all, wasResumed: true, keys: '' };
    }
    if (isStepRunning(this.#variables.all, step, application)) {
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
    await Promise.all([
      this.#variables.set(this.#before(options, proof)),
      this.#run(options, isMarked),
    ]);
    return ended;
  }

  #before({ variables = {}, step }: ExecuteOptions, proof: string | undefined) {
    const isNews = ([name, value]: [string, string]) =>
      !(lasting.includes(name) && this.#variables.all[name] === value);
    const news = Object.fromEntries(Object.entries(variables).filter(isNews));
    return { ...news, ...stepVariables(step, proof) };
  }

  #markMessage(step: string): ExecuteMessage {
    const eventUuid = doneUuidOf(step);
    return {
      application: 'set',
      argument: `${legVariable.done}=${step}`,
      eventUuid,
      uuid: this.#legId,
    };
  }

  /** Queues what tells that the application is over, for whoever missed its end. */
  #mark(waiter: Waiter): void {
    if (waiter.isMarked) return;
    waiter.isMarked = true;
    this.#link.run([this.#markMessage(waiter.step)]).catch((error: unknown) => {
      waiter.isMarked = false;
      this.#log.debug(
        { callId: this.#callId, reason: messageOf(error) },
        'step proof not sent; sent again after the reconnect',
      );
    });
  }

  /** Sends the application and its mark; again when the connection broke before it arrived. */
  async #run({ application, argument, step }: ExecuteOptions, isMarked: boolean): Promise<void> {
    const messages = [
      { application, argument, eventUuid: eventUuidOf(step), uuid: this.#legId },
      ...(isMarked ? [this.#markMessage(step)] : []),
    ];
    this.#variables.send();
    for (;;) {
      try {
        const reply = await this.#link.run(messages);
        if (!reply.startsWith('+OK')) this.#log.debug({ reply }, 'command refused by the leg');
        return;
      } catch (error) {
        if (!(error instanceof SwitchDownError)) throw error;
        await this.#link.api(`uuid_exists ${this.#legId}`);
        this.#gone.throwIfAborted();
        if (isStepDone(this.#variables.all, step, application)) return;
        if (isStepRunning(this.#variables.all, step, application)) return;
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
        this.#gone.removeEventListener('abort', onGone);
      };
      const onGone = () => {
        finish();
        reject(new CallGoneError());
      };
      const timer = setTimeout(() => {
        finish();
        reject(new SwitchTimeoutError(options.application));
      }, options.timeoutMs);
      this.#gone.addEventListener('abort', onGone, { once: true });
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
          this.#steppedAt = performance.now();
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
    this.#gone.throwIfAborted();
    this.#variables.send();
    return this.#link.api([command, this.#legId, ...args].join(' '));
  }

  move(command: string): Promise<string> {
    this.#variables.send();
    return this.#link.api(command);
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
      this.#link.run([{ application, argument, eventUuid, uuid: this.#legId }]),
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

  /** Keys that nothing on the leg reads are kept: between two inputs, and while it is being answered. */
  onKey(key: string): void {
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
    const isWaiting = () => !this.#gone.aborted && [...this.#waiters.values()].includes(waiter);
    try {
      // What it says of the leg comes behind the end of the application, if that is on its way.
      await this.#link.api(`uuid_exists ${this.#legId}`);
      if (!isWaiting()) return;
      const { keys } = waiter;
      // Told of once more when it takes them.
      waiter.keys = '';
      waiter.patience = undefined;
      await this.#link.api(`uuid_recv_dtmf ${this.#legId} ${keys}`);
    } catch (error) {
      this.#log.debug({ reason: messageOf(error) }, 'forgotten idempotency keys not restored');
    }
  }

  /** The switch has told that an application ended. */
  onExecuted(event: EslEvent): void {
    const ended = (event['Application-UUID'] ?? '').replace(/\/done$/, '');
    this.#waiters.get(ended)?.resolve(event);
  }

  /** After a reconnect, once the variables are those of now: ends what ended meanwhile. */
  refresh(told: Readonly<Record<string, string>>): void {
    for (const waiter of [...this.#waiters.values()]) {
      const { step, application } = waiter;
      const isDone = isStepDone(this.#variables.all, step, application);
      if (isDone || told[legVariable.done] === step) waiter.resolve(headersOf(told));
      else this.#mark(waiter);
    }
  }

  /** Whether an application has run, as far as we were told, for at least so long. */
  isWaitingSince(ms: number): boolean {
    const now = performance.now();
    return [...this.#waiters.values()].some(({ since }) => now - since >= ms);
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
