import type { ApplicationRuns } from './application-runs.ts';

/** What a leg hears while its partner holds it, over and over, beside whatever it does. */
export class HoldMusic {
  readonly #applications: ApplicationRuns;
  readonly #gone: AbortSignal;
  #playing: AbortController | undefined;

  constructor(applications: ApplicationRuns, gone: AbortSignal) {
    this.#gone = gone;
    this.#applications = applications;
  }

  start(file: string): void {
    this.stop();
    const controller = new AbortController();
    this.#playing = controller;
    void this.#play(file, controller);
  }

  stop(): void {
    this.#playing?.abort('break');
    this.#playing = undefined;
  }

  async #play(file: string, controller: AbortController): Promise<void> {
    while (!controller.signal.aborted && !this.#gone.aborted) {
      const step = { application: 'playback', argument: file };
      const response = await this.#applications.run(step, { controller });
      if (response !== 'FILE PLAYED') return;
    }
  }
}
