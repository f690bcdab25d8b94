import type { OrderStepKind } from '../../contract/codes.ts';
import { minuteMs } from '../calendar.ts';
import type { Chance } from '../chance.ts';
import type { GraphStaff } from '../graph.ts';
import type { RowOf } from '../rows.ts';
import { staffActor, type RaisedOrder } from '../stage.ts';

export type OrderState = RowOf<'workOrder'>['state'];
export type OrderKind = RowOf<'workOrder'>['kind'];

/** One line of an order's history before it is a row. */
export interface Step {
  at: number;
  kind: OrderStepKind;
  to: OrderState;
  actor: string;
  note: string;
  changes: Record<string, { from: string; to: string }>;
}

/** Who moves orders. */
export interface Cast {
  agents: readonly GraphStaff[];
  supervisor: GraphStaff;
}

/** The next working hour of somebody who handles orders. */
export type ToWork = (at: number) => number;

const hour = 60 * minuteMs;
const day = 24 * hour;

type Plan = readonly (readonly [to: OrderState, fromHours: number, toHours: number])[];

/** How orders of a kind go when nothing goes wrong, with the hours before each step. */
const plans: Readonly<Record<OrderKind, Plan>> = {
  repair: [
    ['accepted', 0.1, 1.2],
    ['dispatched', 0.2, 3],
    ['in_progress', 0.5, 20],
    ['done', 0.5, 5],
    ['confirmed', 16, 60],
    ['closed', 1, 40],
  ],
  complaint: [
    ['accepted', 0.1, 2],
    ['in_progress', 1, 12],
    ['done', 6, 60],
    ['confirmed', 10, 50],
    ['closed', 1, 40],
  ],
  suggestion: [
    ['accepted', 1, 24],
    ['done', 24, 160],
    ['closed', 10, 72],
  ],
  consultation: [
    ['accepted', 0.2, 3],
    ['done', 2, 40],
    ['closed', 4, 48],
  ],
  booking: [
    ['accepted', 0.1, 2],
    ['done', 20, 110],
    ['closed', 2, 30],
  ],
  listing: [
    ['accepted', 0.5, 6],
    ['in_progress', 6, 48],
    ['done', 72, 300],
    ['closed', 10, 72],
  ],
  emergency: [
    ['dispatched', 0.03, 0.1],
    ['in_progress', 0.1, 0.4],
    ['done', 0.4, 3],
    ['closed', 10, 40],
  ],
  decoration: [
    ['accepted', 1, 20],
    ['in_progress', 10, 48],
    ['done', 24, 120],
    ['closed', 10, 72],
  ],
  message: [
    ['accepted', 0.2, 4],
    ['done', 0.2, 10],
    ['closed', 2, 30],
  ],
  other: [
    ['accepted', 0.3, 4],
    ['done', 3, 60],
    ['closed', 6, 60],
  ],
};

const crews = ['张师傅', '李师傅', '老周', '王工', '小陈', '电工班小吴', '水工班老郑', '陆工'];
const waits = ['等配件，预计后天到货。', '业主不在家，改约上门时间。', '需维保单位配合，已联系。'];
const reopened = ['业主来电反映问题又出现，重新安排。', '回访时业主表示未彻底解决，继续处理。'];
const cancelled = [
  '业主来电取消，已自行处理。',
  '与上一张工单重复，合并处理。',
  '误报，业主确认无需上门。',
];
const confirmedBy = [
  '电话回访，业主确认已修好。',
  '电话回访，业主表示满意。',
  '业主当面确认，无其他问题。',
  '微信回访，业主回复已解决。',
];
const confirmedComplaint = [
  '电话回访，业主认可处理结果。',
  '当面回访，业主表示理解。',
  '业主接受处理并致谢。',
];

/** What became of an order until `end`; steps of later days have not happened yet. */
export function lifeOf(
  chance: Chance,
  order: RaisedOrder,
  cast: Cast,
  toWork: ToWork,
  end: number,
): Step[] {
  const life = new Life(chance, order, cast, toWork);
  life.heard();
  if (order.matter.kind !== 'emergency' && chance.is(0.035)) life.cancel();
  else life.goOn(plans[order.matter.kind]);
  return life.steps.filter(({ at }) => at < end);
}

