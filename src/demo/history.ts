import { arrivalsOf, historyOf, type Day } from './calendar.ts';
import { Callers } from './calls/callers.ts';
import { writeCampaigns } from './campaigns/campaigns.ts';
import { Chance } from './chance.ts';
import { DemoIds } from './demo-ids.ts';
import type { Graph } from './graph.ts';
import { callIn } from './calls/inbound.ts';
import { writeOrders } from './orders/orders.ts';
import { Rota } from './calls/rota.ts';
import { emptyHistory, type History } from './rows.ts';
import type { RaisedOrder, Stage } from './stage.ts';
import { Tasks } from './tasks.ts';

export interface HistoryOptions {
  /** The same seed, day and graph make the same rows. */
  seed: string;
  /** The last local day, `2026-11-29`. */
  lastDay: string;
}

/**
 * Six weeks of a contact centre: calls that came in, waits, talks, ratings, orders, and campaigns that have ended. Pure.
 * Everything is over when the last day ends, but for orders that are still worked on.
 */
export function makeHistory(graph: Graph, { seed, lastDay }: HistoryOptions): History {
  const timeZone = graph.estates[0]?.timeZone ?? 'Asia/Shanghai';
  const chance = new Chance(`${seed} ${lastDay}`);
  const days = historyOf(lastDay, timeZone);
  const end = days.at(-1)?.endMs ?? 0;
  const rotas = new Map(days.map((day) => [day, new Rota(day, graph.agents)]));
  const dayOf = (at: number): Day | undefined =>
    days.find(({ startMs, endMs }) => at >= startMs && at < endMs);
  const tasks = new Tasks(end);
  const orders: RaisedOrder[] = [];
  const stage: Stage = {
    ...{ history: emptyHistory(), chance, ids: new DemoIds(chance), graph, days, orders, dayOf },
    records: [],
    callers: new Callers(chance, graph),
    rotaOf: (at) => {
      const day = dayOf(at);
      return day && rotas.get(day);
    },
    later: (at, task) => tasks.add(at, task),
  };
  for (const day of days) {
    for (const { at, incident } of arrivalsOf(chance, day)) {
      tasks.add(at, () => callIn(stage, at, stage.callers.next(), incident));
    }
  }
  tasks.run();
  writeCampaigns(stage);
  writeOrders(stage);
  for (const record of stage.records) record.writeTimeline();
  return stage.history;
}
