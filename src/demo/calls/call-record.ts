import type { DemoIds } from '../demo-ids.ts';
import type { GraphStaff } from '../graph.ts';
import type { History, RowOf } from '../rows.ts';

type CallRow = RowOf<'call'>;
type LegRow = RowOf<'callLeg'>;

export interface NewRecord {
  direction: CallRow['direction'];
  at: number;
  did: string;
  number: string;
  estateId: string | null;
  personId: string | null;
  flow: { id: string; version: number } | undefined;
  switchNode: string;
  /** Known before, as that of an attempt is. */
  id?: string;
}

/** Writes down one call as `cti` would: its row, its legs and its timeline. Time goes forwards only. */
export class CallRecord {
  readonly row: CallRow;
  readonly #history: History;
  readonly #ids: DemoIds;
  readonly #leg: LegRow;
  readonly #events: { at: number; kind: string; data: Record<string, unknown> }[] = [];
  #now: number;
  #step = -1;

  constructor(history: History, ids: DemoIds, call: NewRecord) {
    const { direction, at, did, number, estateId, personId, flow, switchNode } = call;
    this.#history = history;
    this.#ids = ids;
    this.#now = at;
    this.row = {
      ...{
        id: call.id ?? ids.at(at),
        direction,
        state: 'ended',
        did,
        estateId,
        callerNumber: number,
      },
      ...{ isNumberVerified: true, language: 'zh-CN', personId, roomId: null, switchNode },
      ...{ flowId: flow?.id ?? null, flowVersion: flow?.version ?? null },
      ...{ startedAt: new Date(at), answeredAt: null, endedAt: null },
      ...{ hangupCause: null, outcome: null },
    };
    history.call.push(this.row);
    this.#leg = this.leg({ role: 'caller', direction, number, at });
  }

  get id(): string {
    return this.row.id;
  }

  get now(): number {
    return this.#now;
  }

  /** The flow's step, as keys of orders name it. */
  get step(): number {
    return this.#step;
  }

  wait(sec: number): this {
    this.#now += Math.max(1, Math.round(sec * 1000));
    return this;
  }

  /** No way back: an earlier time changes nothing. */
  until(at: number): this {
    this.#now = Math.max(this.#now, Math.round(at));
    return this;
  }

  answer(): this {
    this.row.answeredAt = new Date(this.#now);
    this.#leg.answeredAt = this.row.answeredAt;
    return this;
  }

  event(kind: string, data: Record<string, unknown>, at = this.#now): this {
    this.#events.push({ at, kind, data });
    return this;
  }

  /** Once nothing more happens to it: some of what follows a call comes long after it. */
  writeTimeline(): void {
    this.#events.sort((one, other) => one.at - other.at);
    for (const [index, { at, kind, data }] of this.#events.entries()) {
      const place = { callId: this.id, seq: index + 1, at: new Date(at) };
      this.#history.callEvent.push({ ...place, kind, data });
    }
  }

  /** The flow goes on to that node. */
  node(node: string, action: string): this {
    this.#step += 1;
    return this.event('flow.stepped', { node, step: this.#step, action });
  }

  key(node: string, key: string): this {
    return this.event('flow.keyPressed', { node, key });
  }

  leg(leg: Pick<LegRow, 'role' | 'direction' | 'number'> & { at: number }): LegRow {
    const { at, ...facts } = leg;
    const row: LegRow = {
      ...{ id: this.#ids.at(at), callId: this.id, ...facts, startedAt: new Date(at) },
      ...{ answeredAt: null, endedAt: null, hangupCause: null },
    };
    this.#history.callLeg.push(row);
    return row;
  }

  agentLeg({ username }: GraphStaff): LegRow {
    return this.leg({ role: 'agent', direction: 'outbound', number: username, at: this.#now });
  }

  endLeg(leg: LegRow, hangupCause = 'NORMAL_CLEARING'): this {
    leg.endedAt = new Date(this.#now);
    leg.hangupCause = hangupCause;
    return this;
  }

  /** What came of it; an order counts for more than what is told later. */
  outcome(outcome: string): this {
    if (this.row.outcome !== 'order_made') this.row.outcome = outcome;
    return this;
  }

  end(hangupCause = 'NORMAL_CLEARING'): this {
    this.endLeg(this.#leg, hangupCause);
    this.row.endedAt = new Date(this.#now);
    this.row.hangupCause = hangupCause;
    return this;
  }
}
