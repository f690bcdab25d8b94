import { DateTime } from 'luxon';
import { minuteMs } from '../calendar.ts';
import { lifeOf, type Step, type ToWork } from './order-life.ts';
import type { RaisedOrder, Stage } from '../stage.ts';
import { pickMatter, worded } from './matters.ts';
import { staffActor } from '../stage.ts';

/** People who come to the counter and do not call. */
const counterADay = 2.4;

/** Writes down all orders with their numbers and histories, in the order in which they were raised. */
export function writeOrders(stage: Stage): void {
  const { history, orders, graph, ids, chance, days, dayOf } = stage;
  atTheCounter(stage);
  const end = days.at(-1)?.endMs ?? 0;
  const last = new Map(Object.entries(graph.lastNumbers));
  const toWork: ToWork = (at) => toWorkingHour(chance, at, dayOf);
  const cast = { agents: graph.agents, supervisor: graph.supervisor };
  const zones = new Map(graph.estates.map(({ id, timeZone }) => [id, timeZone]));
  for (const order of [...orders].sort((one, other) => one.at - other.at)) {
    const { at, matter, estateId } = order;
    const zone = zones.get(estateId) ?? 'Asia/Shanghai';
    const day = DateTime.fromMillis(at, { zone }).toFormat('yyMMdd');
    const serial = (last.get(day) ?? 0) + 1;
    last.set(day, serial);
    const id = ids.at(at);
    order.onNumbered?.(id);
    const steps = lifeOf(chance, order, cast, toWork, end);
    const edited = steps.find(({ kind }) => kind === 'edit')?.changes['summary']?.to;
    history.workOrder.push({
      ...{ id, number: `${day}-${String(serial).padStart(4, '0')}`, kind: matter.kind },
      ...{ category: matter.category, state: steps.at(-1)?.to ?? 'new' },
      severity: matter.isSerious === true ? 'serious' : 'minor',
      ...{ source: order.source, estateId, roomId: order.roomId, personId: order.personId },
      ...{ callId: order.callId, contactNumber: order.contactNumber, language: 'zh-CN' },
      ...{ summary: edited ?? matter.summary, idempotencyKey: order.key },
      ...{ createdAt: new Date(at), updatedAt: new Date(steps.at(-1)?.at ?? at) },
    });
    writeSteps(stage, id, steps);
  }
}

function writeSteps({ history, ids }: Stage, workOrderId: string, steps: readonly Step[]): void {
  for (const [index, { at, kind, to, actor, note, changes }] of steps.entries()) {
    const fromState = steps[index - 1]?.to ?? null;
    history.workOrderEvent.push({
      ...{ id: ids.at(at), workOrderId, kind, fromState, toState: to, actor, note, changes },
      at: new Date(at),
    });
  }
}

function atTheCounter({ chance, days, graph, orders }: Stage): void {
  for (const day of days) {
    const count = chance.poisson(day.isWorkday ? counterADay : counterADay / 2);
    for (let visit = 0; visit < count; visit += 1) {
      const home = chance.pick(graph.homes);
      const person = home.people[0];
      const groups = { others: 5, repairs: 3, suggestions: 1 } as const;
      const matter = pickMatter(chance, day.month, chance.weighted(groups));
      orders.push({
        at: Math.floor(day.startMs + chance.between(9 * 60, 17 * 60) * minuteMs),
        matter: worded(chance, matter, home),
        ...{ heard: undefined, source: 'agent', actor: staffActor(chance.pick(graph.agents)) },
        ...{ estateId: home.estateId, roomId: home.roomId, personId: person?.personId ?? null },
        ...{ callId: null, contactNumber: person?.number ?? '', key: null },
      } satisfies RaisedOrder);
    }
  }
}

const opensMinute = 8 * 60 + 10;
const closesMinute = 20 * 60;

/** The same time, or the next morning when nobody is at work then. */
function toWorkingHour(chance: Stage['chance'], at: number, dayOf: Stage['dayOf']): number {
  const day = dayOf(at);
  // Behind the history: cut off anyway.
  if (day === undefined) return at;
  const minute = (at - day.startMs) / minuteMs;
  const soon = chance.between(0, 70) * minuteMs;
  if (minute < opensMinute) return day.startMs + opensMinute * minuteMs + soon;
  if (minute >= closesMinute) return day.endMs + opensMinute * minuteMs + soon;
  return at;
}
