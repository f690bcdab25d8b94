import { isUuid } from '../../core/ids.ts';
import type { FlowState, Json, LookUp, Outcome } from '../../content/index.ts';
import type { Faxes } from '../../faxes/index.ts';
import { homesOf, knownNumber, openingState, unpaidBills } from '../../property/index.ts';
import { openOrders } from '../../workorders/index.ts';
import {
  canFax,
  canText,
  faxArticle,
  findArticles,
  nextArticle,
  textArticle,
} from '../articles.ts';
import { spokenDebt } from '../debts.ts';
import { tellApart } from '../homes.ts';
import type { CallFacts, Records } from '../records.ts';

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
