import { compareBy, lineKey } from './priority.ts';
import type { RoutingQueue, WaitingCaller } from './routing.types.ts';

/** One place in a line. */
export interface LinePlace {
  readonly caller: WaitingCaller;
  readonly key: number;
}

/** The callers of a queue who have no offer, best first. Their order does not change with time. */
export class Line<Place extends LinePlace> {
  readonly places: Place[] = [];

  insert(place: Place): void {
    this.places.splice(this.#find(place), 0, place);
  }

  remove(place: Place): void {
    const at = this.indexOf(place);
    if (at >= 0) this.places.splice(at, 1);
  }

  /** −1 when not in the line. */
  indexOf(place: Place): number {
    const at = this.#find(place);
    return this.places[at]?.caller.callId === place.caller.callId ? at : -1;
  }

  /** Where it stands or would stand. */
  #find(place: Place): number {
    let low = 0;
    let high = this.places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.places[middle];
      if (other === undefined || other.caller.callId === place.caller.callId) return middle;
      if (compareInLine(other, place) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function compareInLine(a: LinePlace, b: LinePlace): number {
  return compareBy(a.caller, a.key, b.caller, b.key);
}

export function keyIn(queue: RoutingQueue | undefined, caller: WaitingCaller): number {
  return lineKey(caller, queue ?? { priority: 0, ageingPerMinute: 0 });
}
