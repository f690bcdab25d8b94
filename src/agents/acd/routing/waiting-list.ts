import { compareBy, waitingKey } from './priority.ts';
import type { RoutingQueue, WaitingCaller } from './routing.types.ts';

/** A caller in it. */
export interface WaitingEntry {
  readonly caller: WaitingCaller;
  readonly key: number;
}

/** The callers of a queue who have no offer, best first. Their order does not change with time. */
export class WaitingList<Entry extends WaitingEntry> {
  readonly entries: Entry[] = [];

  insert(entry: Entry): void {
    this.entries.splice(this.#find(entry), 0, entry);
  }

  remove(entry: Entry): void {
    const at = this.indexOf(entry);
    if (at >= 0) this.entries.splice(at, 1);
  }

  /** −1 when not in it. */
  indexOf(entry: Entry): number {
    const at = this.#find(entry);
    return this.entries[at]?.caller.callId === entry.caller.callId ? at : -1;
  }

  /** Where it stands or would stand. */
  #find(entry: Entry): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.entries[middle];
      if (other === undefined || other.caller.callId === entry.caller.callId) return middle;
      if (compareEntries(other, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function compareEntries(a: WaitingEntry, b: WaitingEntry): number {
  return compareBy(a.caller, a.key, b.caller, b.key);
}

export function keyIn(queue: RoutingQueue | undefined, caller: WaitingCaller): number {
  return waitingKey(caller, queue ?? { priority: 0, ageingPerMinute: 0 });
}