class Life {
  readonly steps: Step[];
  readonly #chance: Chance;
  readonly #order: RaisedOrder;
  readonly #cast: Cast;
  readonly #toWork: ToWork;
  readonly #handler: GraphStaff;
  #at: number;
  #state: OrderState = 'new';

  constructor(chance: Chance, order: RaisedOrder, cast: Cast, toWork: ToWork) {
    this.#chance = chance;
    this.#order = order;
    this.#cast = cast;
    this.#toWork = toWork;
    this.#handler = chance.is(0.6) ? cast.supervisor : chance.pick(cast.agents);
    this.#at = order.at;
    const { at, actor } = order;
    this.steps = [{ at, kind: 'transition', to: 'new', actor, note: '', changes: {} }];
  }

  /** Somebody listens to what was spoken, and writes it down. */
  heard(): void {
    const { heard, matter } = this.#order;
    if (heard === undefined) return;
    this.#after(matter.kind === 'emergency' ? 0.02 : 0.1, matter.kind === 'emergency' ? 0.05 : 0.8);
    const changes = { summary: { from: matter.summary, to: heard } };
    this.steps.push({ ...this.#step(staffActor(this.#handler), ''), kind: 'edit', changes });
  }

  cancel(): void {
    if (this.#chance.is(0.5)) {
      this.#after(0.2, 2);
      this.#move('accepted', this.#handler, '');
    }
    this.#after(0.5, 20);
    this.#move('cancelled', this.#handler, this.#chance.pick(cancelled));
  }

  goOn(plan: Plan): void {
    const chance = this.#chance;
    const isStuck = chance.is(0.06);
    for (const [to, from, until] of plan) {
      this.#after(from, until);
      if (to === 'done' && isStuck) this.#wait();
      if (to === 'confirmed' && chance.is(0.06)) this.#again();
      const isConfirming = to === 'confirmed';
      // What an owner would have to say themselves, a supervisor says for them, and how it is known.
      this.#move(to, isConfirming ? this.#cast.supervisor : this.#handler, this.#noteFor(to));
    }
  }

  #wait(): void {
    const note = this.#chance.pick(waits);
    this.steps.push({ ...this.#step(staffActor(this.#handler), note), kind: 'note' });
    this.#after(30, 170);
  }

  #again(): void {
    this.#move('in_progress', this.#handler, this.#chance.pick(reopened));
    this.#after(4, 30);
    this.#move('done', this.#handler, '返修完成，现场测试正常。');
    this.#after(10, 40);
  }

  #noteFor(to: OrderState): string {
    const chance = this.#chance;
    const { kind, fix } = this.#order.matter;
    switch (to) {
      case 'dispatched':
        return kind === 'emergency'
          ? '已通知工程值班与安保到场。'
          : `派${chance.pick(crews)}上门。`;
      case 'in_progress':
        return chance.is(0.25) ? '已与业主约好时间。' : '';
      case 'done':
        return fix;
      case 'confirmed':
        return chance.pick(kind === 'repair' ? confirmedBy : confirmedComplaint);
      default:
        return '';
    }
  }

  #after(fromHours: number, toHours: number): void {
    const passed = this.#at + this.#chance.between(fromHours, toHours) * hour;
    const isUrgent = this.#order.matter.kind === 'emergency' && passed - this.#order.at < day / 4;
    this.#at = Math.round(isUrgent ? passed : this.#toWork(passed));
  }

  #move(to: OrderState, by: GraphStaff, note: string): void {
    this.#state = to;
    this.steps.push({ ...this.#step(staffActor(by), note), kind: 'transition' });
  }

  #step(actor: string, note: string): Omit<Step, 'kind'> {
    return { at: this.#at, to: this.#state, actor, note, changes: {} };
  }
}
