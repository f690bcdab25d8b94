import type { DiskState } from '../contract/codes.ts';
import { statfs } from 'node:fs/promises';
import { diskState, type DiskLimits } from './disk.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';

export interface Disk {
  state: DiskState;
  freeMb: number;
}

export interface DiskWatchOptions {
  /** A folder on the disk that is watched. */
  dir: string;
  limits: DiskLimits;
  log: Log;
  everyMs?: number;
}

const bytesPerMb = 1024 * 1024;

/** Looks at the room on the disk of the data folder and tells when it becomes short, or is there again. */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  readonly #listeners = new Set<(disk: Disk) => void>();
  readonly #timer: NodeJS.Timeout;
  #disk: Disk = { state: 'ok', freeMb: 0 };

  private constructor(options: DiskWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#look(), options.everyMs ?? 5000);
    this.#timer.unref();
  }

  static async open(options: DiskWatchOptions): Promise<DiskWatch> {
    const watch = new DiskWatch(options);
    await watch.#look();
    return watch;
  }

  get disk(): Disk {
    return this.#disk;
  }

  /** Told of every change of state from now on, and at once when there is no room now. */
  onChange(listener: (disk: Disk) => void): void {
    this.#listeners.add(listener);
    if (this.#disk.state !== 'ok') listener(this.#disk);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const { dir, limits, log } = this.#options;
    try {
      const { bavail, bsize } = await statfs(dir);
      const before = this.#disk.state;
      const state = diskState(bavail * bsize, limits, before);
      this.#disk = { state, freeMb: Math.floor((bavail * bsize) / bytesPerMb) };
      if (state === before) return;
      const line = { disk: state, freeMb: this.#disk.freeMb };
      if (state === 'ok') log.info(line, 'disk has room again');
      else log.error(line, 'disk runs full; recordings will be cut');
      for (const listener of this.#listeners) listener(this.#disk);
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'free disk space not read');
    }
  }
}
