import type { Clock } from '../core/clock.ts';
import { isUuid, newId } from '../core/ids.ts';
import type { Pool } from '../db/index.ts';
import type { NewWorkOrder } from '../db/schema.ts';
import {
  homesOf,
  normaliseNumber,
  openingState,
  unpaidBills,
  type HotlineWithEstate,
} from '../property/index.ts';
import type { Faxes } from '../faxes/index.ts';
import type { ArticleTexts } from '../messaging/index.ts';
import type { Recordings } from '../recording/index.ts';
import { openOrders, raiseOrder } from '../workorders/index.ts';
import { canFax, canText, faxArticle, findArticles, nextArticle, textArticle } from './articles.ts';
import { knownNumber } from './known-number.ts';
import type { FlowState, Json, LookUp, OrderAction, Outcome } from '../content/index.ts';
import { spokenDebt } from './debts.ts';
import { tellApart } from './homes.ts';

export interface Records {
  db: Pool;
  clock: Clock;
  recordings: Recordings;
  /** Undefined while there is no way to send any. */
  faxes?: Faxes | undefined;
  texts?: ArticleTexts;
}

/** What is known of a call when records are asked or written. */
export interface CallFacts {
  id: string;
  callerNumber: string;
  /** Else the number is what a stranger claims, and stands for nobody; see `Call`. */
  isNumberVerified: boolean;
  hotline: HotlineWithEstate;
  /** Of a call that we made: whose agents it is for. */
  dialled?: { queue: string | undefined; staffId: string | undefined };
}

/** Answers the look-ups of a flow. */
export async function lookUp(
  records: Records,
  call: CallFacts,
  state: FlowState,
  what: LookUp,
): Promise<Outcome> {
  const { hotline } = call;
  const { db, clock, faxes } = records;
  switch (what) {
    case 'hours': {
      const result = openingState(hotline.hours, clock.now(), hotline.timeZone);
      return { kind: 'result', result };
    }
    case 'homes': {
      const number = knownNumber(call);
      const found = number === '' ? [] : await homesOf(db, number, hotline.estateId, clock.now());
      const homes = tellApart(found.slice(0, 9));
      const result = homes.length === 0 ? 'none' : homes.length === 1 ? 'one' : 'many';
      const [only] = homes;
      const home = homes.length === 1 && only !== undefined ? { ...only } : null;
      return { kind: 'result', result, vars: { homes: homes.map((one) => ({ ...one })), home } };
    }
    case 'bills': {
      const vars = await spokenDebt(db, roomOf(state), clock.now());
      return { kind: 'result', result: vars.count === 0 ? 'none' : 'some', vars: { ...vars } };
    }
    case 'canFax':
      return canFax(records, call);
    case 'faxBills':
      return { kind: 'result', result: await faxBills(records, faxes, call, state) };
    case 'articles':
      return findArticles(records, call, state);
    case 'nextArticle':
      return nextArticle(state.vars);
    case 'faxArticle':
      return faxArticle(records, call, state);
    case 'canText':
      return canText(records, call);
    case 'textArticle':
      return textArticle(records, call, state);
    case 'orders': {
      const orders = await openOrders(db, roomOf(state));
      const list: Json = orders.map(({ number, kind, state: at }) => ({
        number,
        kind,
        state: at,
      }));
      return {
        kind: 'result',
        result: orders.length === 0 ? 'none' : 'some',
        vars: { orders: list },
      };
    }
  }
}

/** A fax of what is owed now, to the number that the caller has keyed in; once, however often this runs. */
async function faxBills(
  { db, clock }: Records,
  faxes: Faxes | undefined,
  call: CallFacts,
  state: FlowState,
): Promise<'ok' | 'no'> {
  const number = state.vars['faxNumber'];
  const now = clock.now();
  const bills = await unpaidBills(db, roomOf(state), now);
  if (faxes === undefined || typeof number !== 'string' || bills.length === 0) return 'no';
  await faxes.request({
    billIds: bills.map(({ id }) => id),
    number,
    language: state.language,
    staffId: null,
    callId: call.id,
    key: `${call.id}:${state.step}`,
    siteIds: null,
  });
  return 'ok';
}

function roomOf(state: FlowState): string {
  const home = state.vars['home'];
  const roomId =
    typeof home === 'object' && home !== null && !Array.isArray(home) ? home['roomId'] : undefined;
  if (typeof roomId !== 'string' || !isUuid(roomId)) {
    throw new Error('the flow looks up records before it knows the home');
  }
  return roomId;
}

/** Makes the order of a flow once, however often this runs, and ties the recording to it. */
export async function makeOrder(
  { db, clock, recordings }: Records,
  call: CallFacts,
  state: FlowState,
  action: OrderAction,
): Promise<Outcome> {
  const order = await raiseOrder(db, clock, {
    kind: action.kind as NewWorkOrder['kind'],
    category: action.category,
    severity: action.severity,
    source: 'ivr',
    estateId: call.hotline.estateId,
    contactNumber: normaliseNumber(call.callerNumber),
    language: state.language,
    summary: action.summary,
    roomId: action.roomId,
    personId: action.personId,
    callId: call.id,
    idempotencyKey: `${call.id}:${state.step}`,
    actor: 'ivr',
    timeZone: call.hotline.timeZone,
  });
  if (action.recordingId !== undefined) await recordings.attach(action.recordingId, order.id);
  return {
    kind: 'result',
    result: 'ok',
    vars: { orderNumber: order.number, orderId: order.id, recordingId: '' },
  };
}

/** A caller's mark for the talk that they have just had; a repeated step changes it, and adds none. */
export async function keepMark(
  { db, clock }: Pick<Records, 'db' | 'clock'>,
  callId: string,
  { survey, score }: { survey: string; score: number },
): Promise<void> {
  const call = await db
    .selectFrom('call')
    .select('personId')
    .where('id', '=', callId)
    .executeTakeFirst();
  const talk = await db
    .selectFrom('engagement')
    .select(['staffId', 'queueId'])
    .where('callId', '=', callId)
    .orderBy('talkSince', 'desc')
    .limit(1)
    .executeTakeFirst();
  await db
    .insertInto('surveyAnswer')
    .values({
      ...{ id: newId(), survey, question: survey, score, callId, at: clock.now() },
      ...{ campaignId: null, contactId: null, workOrderId: null },
      personId: call?.personId ?? null,
      staffId: talk?.staffId ?? null,
      queueId: talk?.queueId ?? null,
    })
    .onConflict((conflict) => conflict.columns(['callId', 'question']).doUpdateSet({ score }))
    .execute();
}
