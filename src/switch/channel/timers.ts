import { timerMs } from './waiting.ts';

interface Task {
  timer: NodeJS.Timeout;
  group: string;
  /** Whom it is about, if it ends with them. */
  owner: object | undefined;
}

/** What is to happen later, by number and group: `sched_api`, `sched_hangup`, `sched_transfer`. */
export class Timers {
  readonly #tasks = new Map<number, Task>();
  #nextId = 1;

  /** Returns the number by which it can be taken back. */
  schedule(delayMs: number, group: string, task: () => void, owner?: object): number {
    const id = this.#nextId;
    this.#nextId += 1;
    const timer = setTimeout(() => {
      this.#tasks.delete(id);
      task();
    }, timerMs(delayMs));
    this.#tasks.set(id, { timer, group, owner });
    return id;
  }

  /** Takes back one by its number, or all of a group; returns how many. */
  unschedule(idOrGroup: string): number {
    return this.#drop((id, { group }) => String(id) === idOrGroup || group === idOrGroup);
  }

  /** What was to happen to a leg that is gone; else it would be kept in memory until then. */
  forget(owner: object): void {
    this.#drop((_id, task) => task.owner === owner);
  }

  close(): void {
    this.#drop(() => true);
  }

  #drop(isMeant: (id: number, task: Task) => boolean): number {
    let count = 0;
    for (const [id, task] of this.#tasks) {
      if (!isMeant(id, task)) continue;
      clearTimeout(task.timer);
      this.#tasks.delete(id);
      count += 1;
    }
    return count;
  }
}
