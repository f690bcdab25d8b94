import { newId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { CallStore } from '../call/call-store.ts';
import type { LegStore } from '../leg/leg-store.ts';
import { originateArguments } from '../call/dial-string.ts';
import type { DialLegOptions } from '../call/dial.types.ts';
import type { Leg, LegRole } from '../leg/leg.types.ts';
import type { SwitchLink } from '../call/link.ts';
import { LiveLeg } from '../leg/live-leg.ts';
import { readRecord } from '../call/recovery.ts';
import type { EslEvent } from '../esl/connection.ts';
import type { LegFacts } from './channels.ts';

/** Of a Job-UUID; the leg's id follows. */
const jobPrefix = 'dial-';

export interface LegsOptions {
  /** Name of the switch. */
  switchNode: string;
  store: LegStore;
  /** Writes to the timeline of a call. */
  append: CallStore['append'];
  log: Log;
  /** What the legs' verbs use. */
  link: SwitchLink;
  background: (command: string, jobUuid: string, onSent?: () => void) => Promise<void>;
}

/** The further legs of one switch: those that we dialled, and those that a predecessor did. */
export class Legs {
  readonly #options: LegsOptions;
  readonly #legs = new Map<string, LiveLeg>();
  /** Job-UUID → what to do when the switch says that a leg did not come up. */
  readonly #jobs = new Map<string, (cause: string) => void>();
  /** Legs that the switch has promised to dial, or has shown, until it tells what came of it. */
  readonly #promised = new Set<string>();
  /** Of those, what was promised on a connection that broke: nobody may be told any more. */
  #inDoubt: ReadonlySet<string> = new Set();

  constructor(options: LegsOptions) {
    this.#options = options;
  }

  get(id: string): LiveLeg | undefined {
    return this.#legs.get(id);
  }

  ofCall(callId: string): Leg[] {
    return [...this.#legs.values()].filter((leg) => leg.callId === callId);
  }

  get all(): readonly Leg[] {
    return [...this.#legs.values()];
  }

  /** Another connection: what came of a leg in the meantime was told to nobody. */
  onConnect(): void {
    this.#inDoubt = new Set(this.#promised);
  }

  /** Such a leg is gone when the switch does not list it. */
  isInDoubt(id: string): boolean {
    return this.#inDoubt.has(id) && this.#promised.has(id);
  }

  get ids(): string[] {
    return [...this.#legs.keys()];
  }

  /** Starts to ring a telephone. The leg is told at once; `answered` says how it went. */
  dial(options: DialLegOptions): Leg {
    const id = newId();
    const command = originateArguments({ ...options, legId: id });
    const leg = this.#add({
      id,
      callId: options.callId,
      role: options.role,
      number: options.endpoint.kind === 'user' ? options.endpoint.user : options.endpoint.number,
      variables: {},
      isAnswered: false,
    });
    void this.#start(leg, command, options);
    return leg;
  }

  async #start(leg: LiveLeg, command: string, options: DialLegOptions): Promise<void> {
    const { store, log } = this.#options;
    const { before, isWanted, onSent } = options;
    // The row first: a crash right after the command must not leave a leg that nobody knows.
    const written = store.begin(leg).catch((error: unknown) => {
      log.error({ err: error, legId: leg.id }, 'leg not written');
    });
    try {
      await Promise.all([written, before]);
    } catch (error) {
      log.error({ err: error, callId: leg.callId, legId: leg.id }, 'originate failed');
      leg.end('NORMAL_TEMPORARY_FAILURE');
      return;
    }
    if (isWanted?.() === false) leg.end('ORIGINATOR_CANCEL');
    if (!leg.gone.aborted) await this.originate(leg.id, command, (cause) => leg.end(cause), onSent);
  }

  /** Sends `originate`; `onFailed` is told when the switch could not bring the leg up. */
  async originate(
    legId: string,
    command: string,
    onFailed: (cause: string) => void,
    onSent?: () => void,
  ): Promise<void> {
    const job = `${jobPrefix}${legId}`;
    this.#jobs.set(job, onFailed);
    try {
      await this.#options.background(`originate ${command}`, job, onSent);
      if (this.#jobs.has(job)) this.#promised.add(legId);
    } catch (error) {
      this.#jobs.delete(job);
      this.#options.log.warn({ err: error, legId }, 'originate failed');
      onFailed('NETWORK_OUT_OF_ORDER');
    }
  }

  /** A leg that is up on the switch and carries our marks; one that is known is brought up to date. */
  adopt(facts: LegFacts): Leg | undefined {
    const role = roleOf(facts);
    const callId = readRecord(facts.variables, 'call');
    if (role === undefined || callId === undefined) return undefined;
    const known = this.#legs.get(facts.uuid);
    if (known !== undefined) {
      known.refresh(facts);
      return undefined;
    }
    this.#promised.add(facts.uuid);
    return this.#add({
      id: facts.uuid,
      callId,
      role,
      number: facts.destination,
      variables: facts.variables,
      isAnswered: facts.isAnswered,
    });
  }

  onEvent(event: EslEvent): boolean {
    if (event['Event-Name'] === 'BACKGROUND_JOB') {
      this.#onJob(event);
      return true;
    }
    const leg = this.#legs.get(event['Unique-ID'] ?? '');
    leg?.onEvent(event);
    return leg !== undefined;
  }

  #onJob(event: EslEvent): void {
    const id = event['Job-UUID'] ?? '';
    const onFailed = this.#jobs.get(id);
    if (onFailed === undefined) return;
    this.#jobs.delete(id);
    this.#promised.delete(id.slice(jobPrefix.length));
    const failure = /^-ERR (\w+)/.exec(event['_body'] ?? '');
    if (failure !== null) onFailed(failure[1] ?? 'NORMAL_TEMPORARY_FAILURE');
  }

  /** Legs that the switch does not list any more. */
  lose(gone: readonly Leg[]): void {
    for (const { id } of gone) this.#legs.get(id)?.end('LOST_WHILE_DISCONNECTED');
  }

  /** Nothing is expected of that leg any more. */
  forget(legId: string): void {
    this.#jobs.delete(`${jobPrefix}${legId}`);
    this.#promised.delete(legId);
  }

  #add(facts: {
    id: string;
    callId: string;
    role: LegRole;
    number: string;
    variables: Readonly<Record<string, string>>;
    isAnswered: boolean;
  }): LiveLeg {
    const { store, log } = this.#options;
    const leg = new LiveLeg({
      ...facts,
      switchNode: this.#options.switchNode,
      link: this.#options.link,
      onAnswered: (one) => {
        this.#write(one, 'leg.answered', {}, () => store.answered(one.id));
      },
      onGone: (one) => {
        this.#legs.delete(one.id);
        this.forget(one.id);
        const cause = one.hangupCause ?? 'NORMAL_CLEARING';
        log.debug({ callId: one.callId, legId: one.id, role: one.role, cause }, 'leg ended');
        this.#write(one, 'leg.ended', { cause }, () => store.end(one.id, cause));
      },
    });
    this.#legs.set(leg.id, leg);
    return leg;
  }

  #write(
    leg: LiveLeg,
    kind: string,
    more: Record<string, unknown>,
    row: () => Promise<void>,
  ): void {
    const { append, log } = this.#options;
    const data = { legId: leg.id, role: leg.role, ...more };
    Promise.all([row(), append(leg.callId, kind, data)]).catch((error: unknown) => {
      log.error({ err: error, callId: leg.callId, legId: leg.id }, 'leg not written');
    });
  }
}

/** What a leg that carries our marks is; undefined for the customer's own. */
export function roleOf(facts: LegFacts): LegRole | undefined {
  const role = readRecord(facts.variables, 'role');
  return role === 'customer' ? undefined : role;
}
