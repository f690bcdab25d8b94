import type { OccupancyRole } from '../db/schema.ts';

/** What the history is made of: the estates, people and accounts of the demo, in an order that is always the same. */
export interface Graph {
  estates: readonly GraphEstate[];
  homes: readonly GraphHome[];
  agents: readonly GraphStaff[];
  supervisor: GraphStaff;
  admin: GraphStaff;
  queues: Readonly<Record<'general' | 'emergency', GraphQueue>>;
  /** Undefined where nobody outside can be called: then there are neither campaigns nor callbacks. */
  trunk: { id: string; callerIds: Readonly<Record<string, string>>; callerId: string } | undefined;
  /** Numbers of work orders that are given out already, by day (`261122`). */
  lastNumbers: Readonly<Record<string, number>>;
  /** Live version by flow. */
  flowVersions: Readonly<Record<string, number>>;
  switchNode: string;
}

export interface GraphEstate {
  id: string;
  code: string;
  name: string;
  nameEn: string;
  timeZone: string;
  did: string;
  flowId: string;
}

export interface GraphStaff {
  id: string;
  username: string;
  displayName: string;
}

export interface GraphQueue {
  id: string;
  serviceLevelSec: number;
  offerSec: number;
  wrapUpSec: number;
}

export interface GraphHome {
  roomId: string;
  estateId: string;
  /** `3栋2单元1201`. */
  label: string;
  building: string;
  areaCm2: number;
  /** Owes anything now. */
  owes: boolean;
  people: readonly GraphPerson[];
}

export interface GraphPerson {
  personId: string;
  name: string;
  number: string;
  role: OccupancyRole;
  hasPin: boolean;
}
