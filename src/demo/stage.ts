import type { Day } from './calendar.ts';
import type { CallRecord } from './calls/call-record.ts';
import type { Callers } from './calls/callers.ts';
import type { Chance } from './chance.ts';
import type { DemoIds } from './demo-ids.ts';
import type { Graph, GraphStaff } from './graph.ts';
import type { Matter } from './orders/matter.types.ts';
import type { Rota } from './calls/rota.ts';
import type { History } from './rows.ts';

/** An order as it is raised; numbers and what became of it are written when all of them are known. */
export interface RaisedOrder {
  at: number;
  matter: Pick<Matter, 'kind' | 'category' | 'summary' | 'fix' | 'isSerious'>;
  /** What staff made of the summary when they had heard what was spoken. */
  heard: string | undefined;
  source: 'ivr' | 'agent';
  actor: string;
  estateId: string;
  roomId: string | null;
  personId: string | null;
  callId: string | null;
  contactNumber: string;
  key: string | null;
  /** Told of the order's id, for rows that refer to it. */
  onNumbered?: (workOrderId: string) => void;
}

/** What the parts of the history share while it is made. */
export interface Stage {
  history: History;
  chance: Chance;
  ids: DemoIds;
  graph: Graph;
  days: readonly Day[];
  callers: Callers;
  orders: RaisedOrder[];
  records: CallRecord[];
  /** Undefined before the history and after it. */
  dayOf: (at: number) => Day | undefined;
  rotaOf: (at: number) => Rota | undefined;
  /** Does something when its time comes; what is later than the history is never done. */
  later: (at: number, task: (at: number) => void) => void;
}

export function staffActor({ id }: GraphStaff): string {
  return `staff:${id}`;
}
