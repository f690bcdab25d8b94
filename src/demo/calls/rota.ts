import { minuteMs, type Day } from '../calendar.ts';
import type { GraphStaff } from '../graph.ts';

interface Worker {
  staff: GraphStaff;
  from: number;
  to: number;
  breaks: { from: number; to: number }[];
  /** Nothing rings there before. */
  freeAt: number;
}

type Shift = readonly [
  from: number,
  to: number,
  ...pauses: (readonly [from: number, to: number])[],
];

const at = (hour: number, minute = 0): number => hour * 60 + minute;

const workday: readonly Shift[] = [
  [at(8), at(16), [at(9, 50), at(10)], [at(11), at(11, 30)], [at(14), at(14, 10)]],
  [at(8), at(16), [at(10, 10), at(10, 20)], [at(11, 30), at(12)], [at(14, 20), at(14, 30)]],
  [at(12), at(20), [at(14, 40), at(14, 50)], [at(16, 30), at(17)], [at(18, 40), at(18, 50)]],
  [at(12), at(20), [at(15), at(15, 10)], [at(17), at(17, 30)], [at(19, 10), at(19, 20)]],
];
const restday: readonly Shift[] = [
  [at(9), at(17), [at(10, 30), at(10, 40)], [at(11, 30), at(12)], [at(15), at(15, 10)]],
  [at(9), at(17), [at(10, 50), at(11)], [at(12), at(12, 30)], [at(15, 20), at(15, 30)]],
];

/** Nobody is on a break for less than this after a call that they did not take. */
const missedMs = 4 * minuteMs;

/** Who is at work on one day, and when each of them is free. Two of them never take one call, nor one of them two. */
export class Rota {
  readonly #workers: Worker[];

  constructor(day: Day, agents: readonly GraphStaff[]) {
    const shifts = day.isWorkday ? workday : restday;
    const first = (day.index * 4) % Math.max(1, agents.length);
    const inTurn = [...agents.slice(first), ...agents.slice(0, first)];
    this.#workers = shifts.flatMap(([from, to, ...pauses], place) => {
      const staff = inTurn[place];
      const instant = (minute: number) => day.startMs + minute * minuteMs;
      if (staff === undefined) return [];
      const breaks = pauses.map(([begin, end]) => ({ from: instant(begin), to: instant(end) }));
      return [
        { staff, from: instant(from), to: instant(to), breaks, freeAt: instant(from) - minuteMs },
      ];
    });
  }

  /** Somebody sits at a telephone, busy or on a break or not. */
  isStaffed(time: number): boolean {
    return this.#workers.some(({ from, to }) => time >= from && time < to);
  }

  /** When the last of them goes home. */
  get closesAt(): number {
    return Math.max(...this.#workers.map(({ to }) => to), 0);
  }

  /** Who is free first from then on; of several, who has been idle for longest. */
  next(time: number): { staff: GraphStaff; at: number } | undefined {
    let found: { worker: Worker; at: number } | undefined;
    for (const worker of this.#workers) {
      const free = freeFrom(worker, time);
      if (free === undefined) continue;
      const isSooner =
        found === undefined ||
        free < found.at ||
        (free === found.at && worker.freeAt < found.worker.freeAt);
      if (isSooner) found = { worker, at: free };
    }
    return found && { staff: found.worker.staff, at: found.at };
  }

  /** Everybody who is free at that very time. */
  freeAt(time: number): GraphStaff[] {
    return this.#workers.filter((one) => freeFrom(one, time) === time).map(({ staff }) => staff);
  }

  /** Busy until then. */
  occupy({ id }: GraphStaff, until: number): void {
    const worker = this.#workers.find(({ staff }) => staff.id === id);
    if (worker !== undefined) worker.freeAt = Math.max(worker.freeAt, until);
  }

  /** A call that they did not take puts them on a break. */
  miss(staff: GraphStaff, time: number): void {
    this.occupy(staff, time + missedMs);
  }
}

function freeFrom({ from, to, breaks, freeAt }: Worker, time: number): number | undefined {
  let free = Math.max(time, from, freeAt);
  for (const pause of breaks) if (free >= pause.from && free < pause.to) free = pause.to;
  return free < to ? free : undefined;
}
