import { api, Problem, type Page } from './client.ts';
import type { Person, WorkOrder } from './types.ts';

/** Something that a search found: where to go, or whom to tie a call to. */
export interface Hit {
  key: string;
  kind: 'person' | 'room' | 'order';
  id: string;
  title: string;
  note: string;
  number: string;
  isVip: boolean;
}

const orderNumber = /^\d{6}-?\d{4,}$/;

export async function findAnything(q: string): Promise<Hit[]> {
  const [people, order] = await Promise.all([
    api.get<Page<Person>>('/owners', { q, limit: 12 }),
    orderNumber.test(q) ? findOrder(q) : Promise.resolve(undefined),
  ]);
  return [
    ...(order === undefined ? [] : [orderHit(order)]),
    ...people.items.map<Hit>((person) => ({
      key: `person:${person.id}`,
      kind: 'person',
      id: person.id,
      title: person.name,
      note: person.notes,
      number: person.numbers[0] ?? '',
      isVip: person.isVip,
    })),
  ];
}

function findOrder(q: string): Promise<WorkOrder | undefined> {
  const number = q.includes('-') ? q : `${q.slice(0, 6)}-${q.slice(6)}`;
  return api.get<WorkOrder>(`/work-orders/${number}`).catch((error: unknown) => {
    if (error instanceof Problem && error.status < 500) return undefined;
    throw error;
  });
}

function orderHit(order: WorkOrder): Hit {
  return {
    key: `order:${order.number}`,
    kind: 'order',
    id: order.number,
    title: order.number,
    note: order.summary,
    number: '',
    isVip: false,
  };
}
