import type { Pop } from '../contract/agents/pop.ts';
import type { Clock } from '../core/clock.ts';
import type { Db } from '../db/index.ts';
import { debtRows, noDebt, knownNumber, type Debt } from '../property/index.ts';
import { pathOf, verifiedPerson } from './pop-path.ts';
import { callForPop, contactsOf, openOrdersOf, peopleForPop, stepsOfCall } from './pop-queries.ts';

type Candidate = Pop['candidates'][number];
type Home = Candidate['homes'][number];
type Contact = Candidate['lastContacts'][number];
type Person = Awaited<ReturnType<ReturnType<typeof peopleForPop>['execute']>>[number];

const contactsShown = 5;

/**
 * Everything that an agent sees of a caller before the first word, in six short queries of which
 * three wait for others. Undefined when there is no such call. Numbers are whole: who may not see
 * them gets them masked where they leave the house.
 */
export async function buildPop(db: Db, clock: Clock, callId: string): Promise<Pop | undefined> {
  const call = await callForPop(db, callId).executeTakeFirst();
  if (call === undefined) return undefined;
  const now = clock.now();
  // What a stranger claims to be stands for nobody: an agent asks, and finds them by hand.
  const number = knownNumber(call);
  const [steps, people] = await Promise.all([
    stepsOfCall(db, callId, call.startedAt).execute(),
    peopleForPop(db, { number, personId: call.personId, now }).execute(),
  ]);
  const verified = verifiedPerson(steps);
  const personId = call.personId ?? (typeof verified === 'string' ? verified : null);
  const details = await detailsOf(db, people, { number, callId, now });
  const candidates = ranked(group(people, details), { personId, estateId: call.estateId });
  return {
    callId,
    direction: call.direction,
    did: call.did,
    estateId: call.estateId,
    estateName: localised(call),
    callerNumber: call.callerNumber,
    isNumberVerified: call.isNumberVerified,
    language: call.language,
    isEmergency: call.isEmergency,
    personId,
    roomId: call.roomId,
    isVerified: verified === true || (verified !== undefined && verified === personId),
    candidates,
    path: pathOf(steps),
  };
}

interface Details {
  debts: Map<string, Debt>;
  orders: Map<string, Home['openOrders']>;
  /** How many each home has, shown or not. */
  orderCounts: Map<string, number>;
  /** By person; under `''` the contacts of the number. */
  contacts: Map<string, Contact[]>;
}

async function detailsOf(
  db: Db,
  people: readonly Person[],
  { number, callId, now }: { number: string; callId: string; now: Date },
): Promise<Details> {
  const roomIds = [...new Set(people.flatMap(({ roomId }) => (roomId === null ? [] : [roomId])))];
  const personIds = [...new Set(people.map((one) => one.personId))];
  const details: Details = {
    debts: new Map(),
    orders: new Map(),
    orderCounts: new Map(),
    contacts: new Map(),
  };
  if (personIds.length === 0) return details;
  const [debts, orders, contacts] = await Promise.all([
    roomIds.length === 0 ? [] : debtRows(db, roomIds, now).execute(),
    roomIds.length === 0 ? [] : openOrdersOf(db, roomIds).execute(),
    contactsOf(db, { personIds, number, exceptCallId: callId }).execute(),
  ]);
  for (const { roomId, ...debt } of debts) details.debts.set(roomId, debt);
  for (const { roomId, createdAt, openCount, ...order } of orders) {
    details.orderCounts.set(roomId, openCount);
    push(details.orders, roomId, { ...order, createdAt: createdAt.toISOString() });
  }
  for (const { personId, id, startedAt, direction, outcome, agentName, note } of contacts) {
    push(details.contacts, personId ?? '', {
      callId: id,
      at: startedAt.toISOString(),
      direction,
      outcome,
      agentName,
      note: note ?? '',
    });
  }
  return details;
}

/** One candidate a person, from rows of person × home. */
function group(people: readonly Person[], details: Details): Candidate[] {
  const found = new Map<string, Candidate>();
  const ofNumber = details.contacts.get('') ?? [];
  for (const row of people) {
    const { personId, name, isVip, language, notes, flags } = row;
    const candidate = found.get(personId) ?? {
      personId,
      name,
      isVip,
      language,
      notes,
      flags,
      homes: [],
      lastContacts: newest([...(details.contacts.get(personId) ?? []), ...ofNumber]),
    };
    found.set(personId, candidate);
    const home = homeOf(row, details);
    if (home !== undefined) candidate.homes.push(home);
  }
  return [...found.values()];
}

function homeOf(row: Person, { debts, orders, orderCounts }: Details): Home | undefined {
  const { roomId, label, estateId, role } = row;
  const estateName = localised(row);
  if (roomId === null || label === null || estateId === null) return undefined;
  if (role === null || estateName === null) return undefined;
  const debt = debts.get(roomId) ?? noDebt;
  return {
    roomId,
    label,
    estateId,
    estateName,
    role,
    unpaidCount: debt.count,
    unpaidFen: debt.fen,
    openOrders: orders.get(roomId) ?? [],
    openOrderCount: orderCounts.get(roomId) ?? 0,
  };
}

/** Likeliest first: who was named, who lives where was dialled, VIPs, who has something open or called lately. */
function ranked(
  candidates: readonly Candidate[],
  { personId, estateId }: { personId: string | null; estateId: string | null },
): Candidate[] {
  const rank = (one: Candidate) => [
    Number(one.personId === personId),
    Number(one.homes.some((home) => home.estateId === estateId)),
    Number(one.homes.length > 0),
    Number(one.isVip),
    Number(one.homes.some(({ openOrders }) => openOrders.length > 0)),
    Date.parse(one.lastContacts[0]?.at ?? '') || 0,
  ];
  return candidates
    .map((one) => ({
      ...one,
      homes: one.homes.toSorted(
        (a, b) => Number(b.estateId === estateId) - Number(a.estateId === estateId),
      ),
    }))
    .map((one) => ({ one, rank: rank(one) }))
    .sort((a, b) => firstDifference(b.rank, a.rank) || (a.one.name < b.one.name ? -1 : 1))
    .map(({ one }) => one);
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const difference = value - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function newest(contacts: readonly Contact[]): Contact[] {
  return contacts.toSorted((a, b) => (a.at < b.at ? 1 : -1)).slice(0, contactsShown);
}

function localised({
  estateName,
  estateNameEn,
}: {
  estateName: string | null;
  estateNameEn: string | null;
}): Home['estateName'] | null {
  if (estateName === null || estateNameEn === null) return null;
  return { 'zh-CN': estateName, en: estateNameEn };
}

function push<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}
