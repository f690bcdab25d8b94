import { backoffMs } from '../core/concurrency/backoff.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { isAlive } from './processes.ts';

export interface KeeperOptions {
  /** For the log: `switch`, `database`. */
  name: string;
  pid: number;
  /** Starts it anew on the same ports, or finds the one that another service has started; its process id. */
  start: () => Promise<number>;
  log: Log;
  /** How often the process is looked at; one that an earlier service started tells us of no exit. */
  everyMs?: number;
}

/** A process that lives for so long after its start has started well: the next death is the first one again. */
const isSteadyAfterMs = 30_000;

/**
 * Starts a local process again when it dies: at once the first time, then with a growing pause of at most five
 * seconds, for as long as the service runs.
 */
export class Keeper {
  readonly #options: KeeperOptions;
  readonly #timer: NodeJS.Timeout;
  #pid: number;
  #startedAt = performance.now();
  #failures = 0;
  #notBefore = 0;
  #starting: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
    this.#pid = options.pid;
    this.#timer = setInterval(() => this.#look(), options.everyMs ?? 200);
    this.#timer.unref();
  }

  get pid(): number {
    return this.#pid;
  }

  /** Looks no more; resolves when a start that was under way has ended. The process itself goes on. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#timer);
    await this.#starting;
  }

  #look(): void {
    if (this.#isStopped || this.#starting !== undefined) return;
    const now = performance.now();
    if (now < this.#notBefore || isAlive(this.#pid)) return;
    this.#starting = this.#restart(now).finally(() => {
      this.#starting = undefined;
    });
  }

  async #restart(now: number): Promise<void> {
    const { name, log, start } = this.#options;
    if (now - this.#startedAt >= isSteadyAfterMs) this.#failures = 0;
    log.error(
      { process: name, pid: this.#pid, failures: this.#failures },
      'process died; starting it again',
    );
    try {
      this.#pid = await start();
      log.info({ process: name, pid: this.#pid }, 'process started again');
    } catch (error) {
      log.error({ process: name, reason: messageOf(error) }, 'process could not be started again');
    }
    this.#startedAt = performance.now();
    this.#failures += 1;
    this.#notBefore = this.#failures === 1 ? 0 : this.#startedAt + backoffMs(this.#failures, 1);
  }
}
