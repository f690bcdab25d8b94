import { randomUUID } from 'node:crypto';
import type { Log } from '../../core/log.ts';
import type { Run, Step } from './channel.types.ts';
import type { Headers } from './events.ts';

/** What running an application uses of its leg. */
export interface RunningLeg {
  readonly uuid: string;
  readonly log: Log;
  readonly gone: AbortSignal;
  publish(name: string, extra?: Headers): void;
  setVariable(name: string, value: string | undefined): void;
}

interface Running {
  controller: AbortController;
  isStep: boolean;
}

export interface RunOptions {
  /** The id that events name; any, when left out. */
  uuid?: string | undefined;
  /** One of the leg's own steps, which only a redirect stops; not one beside them. */
  isStep?: boolean;
  controller?: AbortController;
}

/** Applications that run on a leg now, each told of by CHANNEL_EXECUTE and CHANNEL_EXECUTE_COMPLETE. */
export class ApplicationRuns {
  readonly #leg: RunningLeg;
  readonly #apply: (step: Step, run: Run) => Promise<string>;
  readonly #runs = new Set<Running>();
  #active = 0;
  #onIdle: (() => void) | undefined;

  /** `apply` does it, and resolves with its Application-Response. */
  constructor(leg: RunningLeg, apply: (step: Step, run: Run) => Promise<string>) {
    this.#leg = leg;
    this.#apply = apply;
  }

  /** Something runs beside the leg's own step. */
  get isBusy(): boolean {
    return [...this.#runs].some((run) => !run.isStep);
  }

  get isIdle(): boolean {
    return this.#active === 0;
  }

  /** Resolves once nothing runs. */
  settled(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Stops what runs last beside the leg's own step, or all of that; false when there is nothing. */
  break({ isAll }: { isAll: boolean }): boolean {
    const beside = [...this.#runs].filter((run) => !run.isStep);
    for (const run of isAll ? beside : beside.slice(-1)) run.controller.abort('break');
    return beside.length > 0;
  }

  /** Stops everything: the leg goes elsewhere. */
  leave(): void {
    for (const run of [...this.#runs]) run.controller.abort('redirect');
  }

  /** Resolves with the Application-Response, also when it failed or was stopped. */
  async run(step: Step, options: RunOptions = {}): Promise<string> {
    const { uuid = randomUUID(), isStep = false, controller = new AbortController() } = options;
    const run = { controller, isStep };
    this.#runs.add(run);
    this.#active += 1;
    this.#onBegun(step, uuid);
    let response = '_none_';
    try {
      const signal = AbortSignal.any([controller.signal, this.#leg.gone]);
      response = await this.#apply(step, { signal });
    } catch (error) {
      const { log, uuid: channel } = this.#leg;
      log.warn({ err: error, channel, app: step.application }, 'application failed');
    }
    this.#runs.delete(run);
    this.#onDone(step, uuid, response);
    this.#active -= 1;
    if (this.isIdle) this.#onIdle?.();
    return response;
  }

  #onBegun(step: Step, uuid: string): void {
    const leg = this.#leg;
    leg.setVariable('current_application', step.application);
    leg.setVariable('current_application_data', step.argument);
    leg.setVariable('current_application_response', undefined);
    if (step.isQuiet === true) return;
    leg.publish('CHANNEL_EXECUTE', [...headersOf(step), ['Application-UUID', uuid]]);
  }

  #onDone(step: Step, uuid: string, response: string): void {
    const leg = this.#leg;
    leg.setVariable('current_application_response', response === '_none_' ? undefined : response);
    if (step.isQuiet === true || step.isEndless === true) return;
    leg.publish('CHANNEL_EXECUTE_COMPLETE', [
      ...headersOf(step),
      ['Application-Response', response],
      ['Application-UUID', uuid],
    ]);
  }
}

function headersOf({ application, argument }: Step): Headers {
  return [
    ['Application', application],
    ...(argument === '' ? [] : [['Application-Data', argument] as const]),
  ];
}
